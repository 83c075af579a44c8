// Work on the files of a container, in a process of its own that is root there.
//
// The process sees what the container sees, and nothing of the host: it has entered the container's
// namespaces of users and mounts, or, where the container does not run, has mounted its root file
// system where nobody else sees it, and entered that. It is in no pid namespace of a container,
// runs no program, and has nothing open but what it was given.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/process.h"
#include "os/root.h"
#include "sandbox/enter.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

struct Errand {
    // Its words, at most a few kilobytes, are for whoever sent it.
    std::function<Result<std::string>(const os::Root& root)> work;
    std::vector<os::FdView> kept = {};  // what it needs to have open, besides 0, 1 and 2
    bool writes = false;                // to the container
};

// What of a container that runs is seen: all, or what lies below what is mounted on its root.
enum class Sight : std::uint8_t { with_mounts, root_alone };

// A visit under way. One that is not waited for is broken off.
class Visit {
public:
    Visit(os::Process process, os::Fd answer)
        : process_(std::move(process)), answer_(std::move(answer)) {}

    // The errand's words, or its Error.
    Result<std::string> finish() &&;

private:
    os::Process process_;
    os::Fd answer_;
};

// Kind::not_found where the container has ended.
Result<Visit> visit(const Inhabited& container, Sight sight, const Errand& errand);

// A container that does not run, and is kept from it: its root and the mounts of `plan`, with its
// ids. Kind::unsupported where its root is served by a program.
Result<Visit> visit(const Plan& plan, const Errand& errand);

// The same without a container: with those ids, in a mount namespace of its own, and with the
// host's files in reach. `root` is the folder `directory`.
Result<Visit> visit(const os::IdMap& ids, const std::string& directory, const Errand& errand);

}  // namespace sbx::sandbox
