// What several commands do with containers.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/run_options.h"
#include "container/life.h"

namespace sbx::cli {

// The image for a container, fetched where that is called for; nothing for a folder (--rootfs). It
// stays in the store while the lock is held.
struct HeldImage {
    std::optional<store::Image> image;
    os::Lock lock;
};
Result<HeldImage> hold_image(App& app, const RunOptions& options);

// A container as it will be. The lock is let go once the container has been written down, and so
// keeps its image by itself.
struct Prepared {
    container::Life life;
    std::optional<os::Lock> image_lock;
};
Result<Prepared> prepare(App& app, RunOptions& options);

// Where it is in a pod, whose infra has to run before it starts. No lock is held meanwhile: the
// process that stays with the infra would have it, too.
Result<> start_infra_first(App& app, Prepared& prepared);

// Writes the container down, and gives it what was asked for with the option U. On failure nothing
// of it is left.
// Says what the rules of one that has ended have kept it from.
void tell_refused(App& app, const container::Life& life);

Result<> create_container(App& app, Prepared& prepared, const RunOptions& options);

// With --replace: the container that has the name is killed where it runs, and removed. Kind::usage
// where `life` is to have a volume that would go with it.
Result<> make_way(App& app, const RunOptions& options, const container::Life& life);

// For -i and -t together: what is typed would never end where nobody types.
Result<> check_input_is_terminal();

Result<> write_cidfile(const std::string& path, const std::string& id);

// `action` for each of `names`; a failure is told and the others still have their turn. The exit
// status: 0, or 125 where one failed.
Result<int> for_each_name(App& app, const std::vector<std::string>& names,
                          const std::function<Result<>(const std::string& name)>& action);

}  // namespace sbx::cli
