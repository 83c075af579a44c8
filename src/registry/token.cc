#include "registry/token.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/sha256.h"
#include "base/text.h"

namespace sbx::registry {

Result<Realm> Realm::from(const Challenge& challenge) {
    const std::string_view realm = challenge.find("realm");
    if (realm.empty())
        return Error(Error::Kind::failed, "the registry does not say where its tokens are had");
    return Realm{.url = TRY(Url::parse(realm), "the registry's token realm"),
                 .service = std::string(challenge.find("service"))};
}

// A host whose tokens come from another name that is neither above nor below its own.
struct Kinship {
    std::string_view registry;
    std::string_view realm;
};
static constexpr std::array kKin = {
    Kinship{.registry = "registry-1.docker.io", .realm = "auth.docker.io"},
    Kinship{.registry = "registry.digitalocean.com", .realm = "api.digitalocean.com"},
};

// Addresses have no domains above them, and a single label has none that anyone owns.
static bool is_domain(std::string_view host) {
    const std::size_t dot = host.rfind('.');
    return dot != host.npos &&
           std::ranges::any_of(host.substr(dot), [](char c) { return c >= 'a' && c <= 'z'; });
}

static bool is_below(std::string_view host, std::string_view above) {
    return is_domain(above) && host.size() > above.size() && host.ends_with(above) &&
           host[host.size() - above.size() - 1] == '.';
}

// Neighbours (a.example.com and b.example.com) do not count: above them may be a provider that
// gives names to anyone.
static bool belongs_to(const Origin& registry, const Origin& realm) {
    if (!registry.secure() || !realm.secure()) return false;
    if (registry.host == realm.host) return true;
    if (is_below(registry.host, realm.host) || is_below(realm.host, registry.host)) return true;
    return std::ranges::any_of(kKin, [&](const Kinship& kin) {
        return kin.registry == registry.host && kin.realm == realm.host && realm.port == 443;
    });
}

Result<> check_realm(const RealmRule& rule, const Url& realm) {
    const bool plain_neighbour =
        !rule.registry.secure() && realm.origin().host == rule.registry.host;
    if (realm.origin().secure() || plain_neighbour) return {};
    return Error(Error::Kind::denied,
                 "the registry '{}' wants a token to be fetched from '{}', which is not safe",
                 rule.registry.authority(), printable(realm.without_query()));
}

Result<> check_realm_for_password(const RealmRule& rule, const Url& realm) {
    TRY(check_realm(rule, realm));
    const bool configured = rule.configured && *rule.configured == realm.origin() &&
                            (realm.origin().secure() || !rule.registry.secure());
    if (configured || realm.origin() == rule.registry || belongs_to(rule.registry, realm.origin()))
        return {};
    return Error(Error::Kind::denied,
                 "the registry '{}' wants its password to be sent to '{}', which is not clearly "
                 "a part of it",
                 rule.registry.authority(), printable(realm.without_query()))
        .hint(fmt::format("if it is, set registry.\"{}\".token_realm = \"{}\" in the configuration",
                          rule.registry.authority(), realm.origin().text()));
}

static std::string scope_of(std::string_view repository) {
    return percent_encoded(fmt::format("repository:{}:pull", repository));
}

std::string token_query(const Realm& realm, std::string_view repository, std::string_view user) {
    std::string query = fmt::format("scope={}", scope_of(repository));
    if (!realm.service.empty()) query += fmt::format("&service={}", percent_encoded(realm.service));
    if (!user.empty()) query += fmt::format("&account={}", percent_encoded(user));
    return query;
}

std::string token_form(const Realm& realm, std::string_view repository,
                       std::string_view identity_token) {
    return fmt::format(
        "grant_type=refresh_token&client_id=sbx&service={}&scope={}&refresh_token={}",
        percent_encoded(realm.service), scope_of(repository), percent_encoded(identity_token));
}

Result<Token> parse_token(std::string_view body) {
    const Result<Json> json = Json::parse(body);
    if (!json) return Error(Error::Kind::failed, "the answer is not JSON");
    const std::string* text = (*json)["token"].as_string();
    if (!text || text->empty()) text = (*json)["access_token"].as_string();
    const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
    if (!text || text->empty() || !std::ranges::all_of(*text, visible))
        return Error(Error::Kind::failed, "there is no token in the answer");
    Token token{.text = *text};
    if (const std::optional<std::int64_t> lifetime = (*json)["expires_in"].as_integer())
        token.lifetime = std::chrono::seconds(std::clamp<std::int64_t>(*lifetime, 0, 86400));
    return token;
}

std::string basic_authorization(const Credentials& credentials) {
    return "Basic " + base64(fmt::format("{}:{}", credentials.user, credentials.password));
}

}  // namespace sbx::registry
