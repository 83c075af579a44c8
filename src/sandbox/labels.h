// What security modules are to think of a program: apparmor(7), selinux(8).
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

bool has_selinux();  // this kernel

// The files of procfs that this process tells them by, open while it is the host's procfs that is
// in reach: what an image or a volume has at /proc takes no label (CVE-2019-16884).
class Labels {
public:
    // Kind::unsupported where the program has a label that this kernel has no module for.
    static Result<Labels> open(const Program& program);

    std::vector<os::FdView> fds() const;

    // From the next execve on. In the process that opened them and in no other: proc_pid_attr(5).
    Result<> take() const;

private:
    os::Fd apparmor_ = {};
    os::Fd selinux_ = {};
    std::string profile_ = {};
    std::string label_ = {};
};

}  // namespace sbx::sandbox
