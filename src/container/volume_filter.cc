#include "container/volume_filter.h"

#include <algorithm>

#include "base/text.h"
#include "container/filter.h"
#include "image/filter.h"

namespace sbx::container {

static bool has_label(const store::Volume& volume, std::string_view label) {
    const auto pair = halves(label, '=');
    const auto found = volume.labels.find(std::string(pair ? pair->before : label));
    return found != volume.labels.end() && (!pair || found->second == pair->after);
}

Result<VolumeFilter::Condition> VolumeFilter::condition_for(std::string_view key,
                                                            std::string_view value,
                                                            const Facts& facts) {
    const std::string text(value);
    if (key == "name") {
        TRY(check_name_pattern(text));
        return Condition([text](const ListedVolume& v) { return fits_name(text, v.volume.name); });
    }
    if (key == "label" || key == "label!")
        return Condition([text, wanted = key == "label"](const ListedVolume& v) {
            return has_label(v.volume, text) == wanted;
        });
    if (key == "driver" || key == "scope")  // there is one of each
        return Condition([is = text == "local"](const ListedVolume&) { return is; });
    if (key == "dangling" || key == "anonymous") {
        const bool wanted = TRY(image::parse_filter_truth(key, value));
        if (key == "dangling")
            return Condition([wanted](const ListedVolume& v) { return v.users.empty() == wanted; });
        return Condition([wanted](const ListedVolume& v) { return v.volume.anonymous == wanted; });
    }
    if (key == "until") {
        const Instant limit = TRY(image::parse_filter_time(key, value, facts.now));
        return Condition([limit](const ListedVolume& v) { return v.volume.created < limit; });
    }
    if (key == "since" || key == "after") {
        const Instant limit = TRY(facts.find(text), "--filter {}={}", key, excerpt(text)).created;
        return Condition([limit](const ListedVolume& v) { return v.volume.created > limit; });
    }
    return Error(Error::Kind::usage, "--filter {}={}: unknown key", excerpt(key), excerpt(value))
        .hint("keys are name, label, label!, driver, scope, dangling, anonymous, since and until");
}

Result<> VolumeFilter::add(std::string_view text, const Facts& facts) {
    const auto pair = halves(text, '=');
    if (!pair || pair->before.empty() || pair->after.empty())
        return Error(Error::Kind::usage, "--filter {}: KEY=VALUE belongs there", excerpt(text));
    const std::string_view key = pair->before;
    Condition condition = TRY(condition_for(key, pair->after, facts));
    auto group = std::ranges::find(groups_, key, &Group::key);
    if (group == groups_.end() || key.starts_with("label")) {
        groups_.push_back({.key = std::string(key)});
        group = groups_.end() - 1;
    }
    group->any.push_back(std::move(condition));
    return {};
}

Result<VolumeFilter> VolumeFilter::parse(const std::vector<std::string>& texts,
                                         const Facts& facts) {
    VolumeFilter filter;
    for (const std::string& text : texts)
        TRY(filter.add(text, facts));
    return filter;
}

bool VolumeFilter::admits(const ListedVolume& volume) const {
    return std::ranges::all_of(groups_, [&](const Group& group) {
        return std::ranges::any_of(group.any,
                                   [&](const Condition& condition) { return condition(volume); });
    });
}

}  // namespace sbx::container
