// --init: a process 1 that passes signals on to the program, and reaps what the program forgets.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// How sbx is called where it is that process.
constexpr const char* kInitName = "sbx-init";

// The program that becomes process 1: sbx itself, through a mount of its own that cannot be written
// through, or as a sealed copy. A container that opens /proc/1/exe must not get at the binary on
// the host (CVE-2019-5736).
class InitProgram {
public:
    explicit InitProgram(os::Fd file) : file_(std::move(file)) {}

    os::FdView file() const { return file_; }

    // Becomes it, to run `file` with `argv` as its child, or to be there and no more where that is
    // empty. Returns only when that failed.
    Error execute(const std::string& file, const std::vector<std::string>& argv,
                  const std::vector<std::string>& env) const;

private:
    os::Fd file_;
};

// While the host's files are in reach. Of no use where the Plan wants no init.
Result<InitProgram> open_init(const Plan& plan);

// The life of that process: runs argv[1] with the arguments argv[2]... Without these it keeps the
// namespaces until SIGTERM or SIGINT. Returns the exit status.
int init_main(const std::vector<std::string>& argv);

}  // namespace sbx::sandbox
