// What several commands do with pods.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/args.h"
#include "container/infra.h"
#include "container/pods.h"

namespace sbx::cli {

// By names, or by what they have in common. A command declares what it takes of this.
struct PodChoice {
    std::vector<std::string> names = {};
    bool all = false;
    bool latest = false;
    bool ignore = false;  // pass over those that do not exist
    std::vector<std::string> id_files = {};

    void declare(Args& args, std::string_view all_help);  // --all, --latest and names
    void declare_id_file(Args& args);
};

// `action` for each pod that is meant, whose id is printed; a failure is told, as "cannot VERB pod
// 'x'", and the others still have their turn. The exit status. Kind::usage where nothing says
// which, or too much.
using PodAction = std::function<Result<>(const container::ListedPod& pod)>;
Result<int> for_each_pod(App& app, const PodChoice& choice, std::string_view verb,
                         const PodAction& action);

// The one that is meant: by its name, or the one made last.
Result<container::ListedPod> find_one_pod(App& app, const std::string& name, bool latest);

// A pod as it will be, which can be made as far as that is known before; warnings are told.
Result<container::NewPod> plan_pod(App& app, const container::PodOptions& options);

// Makes it and its infra container. On failure nothing of it is left.
Result<store::Pod> create_pod(App& app, container::NewPod planned);

// The infra of the pod that a container is in, where it does not run. The caller holds no lock.
Result<> start_infra_of(App& app, const store::ContainerRecord& record);

// Its infra container, then each of the others that does not run.
Result<> start_pod(App& app, const container::ListedPod& pod);

}  // namespace sbx::cli
