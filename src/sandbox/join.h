// The namespaces of a Plan that exist already.
#pragma once

#include <vector>

#include "os/fd.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

class Joined {
public:
    // By the rights, and in the /proc, of whoever makes the container.
    static Result<Joined> open(const Plan& plan);

    bool empty() const { return namespaces_.empty(); }
    std::vector<os::FdView> fds() const;

    // Has the calling process enter all of them; its children alone are in a pid namespace.
    Result<> enter() const;

private:
    struct Namespace {
        JoinedNamespace what;
        os::Fd fd;
    };
    explicit Joined(std::vector<Namespace> namespaces) : namespaces_(std::move(namespaces)) {}

    std::vector<Namespace> namespaces_;
};

}  // namespace sbx::sandbox
