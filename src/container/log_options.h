// Where a container's output is kept: --log-driver and --log-opt.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "container/log_file.h"

namespace sbx::container {

struct LogChoice {
    std::string driver = "k8s-file";  // none, journald, passthrough; that has no monitor between
    LogLimits limits = {};            // of files
    std::string tag = {};             // of the journal's entries: journal_fields()
    std::string labels = {};          // names of those that they have, "A,B"

    bool in_file() const { return driver == "k8s-file"; }
    bool in_journal() const { return driver == "journald"; }
    bool kept() const { return in_file() || in_journal(); }
    bool passes_through() const { return driver == "passthrough"; }
};

// `driver` as docker and podman name them, empty for the default; `options` are max-size=SIZE and
// max-file=N of files, tag=TEMPLATE and labels=NAME,... of the journal. What would be another place
// to log to is refused: Kind::unsupported.
Result<LogChoice> parse_log_options(const std::string& driver,
                                    const std::vector<std::string>& options);

Json to_json(const LogChoice& choice);
Result<LogChoice> log_choice_from(const Json& json);  // null: the default

}  // namespace sbx::container
