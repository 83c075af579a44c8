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
    std::vector<std::string> groups = {};        // in the place of its additional ones
    std::vector<std::string> capabilities = {};  // added
    bool no_new_privileges = false;
    bool terminal = false;
};

struct Execution {
    std::string id;
    std::string process_file = {};  // a whole process, as JSON: then the changes are not looked at
    ProcessChanges changes = {};
    int preserved_descriptors = 0;
    Console console = {};
};

// On return the program runs, as a child of the caller. Kind::busy where the container does not
// run.
Result<sandbox::Entered> execute(const States& states, const Execution& execution);

}  // namespace sbx::runtime
