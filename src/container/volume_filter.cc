#include "container/volume_filter.h"

#include <algorithm>

#include "base/text.h"
#include "container/filter.h"

namespace sbx::container {

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
            return has_label(v.volume.labels, text) == wanted;
        });
    if (key == "driver" || key == "scope")  // there is one of each
        return Condition([is = text == "local"](const ListedVolume&) { return is; });
    if (key == "dangling" || key == "anonymous") {
        const bool wanted = TRY(parse_filter_truth(key, value));
        if (key == "dangling")
            return Condition([wanted](const ListedVolume& v) { return v.users.empty() == wanted; });
        return Condition([wanted](const ListedVolume& v) { return v.volume.anonymous == wanted; });
    }
    if (key == "until") {
        const Instant limit = TRY(parse_filter_time(key, value, facts.now));
        return Condition([limit](const ListedVolume& v) { return v.volume.created < limit; });
    }
    if (key == "since" || key == "after") {
        const Instant limit = TRY(facts.find(text), "--filter {}={}", key, excerpt(text)).created;
        return Condition([limit](const ListedVolume& v) { return v.volume.created > limit; });
    }
    return unknown_filter(key, value)
        .hint("keys are name, label, label!, driver, scope, dangling, anonymous, since and until");
}

Result<> VolumeFilter::add(std::string_view text, const Facts& facts) {
    const auto [key, value] = TRY(parse_filter_pair(text));
    criteria_.add(key, TRY(condition_for(key, value, facts)));
    return {};
}

Result<VolumeFilter> VolumeFilter::parse(const std::vector<std::string>& texts,
                                         const Facts& facts) {
    VolumeFilter filter;
    for (const std::string& text : texts)
        TRY(filter.add(text, facts));
    return filter;
}

bool VolumeFilter::admits(const ListedVolume& volume) const { return criteria_.admit(volume); }

}  // namespace sbx::container
