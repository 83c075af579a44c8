#include "image/filter.h"

#include <algorithm>

#include <fnmatch.h>

#include "base/text.h"

namespace sbx::image {

bool name_matches(const std::string& pattern, const oci::Reference& name) {
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

Result<> Filter::add_label(std::string_view key, std::string_view value) {
    if (value.starts_with('='))
        return Error(Error::Kind::usage, "--filter {}={}: a label is missing", key, excerpt(value));
    criteria_.add(key,
                  [label = std::string(value), wanted = key == "label"](const store::Image& image) {
                      return has_label(image.defaults.labels, label) == wanted;
                  });
    return {};
}

static std::string without_algorithm(std::string_view digest) {
    constexpr std::string_view kAlgorithm = "sha256:";
    return std::string(digest.starts_with(kAlgorithm) ? digest.substr(kAlgorithm.size()) : digest);
}

using Condition = Criteria<store::Image>::Condition;

static Result<Condition> by_truth(std::string_view key, std::string_view value,
                                  const Filter::Facts& facts) {
    const bool wanted = TRY(parse_filter_truth(key, value));
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
        limit = TRY(parse_filter_time(key, value, facts.now));
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
    return unknown_filter(key, value)
        .hint(
            "keys are dangling, reference, label, label!, id, digest, before, since, until and "
            "containers");
}

// "label!=x" is the label that must not be there: its key ends with '!'.
Result<> Filter::add(std::string_view text, const Facts& facts) {
    const auto [key, value] = TRY(parse_filter_pair(text));
    if (key == "label" || key == "label!") return add_label(key, value);
    if (key == "reference") {
        patterns_.emplace_back(value);
        return {};
    }
    criteria_.add(key, TRY(condition_for(key, value, facts)));
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
               return name_matches(pattern, name);
           });
}

bool Filter::admits(const store::Image& image) const {
    const bool named =
        patterns_.empty() ||
        std::ranges::any_of(image.names, [&](const oci::Reference& name) { return admits(name); });
    return named && criteria_.admit(image);
}

}  // namespace sbx::image
