// Running a further program in a container.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "runtime/console.h"
#include "runtime/states.h"
#include "sandbox/enter.h"

namespace sbx::runtime {

// What is other than the process of the container's document.
struct ProcessChanges {
    std::vector<std::string> args = {};
    std::string cwd = {};
    std::vector<std::string> env = {};           // added
    std::string user = {};                       // "UID" or "UID:GID"
    std::vector<std::string> groups = {};        // further additional ones
    std::vector<std::string> capabilities = {};  // added
    std::string selinux_label = {};
    std::string apparmor_profile = {};
    bool no_new_privileges = false;
    bool terminal = false;

    bool operator==(const ProcessChanges&) const = default;
};

struct Execution {
    std::string id;
    // A whole process, as JSON: then the changes are not looked at. The rights and limits that it
    // does not speak of are those of the container's own process, as with runc.
    std::string process_file = {};
    ProcessChanges changes = {};
    int preserved_descriptors = 0;
    std::string cgroup = {};  // below the container's own: "a/b"
    bool also_paused = false;
    Console console = {};
};

// On return the program runs, as a child of the caller, in the container's cgroup. Kind::busy where
// the container does not run.
Result<sandbox::Entered> execute(const States& states, const Execution& execution);

}  // namespace sbx::runtime
