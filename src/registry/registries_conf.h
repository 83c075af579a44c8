// containers-registries.conf(5), version 2: what podman's users have already written down.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "registry/environment.h"

namespace sbx::registry {

struct Mirror {
    enum class Use : std::uint8_t { always, by_digest, by_tag };

    std::string location;
    bool insecure = false;
    Use use = Use::always;
};

// A [[registry]] table: what to do with references that begin with `prefix`.
struct Rule {
    std::string prefix;
    std::string location = {};  // replaces the prefix; empty: the reference stays as it is
    bool insecure = false;
    bool blocked = false;
    std::vector<Mirror> mirrors = {};
};

struct RegistriesConf {
    std::vector<Rule> rules = {};
    std::map<std::string, std::string> aliases = {};           // short name -> repository
    std::optional<std::vector<std::string>> unqualified = {};  // registries tried for short names

    static Result<RegistriesConf> parse(std::string_view text, const std::string& file);

    // Takes over what `later`, a file read after this one, says.
    void merge(RegistriesConf later);

    // The rule with the longest prefix that covers `reference` ("host/path:tag@digest").
    const Rule* find(std::string_view reference) const;
};

// How much of `reference` the prefix covers, from its start; nothing where it does not. A prefix
// ends where a part of the name does; "*.host" covers every name below that host.
std::optional<std::size_t> covered_by(std::string_view reference, std::string_view prefix);

// All of the machine's and the person's files, merged in the order of the manual.
Result<RegistriesConf> read_registries_conf(const Environment& environment);

}  // namespace sbx::registry
