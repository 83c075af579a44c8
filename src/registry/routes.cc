#include "registry/routes.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::registry {

static constexpr std::string_view kDocker = "docker.io";

Result<Routes> Routes::read(const Environment& environment, RegistrySettingsByHost settings) {
    return Routes(TRY(read_registries_conf(environment)), std::move(settings));
}

Result<Endpoint> Routes::endpoint(const std::string& location) const {
    const oci::Reference place = TRY(oci::Reference::parse(location), "following registries.conf");
    Endpoint endpoint{.domain = place.domain(), .host = place.domain(), .repository = place.path()};
    // What answers at docker.io itself is a web site.
    if (endpoint.domain == kDocker) endpoint.host = "registry-1.docker.io";
    const auto known = settings_.find(endpoint.domain);
    if (known == settings_.end()) return endpoint;
    if (known->second.insecure) endpoint.security = Endpoint::Security::insecure;
    if (!known->second.token_realm.empty())
        endpoint.token_realm = TRY(Url::parse(known->second.token_realm),
                                   "registry.\"{}\".token_realm", endpoint.domain)
                                   .origin();
    return endpoint;
}

static bool is_used(const Mirror& mirror, const oci::Reference& reference) {
    switch (mirror.use) {
        case Mirror::Use::always: return true;
        case Mirror::Use::by_digest: return reference.digest().has_value();
        case Mirror::Use::by_tag: return !reference.digest();
    }
    return false;
}

Result<std::vector<Endpoint>> Routes::endpoints(const oci::Reference& reference) const {
    const std::string name = reference.text();
    const Rule* rule = conf_.find(name);
    std::vector<Endpoint> all;
    if (!rule) {
        all.push_back(TRY(endpoint(name)));
        return all;
    }
    if (rule->blocked)
        return Error(Error::Kind::denied, "'{}' is blocked by registries.conf", rule->prefix);
    const std::string rest = name.substr(covered_by(name, rule->prefix).value_or(0));
    for (const Mirror& mirror : rule->mirrors) {
        if (!is_used(mirror, reference)) continue;
        all.push_back(TRY(endpoint(mirror.location + rest)));
        all.back().kind = Endpoint::Kind::mirror;
        if (mirror.insecure) all.back().security = Endpoint::Security::insecure;
    }
    all.push_back(TRY(endpoint(rule->location.empty() ? name : rule->location + rest)));
    if (rule->insecure) all.back().security = Endpoint::Security::insecure;
    return all;
}

// The name without its tag and digest, and those.
static std::size_t suffix_at(std::string_view text) {
    const std::size_t slash = text.rfind('/', text.find('@'));
    return std::min(text.find_first_of(":@", slash == text.npos ? 0 : slash), text.size());
}

Result<oci::Reference> Routes::resolve_short_name(std::string_view text) const {
    if (oci::has_domain(text)) return oci::Reference::parse(text);
    const std::size_t suffix = suffix_at(text);
    if (const auto alias = conf_.aliases.find(std::string(text.substr(0, suffix)));
        alias != conf_.aliases.end() && !alias->second.empty())
        return TRY(oci::Reference::parse(alias->second + std::string(text.substr(suffix))),
                   "the alias of '{}' in registries.conf", excerpt(text));
    if (!conf_.unqualified || conf_.unqualified->empty()) return oci::Reference::parse(text);
    if (conf_.unqualified->size() == 1)
        return oci::Reference::parse(fmt::format("{}/{}", conf_.unqualified->front(), text));
    std::string candidates;
    for (const std::string& registry : *conf_.unqualified)
        candidates += fmt::format("{}'{}/{}'", candidates.empty() ? "" : ", ", registry, text);
    return Error(Error::Kind::usage, "'{}' could be any of {}", excerpt(text),
                 printable(candidates))
        .hint("write out which; registries.conf names several registries for short names");
}

}  // namespace sbx::registry
