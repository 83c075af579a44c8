// /etc/hosts, /etc/hostname and /etc/resolv.conf of a container: hosts(5), hostname(5),
// resolv.conf(5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "container/options.h"
#include "network/settings.h"

namespace sbx::container {

struct NetworkFiles {
    std::string hostname = {};
    std::string hosts = {};                  // empty: the image's own stays (--no-hosts)
    std::optional<std::string> resolv = {};  // nothing: the image's own stays (--dns none)
};

// `host_resolv` is the host's /etc/resolv.conf. A name server on the host's loopback cannot be
// reached from a network of the container's own, and is left out there. Where that is connected by
// `slirp`, its own name server asks the host's first.
struct NetworkFacts {
    std::string hostname;
    std::string name;  // of the container: it answers to it, too
    bool own_network = true;
    std::optional<network::Settings> slirp = {};
    std::string host_resolv = {};
};
Result<NetworkFiles> compose_network_files(const Options& options, const NetworkFacts& facts);

Result<> check_hostname(std::string_view name);

}  // namespace sbx::container
