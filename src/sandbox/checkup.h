// What this machine allows, in words: for `sbx info` and `sbx doctor`.
#pragma once

#include <string>
#include <vector>

#include "sandbox/host.h"

namespace sbx::sandbox {

struct Finding {
    enum class Verdict : std::uint8_t {
        good,
        less,     // sbx works, and does without something
        missing,  // sbx cannot run containers
    };

    std::string subject;  // "user namespaces"
    Verdict verdict = Verdict::good;
    std::string found;  // what is there
    std::string mend;   // the command that changes it; empty where all is well
};

std::string_view name_of(Finding::Verdict verdict);

// Looks at all of it; `host` was found anew.
std::vector<Finding> check_up(const Host& host);

// The parts that judge a text, for tests.
Finding judge_kernel(const std::string& release);  // uname -r
Finding judge_id_range(const Host& host);
Finding judge_cgroup(const Host& host, const std::string& own_cgroup,
                     const std::string& controllers);

}  // namespace sbx::sandbox
