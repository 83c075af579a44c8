// Who one is to a registry: containers-auth.json(5), and docker's config.json with its helpers.
//
// Nothing here puts a secret into an error or a log: an auth file that cannot be read is reported
// by its name and the place in it, never with what stands there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "registry/environment.h"

namespace sbx::registry {

struct Credentials {
    std::string user = {};
    std::string password = {};
    std::string identity_token = {};  // instead of a password, where a registry gave one

    friend bool operator==(const Credentials&, const Credentials&) = default;
};

// What is asked for: a repository, by the name people write ("docker.io", "library/alpine").
struct Account {
    std::string domain;
    std::string path;
};

// What one auth file says of an account: the helper that may know more, and what stands there.
struct AuthEntry {
    std::string own_helper = {};      // of "credHelpers": for this registry
    std::string default_helper = {};  // "credsStore": for whatever has no other
    std::optional<Credentials> credentials = {};
};
Result<AuthEntry> find_entry(const Json& auth_file, const Account& account);

// The files looked into without --authfile, the first that knows the account wins.
std::vector<std::string> auth_file_paths(const Environment& environment);

class CredentialStore {
public:
    // `auth_file` is --authfile; empty: $REGISTRY_AUTH_FILE, or else the files of auth_file_paths.
    CredentialStore(Environment environment, std::string auth_file);

    Result<std::optional<Credentials>> find(const Account& account);

private:
    Result<std::optional<Credentials>> look_up(const Account& account) const;
    Result<std::optional<Credentials>> look_into(const std::string& path,
                                                 const Account& account) const;

    Environment environment_;
    std::vector<std::string> paths_;
    bool named_ = false;  // the person named the file, so it has to be there
    std::map<std::string, std::optional<Credentials>> found_ = {};
};

}  // namespace sbx::registry
