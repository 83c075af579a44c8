#include "container/pod_filter.h"

#include <algorithm>

#include "base/text.h"
#include "container/filter.h"

namespace sbx::container {

using Condition = Criteria<ListedPod>::Condition;

static Condition any_container(std::function<bool(const Listed&)> holds) {
    return [holds = std::move(holds)](const ListedPod& pod) {
        return std::ranges::any_of(pod.containers, holds);
    };
}

static Result<Condition> status_condition(const std::string& text) {
    static constexpr std::string_view kStates[] = {"created", "running", "degraded",
                                                   "paused",  "exited",  "stopped"};
    const std::string wanted = lower(text);
    if (std::ranges::find(kStates, wanted) == std::end(kStates))
        return Error(Error::Kind::usage, "--filter status={}: {} belongs there", excerpt(text),
                     join(std::vector<std::string>(std::begin(kStates), std::end(kStates)), ", "));
    return Condition([wanted](const ListedPod& pod) { return lower(state_of(pod)) == wanted; });
}

static Result<Condition> container_condition(std::string_view key, const std::string& text) {
    if (key == "ctr-names") {
        TRY(check_name_pattern(text));
        return any_container(
            [text](const Listed& one) { return fits_name(text, one.record.name); });
    }
    if (key == "ctr-ids")
        return any_container([text](const Listed& one) { return one.record.id.starts_with(text); });
    if (key == "ctr-status")
        return any_container([text](const Listed& one) { return name_of(one.status) == text; });
    const std::int64_t number = TRY(parse_number(text, 0, INT32_MAX), "--filter ctr-number");
    return Condition(
        [number](const ListedPod& pod) { return std::cmp_equal(pod.containers.size(), number); });
}

static Result<Condition> condition_for(std::string_view key, std::string_view value) {
    const std::string text(value);
    if (key == "name") {
        TRY(check_name_pattern(text));
        return Condition([text](const ListedPod& pod) { return fits_name(text, pod.pod.name); });
    }
    if (key == "id")
        return Condition([text](const ListedPod& pod) { return pod.pod.id.starts_with(text); });
    if (key == "label" || key == "label!")
        return Condition([text, wanted = key == "label"](const ListedPod& pod) {
            return has_label(pod.pod.labels, text) == wanted;
        });
    if (key == "until") {
        const Instant limit = TRY(parse_filter_time(key, value, now()));
        return Condition([limit](const ListedPod& pod) { return pod.pod.created < limit; });
    }
    if (key == "status") return status_condition(text);
    if (key == "ctr-names" || key == "ctr-ids" || key == "ctr-status" || key == "ctr-number")
        return container_condition(key, text);
    return unknown_filter(key, value)
        .hint(
            "keys are name, id, status, label, label!, until, ctr-names, ctr-ids, ctr-status and "
            "ctr-number");
}

Result<PodFilter> PodFilter::parse(const std::vector<std::string>& texts) {
    PodFilter filter;
    for (const std::string& text : texts) {
        const auto [key, value] = TRY(parse_filter_pair(text));
        filter.criteria_.add(key, TRY(condition_for(key, value)));
    }
    return filter;
}

}  // namespace sbx::container
