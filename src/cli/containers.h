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

// The image for a container, pulled where that is called for. Nothing for a folder (--rootfs).
Result<std::optional<store::Image>> image_for(App& app, const RunOptions& options);

// A container as it will be; shared is held until it has been written down, so that its image
// stays.
struct Prepared {
    container::Life life;
    os::Lock image_lock;
};
Result<Prepared> prepare(App& app, RunOptions& options);

Result<> write_cidfile(const std::string& path, const std::string& id);

// `action` for each of `names`; a failure is told and the others still have their turn. The exit
// status: 0, or 125 where one failed.
Result<int> for_each_name(App& app, const std::vector<std::string>& names,
                          const std::function<Result<>(const std::string& name)>& action);

}  // namespace sbx::cli
