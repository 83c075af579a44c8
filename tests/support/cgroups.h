// A tree of cgroup v2 at its usual place, and bundles whose containers get cgroups there.
#pragma once

#include <string>

#include "oci/spec.h"
#include "runtime/create.h"
#include "runtime/status.h"
#include "support/files.h"
#include "support/namespaces.h"

namespace sbx::test {

// In a process of its own, whatever the machine has there: without controllers, if these are with
// version 1. What limits do is seen in the machine of tests/vm. As root; else the test is skipped.
void with_cgroups(const Body& body);

// The container "box" of a bundle whose root file system is the host's and whose program sleeps,
// for use in with_cgroups(). It is gone with this value.
class Box {
public:
    Box();
    ~Box();

    oci::Spec& spec() { return spec_; }
    const runtime::States& states() const { return states_; }
    const std::string& warnings() const { return warnings_; }  // a line each

    Result<> create();
    Result<> run() {
        if (Result<> created = create(); !created) return created;
        return runtime::start(states_, "box");
    }
    runtime::State state() const { return runtime::look_up(states_, "box")->state; }
    runtime::Status status() const { return runtime::look_up(states_, "box")->status; }
    std::string cgroup() const { return "/sys/fs/cgroup" + state().cgroup.path; }  // its folder

    runtime::Creation creation = {};

private:
    TempFolder folder_ = {};
    oci::Spec spec_;
    runtime::States states_;
    std::string warnings_ = {};
};

}  // namespace sbx::test
