#include "container/network_mode.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "container/shared_namespaces.h"

namespace sbx::container {

static constexpr std::array<std::string_view, 6> kSlirp = {"",        "slirp",  "slirp4netns",
                                                           "default", "bridge", "private"};

static Error refused(const std::string& text) {
    return Error(Error::Kind::unsupported, "--network {}: there is no such network", excerpt(text))
        .hint("none, host, slirp[:OPTIONS], pasta[:OPTIONS] and container:NAME are there");
}

Result<NetworkMode> parse_network_mode(const std::string& text) {
    if (text == "host") return NetworkMode{.host = true};
    if (text == "none") return NetworkMode{};
    if (joins_namespace(text)) return NetworkMode{.joined = text};
    const auto sides = halves(text, ':');
    const std::string_view kind = sides ? sides->before : std::string_view(text);
    NetworkMode mode;
    if (kind == "pasta") {
        mode.pasta =
            TRY(network::PastaOptions::parse(sides ? sides->after : ""), "--network pasta");
        return mode;
    }
    if (std::ranges::find(kSlirp, kind) == kSlirp.end()) return refused(text);
    if (sides && !kind.starts_with("slirp"))
        return Error(Error::Kind::usage, "--network {}: {} takes no options", excerpt(text), kind);
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

static std::string with(const std::string& options, std::string kind) {
    return options.empty() ? std::move(kind) : std::move(kind) + ":" + options;
}

std::string text_of(const NetworkMode& mode) {
    if (mode.host) return "host";
    if (!mode.joined.empty()) return mode.joined;
    if (mode.pasta) return with(mode.pasta->text(), "pasta");
    return mode.slirp ? with(mode.slirp->text(), "slirp") : "none";
}

}  // namespace sbx::container
