// Containers for tests: a root file system with busybox in it, and what came of running something
// there.
#pragma once

#include <string>
#include <vector>

#include "sandbox/compile.h"
#include "sandbox/enter.h"
#include "sandbox/launch.h"
#include "support/canary.h"

namespace sbx::test {

// In a Scratch: its tree is the root, its canary is what no container may touch.
class TinyRoot {
public:
    TinyRoot();

    const std::string& path() const { return root_; }
    std::string at(std::string_view name) const { return root_ + "/" + std::string(name); }
    std::string canary() const { return scratch_.canary(); }
    bool canary_is_untouched() const { return scratch_.canary_is_untouched(); }
    std::string beside(std::string_view name) const;  // a path outside the root

    // What sbx would ask for to have `script` run by the shell, or a program, there.
    sandbox::Request request(const std::string& script) const;
    sandbox::Request program(std::vector<std::string> argv) const;

private:
    Scratch scratch_;
    std::string root_;
};

// busybox, its shell by name, and the accounts of root, user (1000) and a group "more" (2000).
void fill_with_busybox(const std::string& folder);

const sandbox::Host& this_host();
sandbox::Host find_host_here();  // in namespaces that a test has entered

struct Outcome {
    int code = -1;             // of the program; 125 where it did not start
    std::string output = {};   // of the program
    std::string errors = {};   // likewise
    std::string failure = {};  // the words of sbx; empty where the program ran
    std::string hint = {};
    Error::Kind kind = Error::Kind::failed;
};

// In a process of its own, so that nothing of it stays in this one.
Outcome run(const sandbox::Plan& plan, const sandbox::Surroundings& surroundings = {});
Outcome run(const sandbox::Request& request, const sandbox::Host& host = this_host());
Outcome enter(const sandbox::Program& program, const sandbox::Inhabited& container);
std::string output_of(const sandbox::Request& request);  // or what went wrong instead

}  // namespace sbx::test
