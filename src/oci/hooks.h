// Programs that a runtime calls on the way of a container: `hooks` of the OCI runtime specification
// (config.md, "POSIX-platform Hooks"). Each gets the container's state on its standard input.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sbx::oci {

class Members;

struct Hook {
    std::string path;
    std::vector<std::string> args = {};  // with argv[0]; empty: `path` alone
    std::vector<std::string> env = {};
    std::optional<std::int32_t> timeout = {};  // seconds

    bool operator==(const Hook&) const = default;
};

constexpr std::array<std::string_view, 6> kHookNames = {
    "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"};

// In the order that they are called in, and of the names above.
struct Hooks {
    std::vector<Hook> prestart = {};          // in the runtime's namespaces, once they are made
    std::vector<Hook> create_runtime = {};    // as prestart, after it
    std::vector<Hook> create_container = {};  // in the container's namespaces, before the pivot
    std::vector<Hook> start_container = {};   // in the container, before the program
    std::vector<Hook> poststart = {};         // in the runtime's namespaces, the program runs
    std::vector<Hook> poststop = {};          // in the runtime's namespaces, all is gone

    bool operator==(const Hooks&) const = default;
};

void describe(Members& members, Hooks& hooks);

}  // namespace sbx::oci
