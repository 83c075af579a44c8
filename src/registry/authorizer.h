// What goes into Authorization: passwords and tokens, kept for as long as they are good.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/courier.h"
#include "registry/credentials.h"
#include "registry/routes.h"
#include "registry/token.h"

namespace sbx::registry {

// An endpoint, and how it is reached.
struct Site {
    Endpoint endpoint;
    Url root;  // "https://registry-1.docker.io/"
    Verification verification = Verification::on;
    std::string certificate_directory = {};
};

class Authorizer {
public:
    using Id = std::uint64_t;
    using Done = std::move_only_function<void(Result<std::string>)>;  // "Bearer ..."; or empty

    struct Settings {
        std::optional<Credentials> given = {};  // --creds: of the registry, not of its mirrors
        Verification elsewhere = Verification::on;
        int retries = 0;
    };
    Authorizer(Courier& courier, CredentialStore store, Settings settings)
        : courier_(courier), store_(std::move(store)), settings_(std::move(settings)) {}

    // What to send to `site` by all that is known; where that has to be fetched first, later.
    // `done` may be called at once, and then the id is 0.
    Id authorize(const Site& site, Done done);

    // The same after `refused`, a 401 to a request that was sent with `used`.
    Id renew(const Site& site, const Response& refused, std::string_view used, Done done);

    void cancel(Id id);  // its Done is not called

private:
    struct Grant {
        std::string value;
        std::optional<os::Poll::Clock::time_point> expires = {};
    };
    struct Waiting {
        Id id;
        Done done;
    };

    const Grant* find_grant(const Site& site) const;
    Id obtain(const Site& site, Done done);
    Result<std::optional<Credentials>> credentials_for(const Endpoint& endpoint);
    Result<std::string> basic_for(const Site& site);
    Result<Request> token_request(const Site& site, const Challenge& challenge);
    void receive(const std::string& key, Result<Response> result);

    Courier& courier_;
    CredentialStore store_;
    Settings settings_;
    // All by origin and repository: what was asked for, what was got, who waits for it.
    std::map<std::string, Challenge> challenges_;
    std::map<std::string, Grant> grants_;
    std::map<std::string, std::vector<Waiting>> waiting_;
    std::vector<Waiting> delivering_;  // those whose token came, while they are told
    Id last_ = 0;
};

}  // namespace sbx::registry
