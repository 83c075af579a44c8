// The options that stand before a command of the OCI runtime: those of runc, and crun's.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "cli/args.h"

namespace sbx::cli {

struct OciGlobals {
    std::string root = {};
    std::string log = {};
    std::string log_format = "text";
    std::string log_level = {};
    bool debug = false;
    bool systemd_cgroup = false;
    std::string cgroup_manager = {};
    std::string rootless = "auto";
    std::string criu = {};
    bool version = false;
    std::vector<std::string> command = {};

    void declare(Args& args) {
        static constexpr std::array<std::string_view, 3> kManagers = {"cgroupfs", "systemd",
                                                                      "disabled"};
        static constexpr std::array<std::string_view, 3> kLevels = {"error", "warning", "debug"};
        args.option("--root", "DIR", root, "Keep the state of containers in this folder",
                    Complete::directories);
        args.option("--log", "FILE", log, "Append what fails to this file", Complete::files);
        args.option("--log-format", "FORMAT", log_format, "How: text or json");
        args.choice("--log-level", kLevels, log_level,
                    "Tell no more than that; debug is what --debug says, too");
        args.flag("--debug", debug, "Tell each step on standard error");
        args.flag("--systemd-cgroup", systemd_cgroup, "Have systemd make the cgroups");
        args.choice("--cgroup-manager", kManagers, cgroup_manager,
                    "Who makes the cgroups; disabled: there are none");
        args.option("--rootless", "BOOL", rootless,
                    "Taken for runc's sake; sbx sees for itself what it may do");
        args.option("--criu", "FILE", criu, "Taken for runc's sake; there are no checkpoints");
        args.flag("-v,--version", version, "Show the version");
        args.verbatim("COMMAND", command, "What to do");
    }
};

}  // namespace sbx::cli
