#include "container/filter.h"

#include <algorithm>

#include "base/text.h"
#include "image/filter.h"
#include "oci/reference.h"

namespace sbx::container {

static bool is_label(std::string_view key) { return key == "label" || key == "label!"; }

// Silence about a pattern that means more elsewhere would be taken for "there is none".
Result<> check_name_pattern(std::string_view pattern) {
    if (pattern.find_first_of("*+?()[]{}|\\") == pattern.npos) return {};
    return Error(Error::Kind::usage,
                 "--filter name={}: a part of a name belongs there, with '^' and '$' for its ends",
                 excerpt(pattern));
}

// A part of it; '^' and '$' stand for its beginning and its end, as in podman's patterns. docker's
// names begin with a slash.
bool fits_name(std::string_view pattern, std::string_view name) {
    const bool from_start = pattern.starts_with('^');
    if (from_start) pattern.remove_prefix(1);
    if (from_start && pattern.starts_with('/')) pattern.remove_prefix(1);
    const bool to_end = pattern.ends_with('$');
    if (to_end) pattern.remove_suffix(1);
    if (from_start && to_end) return name == pattern;
    if (from_start) return name.starts_with(pattern);
    return to_end ? name.ends_with(pattern) : name.contains(pattern);
}

// By the beginning of its id, or by a name; one without a tag stands for all tags.
static bool is_of_image(const store::ContainerRecord& record, const std::string& image) {
    constexpr std::string_view kAlgorithm = "sha256:";
    const std::string_view id = record.image_id;
    const std::string_view hex = id.starts_with(kAlgorithm) ? id.substr(kAlgorithm.size()) : id;
    if (id.starts_with(image) || hex.starts_with(image)) return true;
    const Result<oci::Reference> asked = oci::Reference::parse(image);
    const Result<oci::Reference> own = oci::Reference::parse(record.image_name);
    if (!asked || !own || asked->repository() != own->repository()) return false;
    const bool all_tags = image.find_first_of(":@", image.rfind('/') + 1) == image.npos;
    return all_tags || *asked == *own;
}

static Result<> check_state(std::string_view word) {
    for (const char* known : {"created", "running", "paused", "restarting", "exited"})
        if (word == known) return {};
    return Error(Error::Kind::usage,
                 "--filter status={}: created, running, paused, restarting or exited belongs "
                 "there",
                 excerpt(word));
}

static bool has_label(const store::ContainerRecord& record, std::string_view label) {
    const auto pair = halves(label, '=');
    const auto found = record.labels.find(std::string(pair ? pair->before : label));
    return found != record.labels.end() && (!pair || found->second == pair->after);
}

Result<Filter::Condition> Filter::condition_for(std::string_view key, std::string_view value) {
    const std::string text(value);
    if (key == "name") {
        TRY(check_name_pattern(text));
        return Condition([text](const Listed& one) { return fits_name(text, one.record.name); });
    }
    if (key == "id")
        return Condition([text](const Listed& one) { return one.record.id.starts_with(text); });
    if (key == "ancestor")
        return Condition([text](const Listed& one) { return is_of_image(one.record, text); });
    if (is_label(key))
        return Condition([text, wanted = key == "label"](const Listed& one) {
            return has_label(one.record, text) == wanted;
        });
    if (key == "status") {
        TRY(check_state(value));
        return Condition([text](const Listed& one) { return name_of(one.status) == text; });
    }
    if (key == "health") {
        if (value != "none") (void)TRY(parse_health_status(value), "--filter health");
        return Condition([text](const Listed& one) {
            return (one.status.health ? name_of(one.status.health->status) : "none") == text;
        });
    }
    if (key == "until") {
        const Instant limit = TRY(image::parse_filter_time("until", value, now()));
        return Condition([limit](const Listed& one) { return one.record.created < limit; });
    }
    if (key == "exited") {
        const std::int64_t code = TRY(parse_number(value, 0, 255), "--filter exited");
        return Condition([code](const Listed& one) {
            return one.status.state == State::exited && one.status.exit_code == code;
        });
    }
    return Error(Error::Kind::usage, "--filter {}={}: unknown key", excerpt(key), excerpt(value))
        .hint("keys are name, id, status, exited, health, label, label!, ancestor and until");
}

Result<> Filter::add(std::string_view text) {
    const auto pair = halves(text, '=');
    if (!pair || pair->before.empty() || pair->after.empty())
        return Error(Error::Kind::usage, "--filter {}: KEY=VALUE belongs there", excerpt(text));
    const std::string_view key = pair->before;
    Condition condition = TRY(condition_for(key, pair->after));
    auto group = std::ranges::find(groups_, key, &Group::key);
    if (group == groups_.end() || is_label(key)) {
        groups_.push_back({.key = std::string(key)});
        group = groups_.end() - 1;
    }
    group->any.push_back(std::move(condition));
    return {};
}

Result<Filter> Filter::parse(const std::vector<std::string>& texts) {
    Filter filter;
    for (const std::string& text : texts)
        TRY(filter.add(text));
    return filter;
}

bool Filter::admits(const Listed& container) const {
    return std::ranges::all_of(groups_, [&](const Group& group) {
        return std::ranges::any_of(
            group.any, [&](const Condition& condition) { return condition(container); });
    });
}

bool Filter::asks_for_state() const {
    return std::ranges::any_of(
        groups_, [](const Group& group) { return group.key == "status" || group.key == "exited"; });
}

}  // namespace sbx::container
