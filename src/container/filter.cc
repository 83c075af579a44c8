#include "container/filter.h"

#include <algorithm>

#include "base/text.h"
#include "oci/reference.h"

namespace sbx::container {

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

// By its name, or by where it is mounted.
static bool has_volume(const store::ContainerRecord& record, const std::string& text) {
    return std::ranges::find(record.volumes, text) != record.volumes.end() ||
           std::ranges::find(record.mount_points, text) != record.mount_points.end();
}

static Result<> check_state(std::string_view word) {
    for (const char* known :
         {"created", "initialized", "running", "paused", "restarting", "exited"})
        if (word == known) return {};
    return Error(
        Error::Kind::usage,
        "--filter status={}: created, initialized, running, paused, restarting or exited belongs "
        "there",
        excerpt(word));
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
    if (key == "volume")
        return Condition([text](const Listed& one) { return has_volume(one.record, text); });
    if (key == "label" || key == "label!")
        return Condition([text, wanted = key == "label"](const Listed& one) {
            return has_label(one.record.labels, text) == wanted;
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
        const Instant limit = TRY(parse_filter_time("until", value, now()));
        return Condition([limit](const Listed& one) { return one.record.created < limit; });
    }
    if (key == "exited") {
        const std::int64_t code = TRY(parse_number(value, 0, 255), "--filter exited");
        return Condition([code](const Listed& one) {
            return one.status.state == State::exited && one.status.exit_code == code;
        });
    }
    return unknown_filter(key, value)
        .hint(
            "keys are name, id, status, exited, health, label, label!, ancestor, volume, network, "
            "pod, publish, expose, since, before and until");
}

Result<Filter::Condition> Filter::condition_by(const FilterFacts& facts, std::string_view key,
                                               std::string_view value) {
    const std::string text(value);
    if (facts.network_of && key == "network")
        return Condition([text, network_of = facts.network_of](const Listed& one) {
            const std::vector<std::string>& shared = one.record.networks;
            return std::ranges::find(shared, text) != shared.end() ||
                   network_of(one.record) == text;
        });
    if (facts.pod_id && key == "pod") {
        const std::string pod = TRY(facts.pod_id(text), "--filter pod={}", excerpt(text));
        return Condition([pod](const Listed& one) { return one.record.pod == pod; });
    }
    const auto& ports_of = key == "publish" ? facts.published : facts.exposed;
    if ((key == "publish" || key == "expose") && ports_of) {
        const std::vector<network::ContainerPort> wanted =
            TRY(network::parse_expose(value), "--filter {}", key);
        return Condition([wanted, ports_of](const Listed& one) {
            const std::vector<network::ContainerPort> ports = ports_of(one.record);
            return std::ranges::find_first_of(ports, wanted) != ports.end();
        });
    }
    const bool since = key == "since" || key == "after";
    if (!facts.find || (!since && key != "before")) return condition_for(key, value);
    const Instant limit = TRY(facts.find(text), "--filter {}={}", key, excerpt(text)).created;
    return Condition([limit, since](const Listed& one) {
        return since ? one.record.created > limit : one.record.created < limit;
    });
}

Result<> Filter::add(std::string_view text, const FilterFacts& facts) {
    const auto [key, value] = TRY(parse_filter_pair(text));
    criteria_.add(key, TRY(condition_by(facts, key, value)));
    return {};
}

Result<Filter> Filter::parse(const std::vector<std::string>& texts, const FilterFacts& facts) {
    Filter filter;
    for (const std::string& text : texts)
        TRY(filter.add(text, facts));
    return filter;
}

bool Filter::admits(const Listed& container) const { return criteria_.admit(container); }

bool Filter::asks_for_state() const {
    return criteria_.ask_for("status") || criteria_.ask_for("exited");
}

}  // namespace sbx::container
