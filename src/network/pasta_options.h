// How pasta(1) is called.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::network {

// The container's name server there; pasta asks the host's first one of IPv4 in its place. The
// address is one of a link, which no route leads away from.
constexpr const char* kPastaNames = "169.254.1.1";

// What a person adds to it.
struct PastaOptions {
    std::vector<std::string> words = {};  // "--mtu", "1500"

    // "--mtu,1500,--ipv4-only": options of pasta(1), and podman's "--map-gw". parse() takes what
    // text() gives. Kind::usage, also for those that sbx itself has a say in.
    std::string text() const;
    static Result<PastaOptions> parse(std::string_view text);

    // All that it is called with behind its name. Its input is to be the user namespace, its output
    // the network namespace that it connects, and the end of a pipe what it writes errors and, once
    // it is up, its number to: these descriptors are the ones that all versions of it leave open.
    std::vector<std::string> arguments() const;

    friend bool operator==(const PastaOptions&, const PastaOptions&) = default;
};

}  // namespace sbx::network
