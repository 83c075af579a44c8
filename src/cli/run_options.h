// The options that `run` and `create` share.
#pragma once

#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/args.h"
#include "cli/pull_options.h"
#include "container/compose.h"
#include "container/options.h"

namespace sbx::cli {

struct RunOptions {
    container::Options container = {};
    std::string image = {};
    std::vector<std::string> command = {};
    std::string pull = {};
    PullWords fetching = {};
    bool rootfs = false;
    std::string cidfile = {};
    std::string pod = {};  // "NAME", or "new:NAME" for one to be made
    std::string pod_id_file = {};
    bool explain = false;
    bool replace = false;

    void declare(Args& args);

    // What can be seen to be wrong before anything is opened or fetched.
    Result<> check() const;
};

// What a network of the container's or the pod's own lets be reached.
void declare_egress(Args& args, container::EgressOptions& options);

container::Surroundings surroundings();

}  // namespace sbx::cli
