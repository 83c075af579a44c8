#include "container/give_volumes.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "container/files.h"
#include "container/mount_words.h"
#include "image/transfer.h"
#include "os/file.h"
#include "os/give_tree.h"
#include "os/mount.h"
#include "sandbox/identity.h"
#include "sandbox/visit.h"

namespace sbx::container {

Result<std::vector<std::string>> targets_to_give(const Options& options) {
    std::vector<std::string> targets;
    for (const std::string& text : options.volumes)
        if (MountWish wish = TRY(parse_volume(text)); wish.give)
            targets.push_back(std::move(wish.target));
    for (const std::string& text : options.mounts)
        if (MountWish wish = TRY(parse_mount(text)); wish.give)
            targets.push_back(std::move(wish.target));
    return targets;
}

// An empty volume takes after the folder that it is mounted over, at each start.
static Result<> give_folder_below(const os::Root& root, const os::InnerPath& place,
                                  os::Owner owner) {
    const os::Root alone =
        os::Root::of(TRY(os::clone_mount(root.directory(), os::Depth::this_one)));
    const Result<os::Fd> folder = alone.open(place, O_RDONLY | O_DIRECTORY);
    if (!folder || ::fchown(folder->get(), owner.uid, owner.gid) == 0) return {};
    return Error::from_errno(errno, "give '{}' to {}:{}", place.text(), owner.uid, owner.gid);
}

static Result<> give_one(const os::Root& root, const std::string& target, os::Owner owner,
                         std::vector<std::string>& notes) {
    const os::InnerPath place = TRY(os::InnerPath::parse(target));
    const os::Fd top = TRY(root.open(place, O_RDONLY | O_NONBLOCK | O_NOCTTY));
    for (const std::string& path : TRY(os::give_tree(top, owner), "'{}'", target))
        notes.push_back(
            fmt::format("'{}' in '{}' has a further name elsewhere, and stays whose it is",
                        excerpt(path), target));
    const Result<std::vector<std::string>> names = os::names_in(top);  // an error: it is a file
    return names && names->empty() ? give_folder_below(root, place, owner) : Result<>();
}

static Result<std::string> give_all(const os::Root& root, const sandbox::Identity& identity,
                                    const std::vector<std::string>& targets) {
    constexpr std::size_t kMostNotes = 20;
    const sandbox::ResolvedIdentity user = TRY(sandbox::resolve_identity(identity, root));
    std::vector<std::string> notes;
    for (const std::string& target : targets)
        TRY(give_one(root, target, {.uid = user.uid, .gid = user.gid}, notes));
    if (notes.size() > kMostNotes) notes.resize(kMostNotes);
    return image::pack_notes(notes);
}

Result<std::vector<std::string>> give_volumes(const store::Store& store, const sandbox::Host& host,
                                              const std::string& id,
                                              const std::vector<std::string>& targets) {
    if (targets.empty()) return std::vector<std::string>();
    const store::Containers containers = TRY(store::Containers::open(store));
    const sandbox::Plan plan = TRY(files_plan(containers, host, {.id = id}));
    const sandbox::Errand errand{.work = [&](const os::Root& root) {
        return give_all(root, plan.program.identity, targets);
    }};
    sandbox::Visit visit = TRY(sandbox::visit(plan, errand));
    return image::notes_in(TRY(std::move(visit).finish()));
}

}  // namespace sbx::container
