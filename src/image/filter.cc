#include "image/filter.h"

#include <algorithm>

#include <fnmatch.h>

#include "base/text.h"

namespace sbx::image {

static Result<bool> parse_truth(std::string_view key, std::string_view value) {
    if (value == "true" || value == "1") return true;
    if (value == "false" || value == "0") return false;
    return Error(Error::Kind::usage, "--filter {}={}: true or false belongs there", key,
                 excerpt(value));
}

Result<Instant> parse_until(std::string_view value, Instant now) {
    if (const Result<Instant> time = parse_rfc3339(value)) return *time;
    if (const Result<Instant> day = parse_rfc3339(std::string(value) + "T00:00:00Z")) return *day;
    if (const Result<std::int64_t> seconds = parse_number(value, 0, INT32_MAX))
        return Instant(std::chrono::seconds(*seconds));
    const Result<std::chrono::nanoseconds> age = parse_duration(value);
    if (age && value.find_first_not_of("0123456789.") != value.npos) return now - *age;
    return Error(Error::Kind::usage, "--filter until={}: neither a time nor an age", excerpt(value))
        .hint("for example 24h, 2026-11-28 or 2026-11-28T12:00:00Z");
}

static bool has_label(const store::Image& image, std::string_view key, std::string_view value,
                      bool any_value) {
    const auto at = image.defaults.labels.find(std::string(key));
    return at != image.defaults.labels.end() && (any_value || at->second == value);
}

// As path.Match of Go: '*' stops at '/'. A pattern may leave out what people leave out of a name.
static bool matches(const std::string& pattern, const oci::Reference& name) {
    const std::string familiar = name.familiar();
    const std::string untagged = familiar.substr(0, familiar.find(':', familiar.rfind('/') + 1));
    const std::string last = name.path().substr(name.path().rfind('/') + 1);
    const std::string candidates[] = {
        name.text(), name.repository(),      familiar, untagged, name.path(),
        last,        last + ":" + name.tag()};
    return std::ranges::any_of(candidates, [&](const std::string& candidate) {
        return ::fnmatch(pattern.c_str(), candidate.c_str(), FNM_PATHNAME) == 0;
    });
}

void Filter::add_condition(std::string_view key, Condition condition) {
    const auto same = [&](const Group& group) { return group.key == key; };
    auto group = std::ranges::find_if(groups_, same);
    if (group == groups_.end() || key.starts_with("label")) {
        groups_.push_back({.key = std::string(key)});
        group = groups_.end() - 1;
    }
    group->any.push_back(std::move(condition));
}

Result<> Filter::add_label(std::string_view key, std::string_view value) {
    const auto pair = halves(value, '=');
    const std::string name(pair ? pair->before : value);
    const std::string wanted(pair ? pair->after : "");
    const bool negated = key == "label!";
    if (name.empty())
        return Error(Error::Kind::usage, "--filter {}={}: a label is missing", key, excerpt(value));
    add_condition(key, [=, any_value = !pair](const store::Image& image) {
        return has_label(image, name, wanted, any_value) != negated;
    });
    return {};
}

static std::string without_algorithm(std::string_view digest) {
    constexpr std::string_view kAlgorithm = "sha256:";
    return std::string(digest.starts_with(kAlgorithm) ? digest.substr(kAlgorithm.size()) : digest);
}

using Condition = std::function<bool(const store::Image&)>;

static Result<Condition> by_truth(std::string_view key, std::string_view value,
                                  const Filter::Facts& facts) {
    const bool wanted = TRY(parse_truth(key, value));
    if (key == "dangling")
        return Condition(
            [wanted](const store::Image& image) { return image.names.empty() == wanted; });
    return Condition(
        [wanted, used = facts.used](const store::Image& image) { return used(image) == wanted; });
}

static Condition by_digest(std::string_view key, std::string_view value) {
    return [hex = without_algorithm(value), by_id = key == "id"](const store::Image& image) {
        return (by_id ? image.id : image.manifest.digest).hex().starts_with(hex);
    };
}

static Result<Condition> by_age(std::string_view key, std::string_view value,
                                const Filter::Facts& facts) {
    Instant limit;
    if (key == "until") {
        limit = TRY(parse_until(value, facts.now));
    } else {
        const store::Image other =
            TRY(facts.find(std::string(value)), "--filter {}={}", key, excerpt(value));
        limit = other.created.value_or(Instant());
    }
    const bool later = key == "since" || key == "after";
    return Condition([limit, later](const store::Image& image) {
        if (!image.created) return false;  // a prune must not take its age for the greatest
        return later ? *image.created > limit : *image.created < limit;
    });
}

static Result<Condition> condition_for(std::string_view key, std::string_view value,
                                       const Filter::Facts& facts) {
    if (key == "dangling" || key == "containers") return by_truth(key, value, facts);
    if (key == "id" || key == "digest") return by_digest(key, value);
    if (key == "until" || key == "before" || key == "since" || key == "after")
        return by_age(key, value, facts);
    return Error(Error::Kind::usage, "--filter {}={}: unknown key", excerpt(key), excerpt(value))
        .hint(
            "keys are dangling, reference, label, label!, id, digest, before, since, until and "
            "containers");
}

// "label!=x" is the label that must not be there: its key ends with '!'.
Result<> Filter::add(std::string_view text, const Facts& facts) {
    const auto pair = halves(text, '=');
    if (!pair || pair->before.empty() || pair->after.empty())
        return Error(Error::Kind::usage, "--filter {}: KEY=VALUE belongs there", excerpt(text));
    const auto [key, value] = *pair;
    if (key == "label" || key == "label!") return add_label(key, value);
    if (key == "reference") {
        patterns_.emplace_back(value);
        return {};
    }
    add_condition(key, TRY(condition_for(key, value, facts)));
    return {};
}

Result<Filter> Filter::parse(const std::vector<std::string>& texts, const Facts& facts) {
    Filter filter;
    for (const std::string& text : texts)
        TRY(filter.add(text, facts));
    return filter;
}

bool Filter::admits(const oci::Reference& name) const {
    return patterns_.empty() || std::ranges::any_of(patterns_, [&](const std::string& pattern) {
               return matches(pattern, name);
           });
}

bool Filter::admits(const store::Image& image) const {
    const bool named =
        patterns_.empty() ||
        std::ranges::any_of(image.names, [&](const oci::Reference& name) { return admits(name); });
    return named && std::ranges::all_of(groups_, [&](const Group& group) {
               return std::ranges::any_of(
                   group.any, [&](const Condition& condition) { return condition(image); });
           });
}

}  // namespace sbx::image
