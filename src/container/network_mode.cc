#include "container/network_mode.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "container/shared_namespaces.h"

namespace sbx::container {

static constexpr std::array<std::string_view, 6> kSlirp = {"",        "slirp",  "slirp4netns",
                                                           "default", "bridge", "private"};

static Error refused(const std::string& text, std::string_view kind) {
    const Error::Kind unsupported = Error::Kind::unsupported;
    constexpr const char* kHint = "none, host, slirp[:OPTIONS] and container:NAME are there";
    if (kind == "pasta")
        return Error(unsupported, "--network {}: pasta is a program that sbx does not use",
                     excerpt(text))
            .hint("slirp does what it does, within sbx");
    return Error(unsupported, "--network {}: there is no such network", excerpt(text)).hint(kHint);
}

Result<NetworkMode> parse_network_mode(const std::string& text) {
    if (text == "host") return NetworkMode{.host = true};
    if (text == "none") return NetworkMode{};
    if (joins_namespace(text)) return NetworkMode{.joined = text};
    const auto sides = halves(text, ':');
    const std::string_view kind = sides ? sides->before : std::string_view(text);
    if (std::ranges::find(kSlirp, kind) == kSlirp.end()) return refused(text, kind);
    if (sides && !kind.starts_with("slirp"))
        return Error(Error::Kind::usage, "--network {}: {} takes no options", excerpt(text), kind);
    NetworkMode mode;
    mode.slirp = TRY(network::Settings::parse(sides ? sides->after : ""), "--network {}", kind);
    return mode;
}

Result<> choose_network(Options& options) {
    std::vector<std::string>& networks = options.networks;
    const auto mode = std::ranges::find_if(networks, is_network_mode);
    if (mode == networks.end()) return {};
    if (networks.size() > 1)
        return Error(Error::Kind::usage, "--network {}: no other network can be beside it",
                     excerpt(*mode));
    options.network = std::move(*mode);
    networks.clear();
    return {};
}

std::string text_of(const NetworkMode& mode) {
    if (mode.host) return "host";
    if (!mode.joined.empty()) return mode.joined;
    if (!mode.slirp) return "none";
    const std::string options = mode.slirp->text();
    return options.empty() ? "slirp" : "slirp:" + options;
}

}  // namespace sbx::container
