#include "registry/authorizer.h"

#include <algorithm>

#include "base/text.h"
#include "registry/refusal.h"

namespace sbx::registry {

static constexpr std::size_t kLargestToken = std::size_t{1} << 20;

// A token is good for one repository, so one's password never serves another's.
static std::string key_of(const Site& site) {
    return fmt::format("{} {}", site.root.origin().text(), site.endpoint.repository);
}

// Bearer before Basic: where both are offered the token is the lesser secret.
static Result<Challenge> choose(const Response& refused) {
    std::optional<Challenge> basic;
    for (const std::string_view field : refused.headers.all("www-authenticate"))
        for (Challenge& challenge : TRY(parse_challenges(field))) {
            if (challenge.scheme == "bearer") return std::move(challenge);
            if (challenge.scheme == "basic" && !basic) basic = std::move(challenge);
        }
    if (basic) return *std::move(basic);
    return refusal(refused);
}

const Authorizer::Grant* Authorizer::find_grant(const Site& site) const {
    const auto grant = grants_.find(key_of(site));
    if (grant == grants_.end()) return nullptr;
    const std::optional<os::Poll::Clock::time_point>& expires = grant->second.expires;
    return expires && os::Poll::Clock::now() >= *expires ? nullptr : &grant->second;
}

Authorizer::Id Authorizer::authorize(const Site& site, Done done) {
    const Grant* grant = find_grant(site);
    if (!grant && challenges_.contains(key_of(site))) return obtain(site, std::move(done));
    done(grant ? grant->value : "");
    return 0;
}

Authorizer::Id Authorizer::renew(const Site& site, const Response& refused, std::string_view used,
                                 Done done) {
    const Grant* grant = find_grant(site);
    if (grant && grant->value != used) {
        done(grant->value);  // another request met the same refusal earlier
        return 0;
    }
    grants_.erase(key_of(site));
    Result<Challenge> challenge = choose(refused);
    if (challenge && challenge->scheme == "basic" && used.starts_with("Basic "))
        challenge = refusal(refused);  // the password was not believed
    if (!challenge) {
        done(std::move(challenge).error());
        return 0;
    }
    challenges_.insert_or_assign(key_of(site), *std::move(challenge));
    return obtain(site, std::move(done));
}

Result<std::optional<Credentials>> Authorizer::credentials_for(const Endpoint& endpoint) {
    if (settings_.given && endpoint.kind == Endpoint::Kind::registry) return settings_.given;
    return store_.find({.domain = endpoint.domain, .path = endpoint.repository});
}

Result<std::string> Authorizer::basic_for(const Site& site) {
    const std::optional<Credentials> credentials = TRY(credentials_for(site.endpoint));
    if (!credentials || credentials->user.empty())
        return Error(Error::Kind::denied, "the registry '{}' wants a user name and a password",
                     site.root.origin().authority())
            .hint(fmt::format("`podman login {}`, or the option --creds", site.endpoint.domain));
    return basic_authorization(*credentials);
}

Result<Request> Authorizer::token_request(const Site& site, const Challenge& challenge) {
    const Realm realm = TRY(Realm::from(challenge));
    const std::optional<Credentials> credentials = TRY(credentials_for(site.endpoint));
    const RealmRule rule{.registry = site.root.origin(), .configured = site.endpoint.token_realm};
    Request request{.url = realm.url, .limit = kLargestToken};
    if (realm.url.origin() == site.root.origin()) {
        request.verification = site.verification;
        request.certificate_directory = site.certificate_directory;
    } else {
        request.verification = settings_.elsewhere;
    }
    TRY(credentials ? check_realm_for_password(rule, realm.url) : check_realm(rule, realm.url));
    const std::string& repository = site.endpoint.repository;
    if (credentials && !credentials->identity_token.empty()) {
        request.form = token_form(realm, repository, credentials->identity_token);
        return request;
    }
    if (credentials) request.authorization = basic_authorization(*credentials);
    const std::string query = token_query(realm, repository, credentials ? credentials->user : "");
    const std::string& target = realm.url.target();
    request.url = realm.url.with_target(
        fmt::format("{}{}{}", target, target.contains('?') ? '&' : '?', query));
    return request;
}

// By the challenge that is known; requests that need the same token wait for it together.
Authorizer::Id Authorizer::obtain(const Site& site, Done done) {
    const std::string key = key_of(site);
    const Challenge& challenge = challenges_.at(key);
    if (challenge.scheme == "basic") {
        Result<std::string> basic = basic_for(site);
        if (basic) grants_.insert_or_assign(key, Grant{.value = *basic});
        done(std::move(basic));
        return 0;
    }
    const Id id = ++last_;
    if (const auto others = waiting_.find(key); others != waiting_.end()) {
        others->second.push_back({.id = id, .done = std::move(done)});
        return id;
    }
    Result<Request> request = token_request(site, challenge);
    if (!request) {
        done(std::move(request).error());
        return 0;
    }
    waiting_[key].push_back({.id = id, .done = std::move(done)});
    courier_.send(*std::move(request),
                  {.after_silence = settings_.retries, .after_refusal = settings_.retries},
                  [this, key](Result<Response> result) { receive(key, std::move(result)); });
    return id;
}

static Result<Token> read_token(Result<Response> result) {
    const Response response = TRY(std::move(result));
    if (response.status != 200) return refusal(response);
    if (is_web_page(response)) return not_a_registry(response);
    return parse_token(response.body);
}

// Each of those that wait for a token gets the error for itself.
static Error copy_of(const Error& error) {
    return Error(error.kind(), "{}", error.text()).hint(error.hint());
}

void Authorizer::receive(const std::string& key, Result<Response> result) {
    const Result<Token> token = read_token(std::move(result));
    if (token)
        grants_.insert_or_assign(key, Grant{.value = "Bearer " + token->text,
                                            .expires = os::Poll::Clock::now() + token->lifetime});
    delivering_ = std::move(waiting_.extract(key).mapped());
    while (!delivering_.empty()) {
        Done done = std::move(delivering_.front().done);
        delivering_.erase(delivering_.begin());
        if (token)
            done("Bearer " + token->text);
        else
            done(copy_of(token.error()).context("fetching a token"));
    }
}

void Authorizer::cancel(Id id) {
    const auto is_it = [&](const Waiting& waiting) { return waiting.id == id; };
    for (auto& [key, all] : waiting_)
        std::erase_if(all, is_it);
    std::erase_if(delivering_, is_it);
}

}  // namespace sbx::registry
