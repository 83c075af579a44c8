// The options that stand before the command.
#pragma once

#include <string>
#include <vector>

#include "cli/args.h"

namespace sbx::cli {

struct Globals {
    std::string root = {};
    std::string log_level = {};
    bool version = false;
    std::vector<std::string> command = {};

    void declare(Args& args) {
        args.option("--root", "DIR", root, "Keep images, containers and volumes in this folder",
                    Complete::directories);
        static constexpr std::string_view kLevels[] = {"error", "warning", "info", "debug"};
        args.option(
            "--log-level", "LEVEL", log_level,
            "What to tell besides failures: nothing (error), what could not be had (warning, "
            "info), or each step (debug)",
            kLevels);
        args.flag("-v,--version", version, "Show the version");
        args.verbatim("COMMAND", command, "What to do");
    }
};

}  // namespace sbx::cli
