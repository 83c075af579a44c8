#include "container/commit_layer.h"

#include <algorithm>
#include <ranges>
#include <set>

#include <fcntl.h>

#include "container/sides.h"
#include "image/pack_changes.h"
#include "image/transfer.h"
#include "os/file.h"

namespace sbx::container {

using image::TreeChange;

// The targets and the folders on the way to them, of what the image has not.
static std::set<std::string> made_for(const std::vector<std::string>& targets,
                                      const std::optional<os::Root>& lower) {
    std::set<std::string> made;
    for (const std::string& target : targets)
        for (std::size_t end = target.size(); end > 0; end = target.rfind('/', end - 1)) {
            const std::string path = target.substr(0, end);
            if (!lower || !lower->open_relative(path, O_PATH | O_NOFOLLOW)) made.insert(path);
        }
    return made;
}

std::vector<TreeChange> without_mount_points(const std::vector<TreeChange>& all,
                                             const std::vector<std::string>& targets,
                                             const std::optional<os::Root>& lower) {
    const std::set<std::string> made = made_for(targets, lower);
    std::vector<TreeChange> kept;
    for (const TreeChange& change : all | std::views::reverse) {
        const bool has_more = !kept.empty() && kept.back().path.starts_with(change.path + "/");
        if (has_more || !made.contains(change.path)) kept.push_back(change);
    }
    std::ranges::reverse(kept);
    return kept;
}

static Result<std::string> pack(const os::Root& upper, const std::vector<TreeChange>& changes,
                                os::FdView out) {
    archive::TarWriter tar([out](std::string_view bytes) { return os::write_all(out, bytes); });
    return image::pack_notes(TRY(image::pack_changes(upper, changes, tar)));
}

Result<std::string> write_layer(const CommitLayer& layer, os::FdView out) {
    const std::optional<os::Root> lower = TRY(open_lower(layer.image));
    std::vector<std::string> targets = TRY(without_links(layer.targets, lower));
    if (layer.content == CommitLayer::Content::changes) {
        const os::Root upper = TRY(open_upper(layer.image));
        const std::vector<TreeChange> changes =
            TRY(image::compare({.lower = lower, .upper = upper, .left_out = std::move(targets)}));
        return pack(upper, changes, out);
    }
    const std::optional<os::Root> nothing;
    const os::Root whole = TRY(open_whole(layer.image));
    const std::vector<TreeChange> all =
        TRY(image::compare({.lower = nothing, .upper = whole, .left_out = {}}));
    return pack(whole, without_mount_points(all, targets, lower), out);
}

}  // namespace sbx::container
