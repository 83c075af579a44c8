#include "registry/client.h"

#include <algorithm>
#include <deque>

#include "base/log.h"
#include "base/text.h"
#include "registry/download.h"
#include "registry/refusal.h"
#include "registry/session.h"
#include "registry/tag_list.h"

namespace sbx::registry {

static constexpr std::size_t kMostDownloads = 6;

static constexpr std::string_view kAccept =
    "Accept: application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json";

// Its members go in the order opposite to this, which is the order of who uses whom.
struct Client::State {
    os::Poll& poll;
    Routes routes;
    Options options;
    std::unique_ptr<os::Timers> timers;
    std::unique_ptr<Session> session;
    std::deque<std::unique_ptr<Download>> waiting = {};
    std::vector<std::unique_ptr<Download>> active = {};

    Result<std::vector<Endpoint>> endpoints(const oci::Reference& reference) const;
    int retries_at(const Endpoint& endpoint) const {
        return endpoint.kind == Endpoint::Kind::mirror ? 0 : options.retries;
    }
    void start_waiting();
    void end(const Download& download, Result<> outcome);
};

Result<Client> Client::open(os::Poll& poll, Routes routes, Options options) {
    std::unique_ptr<os::Timers> timers = TRY(os::Timers::open(poll));
    const bool trusting = options.tls_verify == false;
    const Session::Settings settings{.environment = options.environment,
                                     .credentials = options.credentials,
                                     .auth_file = options.auth_file,
                                     .certificate_directory = options.certificate_directory,
                                     .elsewhere = trusting ? Verification::off : Verification::on,
                                     .retries = options.retries,
                                     .retry_delay = options.retry_delay,
                                     .stalled = options.stalled};
    std::unique_ptr<Session> session = TRY(Session::open(poll, *timers, settings));
    return Client(std::unique_ptr<State>(new State{.poll = poll,
                                                   .routes = std::move(routes),
                                                   .options = std::move(options),
                                                   .timers = std::move(timers),
                                                   .session = std::move(session)}));
}

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client::~Client() = default;

Result<std::vector<Endpoint>> Client::State::endpoints(const oci::Reference& reference) const {
    std::vector<Endpoint> all = TRY(routes.endpoints(reference));
    if (!options.tls_verify) return all;
    const auto security =
        *options.tls_verify ? Endpoint::Security::verified : Endpoint::Security::insecure;
    for (Endpoint& endpoint : all)
        endpoint.security = security;
    return all;
}

static Result<> check_digest(const oci::Digest& actual, const oci::Reference& reference,
                             const Response& response) {
    const std::string host = response.url.origin().authority();
    if (const std::optional<oci::Digest>& wanted = reference.digest()) {
        if (*wanted == actual) return {};
        return Error(Error::Kind::failed, "'{}' sends a manifest that has another digest, '{}'",
                     host, actual.text());
    }
    const std::string_view claimed = response.headers.find("docker-content-digest");
    if (claimed.empty() || claimed == actual.text()) return {};
    return Error(Error::Kind::failed, "'{}' says the manifest is '{}', but what it sends is '{}'",
                 host, excerpt(claimed), actual.text());
}

static Result<Client::Fetched> read_manifest(Result<Response> result,
                                             const oci::Reference& reference) {
    Response response = TRY(std::move(result));
    if (response.status != 200) return refusal(response);
    if (is_web_page(response)) return not_a_registry(response);
    oci::Digest digest = oci::Digest::of(response.body);
    TRY(check_digest(digest, reference, response));
    return Client::Fetched{.bytes = std::move(response.body),
                           .media_type = media_type(response.headers.find("content-type")),
                           .digest = std::move(digest)};
}

static std::string manifest_target(const Endpoint& endpoint, const oci::Reference& reference) {
    const std::optional<oci::Digest>& digest = reference.digest();
    return fmt::format("/v2/{}/manifests/{}", endpoint.repository,
                       digest ? digest->text() : reference.tag());
}

Result<Client::Fetched> Client::manifest(const oci::Reference& reference) {
    const std::string name = fmt::format("fetching the manifest of '{}'", reference.text());
    const std::vector<Endpoint> endpoints = TRY(state_->endpoints(reference), "{}", name);
    for (const Endpoint& endpoint : endpoints) {
        Session::Reply reply =
            TRY(state_->session->wait_for({.endpoint = endpoint,
                                           .target = manifest_target(endpoint, reference),
                                           .headers = {std::string(kAccept)},
                                           .limit = oci::kLargestManifest,
                                           .retries = state_->retries_at(endpoint)}));
        Result<Fetched> fetched = read_manifest(std::move(reply.response), reference);
        if (fetched || &endpoint == &endpoints.back()) return TRY(std::move(fetched), "{}", name);
        log::debug("mirror '{}': {}", endpoint.host, fetched.error().text());
    }
    return Error(Error::Kind::failed, "{}: there is no endpoint", name);
}

Result<std::vector<std::string>> Client::tags(const oci::Reference& reference) {
    const std::string name = fmt::format("listing the tags of '{}'", reference.repository());
    const std::vector<Endpoint> endpoints = TRY(state_->endpoints(reference), "{}", name);
    // A mirror may have some of the tags; only the registry itself has all.
    const Endpoint& registry = endpoints.back();
    TagList list = TRY(list_tags(*state_->session, registry, state_->retries_at(registry)));
    return TRY(std::move(list.tags), "{}", name);
}

Result<> Client::download(const oci::Reference& reference, const oci::Descriptor& descriptor,
                          std::uint64_t from, Sink& sink) {
    if (from > descriptor.size)
        return Error(Error::Kind::failed, "resuming a blob of {} bytes at {}", descriptor.size,
                     from);
    state_->waiting.push_back(
        std::make_unique<Download>(*state_->session, *state_->timers,
                                   Download::Job{.endpoints = TRY(state_->endpoints(reference)),
                                                 .descriptor = descriptor,
                                                 .repository = reference.repository(),
                                                 .from = from,
                                                 .sink = sink,
                                                 .retries = state_->options.retries,
                                                 .retry_delay = state_->options.retry_delay}));
    state_->start_waiting();
    return {};
}

void Client::State::start_waiting() {
    while (!waiting.empty() && active.size() < kMostDownloads) {
        active.push_back(std::move(waiting.front()));
        waiting.pop_front();
        Download& download = *active.back();
        download.start([this, &download](Result<> outcome) { end(download, std::move(outcome)); });
    }
}

void Client::State::end(const Download& download, Result<> outcome) {
    Sink& sink = download.sink();
    std::erase_if(active, [&](const auto& other) { return other.get() == &download; });
    start_waiting();
    sink.end(std::move(outcome));
}

void Client::cancel(const Sink& sink) {
    const auto is_it = [&](const auto& download) { return &download->sink() == &sink; };
    std::erase_if(state_->waiting, is_it);
    std::erase_if(state_->active, is_it);
    state_->start_waiting();
}

namespace {

class StringSink : public Sink {
public:
    Result<> add(std::string_view piece) override {
        bytes += piece;
        return {};
    }
    Result<> restart() override {
        bytes.clear();
        return {};
    }
    void end(Result<> result) override { outcome.emplace(std::move(result)); }

    std::string bytes = {};
    std::optional<Result<>> outcome = {};
};

}  // namespace

Result<std::string> Client::blob(const oci::Reference& reference, const oci::Descriptor& descriptor,
                                 std::size_t limit) {
    const std::string digest = descriptor.digest.text();
    if (descriptor.size > limit)
        return Error(Error::Kind::unsupported, "blob '{}' has {} bytes, more than {}", digest,
                     descriptor.size, limit);
    StringSink sink;
    TRY(download(reference, descriptor, 0, sink));
    while (!sink.outcome) {
        Result<os::Poll::Outcome> round = state_->poll.wait();
        if (round) continue;
        cancel(sink);
        return std::move(round).error();
    }
    TRY(*std::move(sink.outcome));
    const oci::Digest actual = oci::Digest::of(sink.bytes);
    if (actual != descriptor.digest)
        return Error(Error::Kind::failed, "blob '{}' of '{}' came with another digest, '{}'",
                     digest, reference.repository(), actual.text());
    return std::move(sink.bytes);
}

}  // namespace sbx::registry
