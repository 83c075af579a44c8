// Bearer tokens: the protocol of distribution's docs/spec/auth/token.md and oauth.md, the part that
// is decided without talking to anyone.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "registry/challenge.h"
#include "registry/credentials.h"
#include "registry/url.h"

namespace sbx::registry {

// Where a registry says tokens are had.
struct Realm {
    Url url;
    std::string service = {};

    static Result<Realm> from(const Challenge& challenge);
};

// Whether a token may be asked for at `realm` on behalf of `registry`, and whether a password may
// be shown there. Without a password: over https, or over http on the very host that was itself
// reached over http. With one: on the origin of the registry, or over https on its host, a domain
// above or below that, or one that is known or configured to belong to it.
struct RealmRule {
    Origin registry;
    std::optional<Origin> configured = {};  // registry."HOST".token_realm
};
Result<> check_realm(const RealmRule& rule, const Url& realm);
Result<> check_realm_for_password(const RealmRule& rule, const Url& realm);

// The query, or the form, of a request for a token to pull from `repository`.
std::string token_query(const Realm& realm, std::string_view repository, std::string_view user);
std::string token_form(const Realm& realm, std::string_view repository,
                       std::string_view identity_token);

struct Token {
    std::string text;
    std::chrono::seconds lifetime{60};
};
Result<Token> parse_token(std::string_view body);

std::string basic_authorization(const Credentials& credentials);  // RFC 7617

}  // namespace sbx::registry
