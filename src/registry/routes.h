// Where an image is really fetched from: the registry its name names, or the mirrors and
// replacements that are configured for it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "oci/reference.h"
#include "registry/environment.h"
#include "registry/registries_conf.h"
#include "registry/url.h"

namespace sbx::registry {

// What sbx's own configuration says of one registry, registry."HOST[:PORT]".
struct RegistrySettings {
    bool insecure = false;         // plain http, or https with any certificate
    std::string token_realm = {};  // where its passwords may go besides: "https://auth.example"
};
using RegistrySettingsByHost = std::map<std::string, RegistrySettings>;

// A repository at a place.
struct Endpoint {
    enum class Kind : std::uint8_t { registry, mirror };
    enum class Security : std::uint8_t { verified, insecure };

    std::string domain;      // what passwords are kept under: "docker.io"
    std::string host;        // what is connected to: "registry-1.docker.io"
    std::string repository;  // "library/alpine"
    Kind kind = Kind::registry;
    Security security = Security::verified;
    std::optional<Origin> token_realm = {};
};

class Routes {
public:
    // From the machine's and the person's registries.conf; `settings` weighs more than those.
    static Result<Routes> read(const Environment& environment, RegistrySettingsByHost settings);
    Routes(RegistriesConf conf, RegistrySettingsByHost settings)
        : conf_(std::move(conf)), settings_(std::move(settings)) {}

    // Where to ask for `reference`, in this order; the registry itself is the last.
    Result<std::vector<Endpoint>> endpoints(const oci::Reference& reference) const;

    // What a person means by `text`: an alias, or a name at the one registry that unqualified names
    // are looked for at (docker.io, unless another is configured).
    Result<oci::Reference> resolve_short_name(std::string_view text) const;

private:
    Result<Endpoint> endpoint(const std::string& location) const;

    RegistriesConf conf_;
    RegistrySettingsByHost settings_;
};

}  // namespace sbx::registry
