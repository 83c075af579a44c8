// http and https URLs: RFC 3986, as strict as it allows.
//
// What is checked (who may see a password, where a redirect may lead) has to be what is connected
// to. So a text that two parsers could take differently (user information, a backslash, a space, a
// host with characters no host has) is no Url at all, and libcurl is only ever given url.text().
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sbx::registry {

// Whom one talks to: RFC 6454, section 4.
struct Origin {
    std::string scheme;  // "http" or "https"
    std::string host;    // lower case; an IPv6 address with its brackets
    std::uint16_t port = 0;

    bool secure() const { return scheme == "https"; }
    std::string authority() const;  // "host", or "host:port" where the port is not the scheme's own
    std::string text() const { return scheme + "://" + authority(); }

    friend bool operator==(const Origin&, const Origin&) = default;
    friend std::strong_ordering operator<=>(const Origin&, const Origin&) = default;
};

class Url {
public:
    static Result<Url> parse(std::string_view text);  // absolute; a fragment is dropped
    static Result<Url> of(std::string_view scheme, std::string_view authority);  // with target "/"

    const Origin& origin() const { return origin_; }
    const std::string& target() const { return target_; }  // path and query: "/v2/?n=1"
    std::string text() const { return origin_.text() + target_; }
    std::string without_query() const;  // for showing: a query may carry a signature

    // What `reference` means where it stands in an answer from here: RFC 3986, section 5.2.
    Result<Url> resolve(std::string_view reference) const;
    Url with_target(std::string target) const;  // precondition: it begins with '/'

private:
    Origin origin_;
    std::string target_ = "/";
};

// `text` as one value in a query: everything but letters, digits and "-._~" as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace sbx::registry
