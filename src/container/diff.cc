#include "container/diff.h"

#include "base/text.h"
#include "container/blueprint.h"
#include "container/sides.h"
#include "os/file.h"
#include "os/pipe.h"
#include "sandbox/visit.h"
#include "store/containers.h"

namespace sbx::container {

using image::TreeChange;

// Records of a kind, a size and a path, each ended by a NUL: no path has one.
static Result<> write_changes(const sandbox::ImageRoot& image, std::vector<std::string> left_out,
                              os::FdView out) {
    const os::Root upper = TRY(open_upper(image));
    const std::optional<os::Root> lower = TRY(open_lower(image));
    left_out = TRY(without_links(std::move(left_out), lower));
    const std::vector<TreeChange> changes =
        TRY(image::compare({.lower = lower, .upper = upper, .left_out = std::move(left_out)}));
    std::string text;
    for (const TreeChange& change : changes)
        text += fmt::format("{}{}{}{}{}", static_cast<char>(change.kind), change.size, '\0',
                            change.path, '\0');
    return os::write_all(out, text);
}

static Result<std::vector<TreeChange>> parse_changes(std::string_view text) {
    std::vector<TreeChange> changes;
    while (!text.empty()) {
        const std::size_t middle = text.find('\0');
        const std::size_t end = text.find('\0', middle + 1);
        const auto size =
            TRY(parse_number(text.substr(1, middle - 1), 0, INT64_MAX), "the list of changes");
        changes.push_back({.kind = static_cast<TreeChange::Kind>(text.front()),
                           .path = std::string(text.substr(middle + 1, end - middle - 1)),
                           .size = static_cast<std::uint64_t>(size)});
        text.remove_prefix(end + 1);
    }
    return changes;
}

Result<std::vector<TreeChange>> diff(const store::Store& store, const std::string& id,
                                     const os::IdMap& ids) {
    constexpr std::size_t kLargest = std::size_t{1} << 30;
    const store::Containers containers = TRY(store::Containers::open(store));
    const Blueprint blueprint = TRY(read_blueprint(containers, id));
    const sandbox::ImageRoot image = TRY(sides_of(blueprint.request));
    os::Pipe pipe = TRY(os::open_pipe());
    const sandbox::Errand errand{.work = [&](const os::Root&) -> Result<std::string> {
        pipe.read_end.reset();  // or nobody would notice that sbx was killed
        TRY(write_changes(image, mount_targets(blueprint.request), pipe.write_end));
        return std::string();
    }};
    sandbox::Visit visit = TRY(sandbox::visit(ids, "/", errand));
    pipe.write_end.reset();
    const std::string text = TRY(os::read_to_end(pipe.read_end, kLargest));
    TRY(std::move(visit).finish());
    return parse_changes(text);
}

}  // namespace sbx::container
