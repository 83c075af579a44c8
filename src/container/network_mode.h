// --network, as a person says it.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "container/options.h"
#include "network/pasta_options.h"
#include "network/settings.h"

namespace sbx::container {

struct NetworkMode {
    bool host = false;        // the host's own; else the container has one
    std::string joined = {};  // one that is there: "container:NAME" or "ns:PATH"
    // How that is connected to the world; nothing where its loopback device is all there is.
    std::optional<network::Settings> slirp = {};
    std::optional<network::PastaOptions> pasta = {};  // or so
};

// "none", "host", "container:NAME", "ns:PATH", or "slirp" with options:
// "slirp:mtu=1500,ipv6=false", or "pasta" likewise: "pasta:--mtu,1500". Those of docker and podman
// that mean a network with a way out are that, too. Empty is the default, which is slirp.
// Kind::unsupported for what others have, Kind::usage for what nobody has.
Result<NetworkMode> parse_network_mode(const std::string& text);

// Where what was given as networks is one with a meaning of its own, it becomes the mode; of such
// there can be but one, and no other network beside. Kind::usage.
Result<> choose_network(Options& options);

// "none", "host", "slirp", "slirp:mtu=1500": what `inspect` shows.
std::string text_of(const NetworkMode& mode);

}  // namespace sbx::container
