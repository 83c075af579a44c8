#include "registry/credentials.h"

#include "base/log.h"
#include "base/sha256.h"
#include "base/text.h"
#include "registry/config_file.h"
#include "registry/credential_helper.h"

namespace sbx::registry {

static constexpr std::string_view kDocker = "docker.io";
static constexpr std::string_view kDockerServer = "https://index.docker.io/v1/";

// docker's keys of old are URLs, and its own registry has several names.
static std::string normal_host(std::string_view key) {
    const bool url = key.starts_with("https://") || key.starts_with("http://");
    if (url) key = key.substr(key.find("://") + 3);
    if (url) key = key.substr(0, key.find('/'));
    if (key == "index.docker.io" || key == "registry-1.docker.io") return std::string(kDocker);
    return std::string(key);
}

static const Json* find_host(const Json& members, std::string_view domain) {
    if (const Json* exact = members.find(domain)) return exact;
    for (const auto& [key, value] : members.members())
        if (normal_host(key) == domain) return &value;
    return nullptr;
}

static bool is_empty(const Json& entry) {
    for (const char* field : {"auth", "identitytoken"})
        if (const std::string* text = entry[field].as_string(); text && !text->empty())
            return false;
    return true;
}

// The entry of the longest key that covers the account: host/namespace/name down to the host.
static const Json* find_account(const Json& auths, const Account& account) {
    for (std::string key = account.domain + "/" + account.path;; key.resize(key.rfind('/'))) {
        const Json* entry = auths.find(key);
        if (entry && !is_empty(*entry)) return entry;
        if (!key.contains('/')) break;
    }
    const Json* entry = find_host(auths, account.domain);
    return entry && !is_empty(*entry) ? entry : nullptr;
}

static Result<Credentials> decode(const Json& entry) {
    Credentials credentials;
    if (const std::string* token = entry["identitytoken"].as_string())
        credentials.identity_token = *token;
    const std::string* encoded = entry["auth"].as_string();
    if (!encoded || encoded->empty()) return credentials;
    const Result<std::string> text = unbase64(*encoded);
    const std::optional<Halves> parts = text ? halves(*text, ':') : std::nullopt;
    if (!parts) return Error(Error::Kind::usage, "its 'auth' is not user:password in base64");
    credentials.user = parts->before;
    credentials.password = parts->after;
    while (credentials.password.ends_with('\0'))  // some docker versions padded it
        credentials.password.pop_back();
    return credentials;
}

Result<AuthEntry> find_entry(const Json& auth_file, const Account& account) {
    if (!auth_file.as_object()) return Error(Error::Kind::usage, "it is not an object");
    AuthEntry found;
    if (const Json* helper = find_host(auth_file["credHelpers"], account.domain);
        helper && helper->as_string())
        found.own_helper = *helper->as_string();
    if (const std::string* helper = auth_file["credsStore"].as_string())
        found.default_helper = *helper;
    if (const Json* entry = find_account(auth_file["auths"], account))
        found.credentials = TRY(decode(*entry), "the entry for '{}'", account.domain);
    return found;
}

std::vector<std::string> auth_file_paths(const Environment& environment) {
    std::vector<std::string> paths;
    const auto add = [&](const std::string& directory, const char* name) {
        if (directory.starts_with('/')) paths.push_back(fmt::format("{}/{}", directory, name));
    };
    add(environment.get("XDG_RUNTIME_DIR"), "containers/auth.json");
    add(environment.config_home(), "containers/auth.json");
    const std::string docker = environment.get("DOCKER_CONFIG");
    add(docker.empty() && !environment.home().empty() ? environment.home() + "/.docker" : docker,
        "config.json");
    return paths;
}

CredentialStore::CredentialStore(Environment environment, std::string auth_file)
    : environment_(std::move(environment)) {
    if (auth_file.empty()) auth_file = environment_.get("REGISTRY_AUTH_FILE");
    named_ = !auth_file.empty();
    paths_ = named_ ? std::vector{std::move(auth_file)} : auth_file_paths(environment_);
}

static Result<std::optional<Credentials>> ask_helper(const Environment& environment,
                                                     std::string_view helper,
                                                     const Account& account) {
    if (account.domain != kDocker)
        return ask_credential_helper(environment, helper, account.domain);
    // docker keeps its own registry under an URL, podman under the name.
    std::optional<Credentials> found =
        TRY(ask_credential_helper(environment, helper, kDockerServer));
    if (found) return found;
    return ask_credential_helper(environment, helper, kDocker);
}

Result<std::optional<Credentials>> CredentialStore::look_into(const std::string& path,
                                                              const Account& account) const {
    const std::optional<std::string> text = TRY(read_config_file(path));
    if (!text && named_) return Error(Error::Kind::not_found, "there is no auth file '{}'", path);
    if (!text) return std::optional<Credentials>{};
    const Result<Json> json = Json::parse(*text);
    if (!json) return Error(Error::Kind::usage, "reading '{}': not valid JSON", path);
    AuthEntry entry = TRY(find_entry(*json, account), "reading '{}'", path);
    if (!entry.own_helper.empty()) return ask_helper(environment_, entry.own_helper, account);
    if (entry.default_helper.empty()) return entry.credentials;
    // docker's config.json often outlives the desktop whose helper it names; what needs no password
    // is not to fail for that.
    Result<std::optional<Credentials>> kept =
        ask_helper(environment_, entry.default_helper, account);
    if (!kept)
        log::debug("asking '{}' of '{}': {}", entry.default_helper, path, kept.error().text());
    if (kept && *kept) return kept;
    return entry.credentials;
}

Result<std::optional<Credentials>> CredentialStore::look_up(const Account& account) const {
    for (const std::string& path : paths_) {
        std::optional<Credentials> found = TRY(look_into(path, account));
        if (found) return found;
    }
    return std::optional<Credentials>{};
}

Result<std::optional<Credentials>> CredentialStore::find(const Account& account) {
    const std::string key = account.domain + "/" + account.path;
    if (const auto known = found_.find(key); known != found_.end()) return known->second;
    std::optional<Credentials> found =
        TRY(look_up(account), "looking up the password for '{}'", account.domain);
    return found_.emplace(key, std::move(found)).first->second;
}

}  // namespace sbx::registry
