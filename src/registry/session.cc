#include "registry/session.h"

#include "base/log.h"

namespace sbx::registry {

Result<std::unique_ptr<Session>> Session::open(os::Poll& poll, os::Timers& timers,
                                               const Settings& settings) {
    std::unique_ptr<Http> http = TRY(Http::open(poll, timers,
                                                {.environment = settings.environment,
                                                 .elsewhere = settings.elsewhere,
                                                 .stalled = settings.stalled}));
    return std::unique_ptr<Session>(new Session(poll, settings, std::move(http), timers));
}

Session::Session(os::Poll& poll, const Settings& settings, std::unique_ptr<Http> http,
                 os::Timers& timers)
    : poll_(poll),
      timers_(timers),
      certificate_directory_(settings.certificate_directory),
      http_(std::move(http)),
      courier_(*http_, timers, settings.retry_delay),
      authorizer_(courier_, CredentialStore(settings.environment, settings.auth_file),
                  {.given = settings.credentials,
                   .elsewhere = settings.elsewhere,
                   .retries = settings.retries}) {}

Session::~Session() {
    while (!exchanges_.empty())
        cancel(exchanges_.begin()->first);
}

Session::Exchange* Session::find(Id id) {
    const auto exchange = exchanges_.find(id);
    return exchange == exchanges_.end() ? nullptr : exchange->second.get();
}

Session::Id Session::ask(Question question, Http::Done done) {
    const Id id = ++last_;
    auto created = std::make_unique<Exchange>(
        Exchange{.id = id, .question = std::move(question), .done = std::move(done)});
    Exchange& exchange = *exchanges_.emplace(id, std::move(created)).first->second;
    exchange.timer = timers_.after(std::chrono::milliseconds(0), [this, &exchange] {
        exchange.timer = 0;
        begin(exchange);
    });
    return id;
}

// Whether it is not known yet if the host, which may speak either, speaks https or http.
bool Session::is_probing(const Exchange& exchange) const {
    const Endpoint& endpoint = exchange.question.endpoint;
    return endpoint.security == Endpoint::Security::insecure && !schemes_.contains(endpoint.host);
}

Result<Site> Session::site_of(const Exchange& exchange) const {
    const Endpoint& endpoint = exchange.question.endpoint;
    const bool insecure = endpoint.security == Endpoint::Security::insecure;
    std::string scheme = exchange.over_https.empty() ? "https" : "http";
    if (const auto known = schemes_.find(endpoint.host); insecure && known != schemes_.end())
        scheme = known->second;
    const Url root = TRY(Url::of(scheme, endpoint.host));
    return Site{.endpoint = endpoint,
                .root = root,
                .verification = insecure ? Verification::off : Verification::on,
                .certificate_directory = certificate_directory_};
}

void Session::begin(Exchange& exchange) {
    Result<Site> site = site_of(exchange);
    if (!site) return finish(exchange, std::move(site).error());
    exchange.site = *std::move(site);
    const Id id = exchange.id;
    const Authorizer::Id permit =
        authorizer_.authorize(exchange.site, [this, id](Result<std::string> value) {
            if (Exchange* waiting = find(id)) send(*waiting, std::move(value));
        });
    if (Exchange* waiting = find(id)) waiting->permit = permit;
}

void Session::send(Exchange& exchange, Result<std::string> authorization) {
    exchange.permit = 0;
    if (!authorization) return finish(exchange, std::move(authorization).error());
    exchange.used = *std::move(authorization);
    const Question& question = exchange.question;
    Request request{.url = exchange.site.root.with_target(question.target),
                    .headers = question.headers,
                    .authorization = exchange.used,
                    .limit = question.limit,
                    .stream = question.stream,
                    .verification = exchange.site.verification,
                    .certificate_directory = exchange.site.certificate_directory};
    // Where https may not be spoken at all, silence is not waited through.
    const bool unsure = is_probing(exchange) && exchange.site.root.origin().secure();
    const Retries retries{.after_silence = unsure ? 0 : question.retries,
                          .after_refusal = question.retries};
    exchange.errand = courier_.send(
        std::move(request), retries,
        [this, &exchange](Result<Response> result) { receive(exchange, std::move(result)); });
}

// Only a host that is configured as insecure is asked over http, and only if https led nowhere.
bool Session::fall_back(Exchange& exchange, const Error& error) {
    if (!is_probing(exchange) || !exchange.over_https.empty()) return false;
    log::debug("asking '{}' over http: {}", exchange.question.endpoint.host, error.text());
    exchange.over_https = error.text();
    return true;
}

void Session::receive(Exchange& exchange, Result<Response> result) {
    exchange.errand = 0;
    const bool probing = is_probing(exchange);
    if (probing && result)
        schemes_[exchange.question.endpoint.host] = exchange.site.root.origin().scheme;
    if (probing && !result) {
        if (fall_back(exchange, result.error())) return begin(exchange);
        result = std::move(result).error().context(
            fmt::format("over https: {}; over http", exchange.over_https));
    }
    const bool refused = result && result->status == 401 && !result->elsewhere;
    if (!refused || exchange.renewed) return finish(exchange, std::move(result));
    exchange.renewed = true;
    const Id id = exchange.id;
    const Authorizer::Id permit = authorizer_.renew(exchange.site, *result, exchange.used,
                                                    [this, id](Result<std::string> value) {
                                                        if (Exchange* waiting = find(id))
                                                            send(*waiting, std::move(value));
                                                    });
    if (Exchange* waiting = find(id)) waiting->permit = permit;
}

void Session::finish(Exchange& exchange, Result<Response> result) {
    Http::Done done = std::move(exchange.done);
    exchanges_.erase(exchange.id);
    done(std::move(result));
}

void Session::cancel(Id id) {
    const Exchange* exchange = find(id);
    if (!exchange) return;
    timers_.cancel(exchange->timer);
    authorizer_.cancel(exchange->permit);
    courier_.cancel(exchange->errand);
    exchanges_.erase(id);
}

Result<Session::Reply> Session::wait_for(Question question) {
    std::optional<Result<Response>> response;
    const Id id = ask(std::move(question),
                      [&](Result<Response> result) { response.emplace(std::move(result)); });
    while (!response) {
        Result<os::Poll::Outcome> round = poll_.wait();
        if (round) continue;
        cancel(id);
        return std::move(round).error();
    }
    return Reply{.response = *std::move(response)};
}

}  // namespace sbx::registry
