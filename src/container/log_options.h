// Where a container's output is kept: --log-driver and --log-opt.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "container/log_file.h"

namespace sbx::container {

struct LogChoice {
    std::string driver = "k8s-file";  // none, passthrough; passthrough has no monitor between
    LogLimits limits = {};

    bool kept() const { return driver == "k8s-file"; }
    bool passes_through() const { return driver == "passthrough"; }
};

// `driver` as docker and podman name them, empty for the default; `options` are max-size=SIZE and
// max-file=N. What would be another place to log to is refused: Kind::unsupported.
Result<LogChoice> parse_log_options(const std::string& driver,
                                    const std::vector<std::string>& options);

Json to_json(const LogChoice& choice);
Result<LogChoice> log_choice_from(const Json& json);  // null: the default

}  // namespace sbx::container
