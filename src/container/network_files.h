// /etc/hosts, /etc/hostname and /etc/resolv.conf of a container: hosts(5), hostname(5),
// resolv.conf(5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "container/connection.h"
#include "container/options.h"
#include "network/settings.h"

namespace sbx::container {

// What was asked for, in the words that it was asked for in.
struct NetworkWords {
    std::vector<std::string> dns = {};
    std::vector<std::string> dns_search = {};
    std::vector<std::string> dns_options = {};
    std::vector<std::string> hosts = {};
};

struct NetworkFiles {
    std::string hostname = {};
    std::string hosts = {};                  // empty: the image's own stays (--no-hosts)
    std::optional<std::string> resolv = {};  // nothing: the image's own stays (--dns none)
    NetworkWords asked = {};                 // for who looks at the container
};

// `host_resolv` is the host's /etc/resolv.conf. A name server on the host's loopback cannot be
// reached from a network of the container's own, and is left out there. Where that is connected by
// `slirp`, its own name server asks the host's first; that of `pasta` asks it, too, and stands
// before them.
struct NetworkFacts {
    std::string hostname;
    std::string name;  // of the container: it answers to it, too
    bool own_network = true;
    std::optional<network::Settings> slirp = {};
    bool pasta = false;
    bool shared = false;  // with others: its addresses and servers are known at its start
    std::string host_resolv = {};
};
Result<NetworkFiles> compose_network_files(const Options& options, const NetworkFacts& facts);

// What these files say of shared networks: who the container is there, as a line of /etc/hosts
// each, and, unless others were asked for, which server knows the others.
NetworkFiles with_connections(NetworkFiles files, const std::vector<Connection>& connections,
                              const std::string& name);
std::string server_line(const std::vector<Connection>& connections);
std::string hosts_lines(const Connection& connection, const std::string& hostname,
                        const std::string& name);

Result<> check_hostname(std::string_view name);

}  // namespace sbx::container
