#include "registry/http.h"

#include <array>
#include <optional>

#include <curl/curl.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/text.h"
#include "registry/redirect.h"

namespace sbx::registry {

static constexpr std::chrono::seconds kConnecting{10};
static constexpr std::chrono::seconds kShakingHands{20};
static constexpr std::chrono::seconds kWholeAnswer{300};  // of what is kept in memory
static constexpr long kBuffer = 256L * 1024;

namespace {

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

// Stays where it is: libcurl and the answer point into it.
struct Http::Transfer {
    Http& http;
    Id id;
    Request request;
    Done done;
    std::unique_ptr<CURL, FreeEasy> easy{curl_easy_init()};
    std::unique_ptr<curl_slist, FreeList> headers = {};
    std::array<char, CURL_ERROR_SIZE> words = {};
    std::unique_ptr<Answer> answer = {};
    std::optional<Error> failure = {};  // why we ended it
    int redirects = 0;
    bool elsewhere = false;
    os::Timers::Id alarm = 0;

    ~Transfer() {
        http.timers_.cancel(alarm);
        curl_multi_remove_handle(http.multi_, easy.get());
    }

    template <class T>
    T info(CURLINFO what) const {
        T value{};
        curl_easy_getinfo(easy.get(), what, &value);
        return value;
    }
    int status() const { return static_cast<int>(info<long>(CURLINFO_RESPONSE_CODE)); }
    std::string peer() const { return request.url.origin().authority(); }

    // What a callback tells libcurl: all bytes are taken, or the transfer ends.
    std::size_t verdict(Result<> taken, std::size_t bytes) {
        if (taken) return bytes;
        failure = std::move(taken).error();
        return CURL_WRITEFUNC_ERROR;
    }
};

// What libcurl calls. Nothing may be thrown through it: an exception here ends the program.
struct Http::Callbacks {
    static std::size_t header(char* bytes, std::size_t, std::size_t count, void* user) noexcept {
        Transfer& transfer = *static_cast<Transfer*>(user);
        return transfer.verdict(transfer.answer->add_header({bytes, count}), count);
    }

    static std::size_t body(char* bytes, std::size_t, std::size_t count, void* user) noexcept {
        Transfer& transfer = *static_cast<Transfer*>(user);
        return transfer.verdict(transfer.answer->add_body(transfer.status(), {bytes, count}),
                                count);
    }

    static int socket(CURL*, curl_socket_t fd, int what, void* user, void*) noexcept {
        static_cast<Http*>(user)->watch(fd, what);
        return 0;
    }

    // libcurl itself asks for close-on-exec only since 8.19.
    static curl_socket_t open(void*, curlsocktype, curl_sockaddr* address) noexcept {
        return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }

    static int timer(CURLM*, long milliseconds, void* user) noexcept {
        static_cast<Http*>(user)->set_timer(milliseconds);
        return 0;
    }
};

Http::Http(os::Poll& poll, os::Timers& timers, Settings settings)
    : poll_(poll),
      timers_(timers),
      settings_(std::move(settings)),
      certificates_(settings_.environment) {}

Result<std::unique_ptr<Http>> Http::open(os::Poll& poll, os::Timers& timers, Settings settings) {
    static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (kReady != CURLE_OK)
        return Error(Error::Kind::failed, "libcurl does not start: {}", curl_easy_strerror(kReady));
    std::unique_ptr<Http> http(new Http(poll, timers, std::move(settings)));
    http->multi_ = curl_multi_init();
    curl_multi_setopt(http->multi_, CURLMOPT_SOCKETFUNCTION, &Callbacks::socket);
    curl_multi_setopt(http->multi_, CURLMOPT_SOCKETDATA, http.get());
    curl_multi_setopt(http->multi_, CURLMOPT_TIMERFUNCTION, &Callbacks::timer);
    curl_multi_setopt(http->multi_, CURLMOPT_TIMERDATA, http.get());
    return http;
}

Http::~Http() {
    transfers_.clear();
    curl_multi_cleanup(multi_);  // closes what it kept open, and unwatches it
    timers_.cancel(timer_);
}

void Http::watch(int fd, int what) {
    const os::FdView view = os::FdView::number(fd);
    if (what == CURL_POLL_REMOVE) return poll_.unwatch(view);
    const int events =
        ((what & CURL_POLL_IN) ? POLLIN : 0) | ((what & CURL_POLL_OUT) ? POLLOUT : 0);
    poll_.watch(view, static_cast<short>(events), [this, fd](short seen) -> Result<> {
        const int in = (seen & POLLIN) ? CURL_CSELECT_IN : 0;
        const int out = (seen & POLLOUT) ? CURL_CSELECT_OUT : 0;
        const int end = (seen & (POLLERR | POLLHUP | POLLNVAL)) ? CURL_CSELECT_ERR : 0;
        act(fd, in | out | end);
        return {};
    });
}

void Http::set_timer(long milliseconds) {
    timers_.cancel(timer_);
    timer_ = 0;
    if (milliseconds < 0) return;
    timer_ = timers_.after(std::chrono::milliseconds(milliseconds),
                           [this] { act(CURL_SOCKET_TIMEOUT, 0); });
}

void Http::act(int fd, int events) {
    int running = 0;
    curl_multi_socket_action(multi_, fd, events, &running);
    collect();
}

void Http::collect() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode code = message->data.result;
        char* user = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &user);
        finish(*reinterpret_cast<Transfer*>(user), code);
    }
}

static void set_certificates(CURL* easy, const Certificates& certificates) {
    const auto set_path = [&](CURLoption option, const std::string& path) {
        curl_easy_setopt(easy, option, path.empty() ? nullptr : path.c_str());
    };
    set_path(CURLOPT_CAINFO, certificates.bundle);
    set_path(CURLOPT_CAPATH, certificates.directory);
    set_path(CURLOPT_SSLCERT, certificates.certificate);
    set_path(CURLOPT_SSLKEY, certificates.key);
    if (certificates.authorities.empty()) return;
    curl_blob blob{.data = const_cast<char*>(certificates.authorities.data()),
                   .len = certificates.authorities.size(),
                   .flags = CURL_BLOB_COPY};
    curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
}

static void set_habits(CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "sbx/" SBX_VERSION);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kBuffer);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT,
                     static_cast<long>((kConnecting + kShakingHands).count()));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
}

void Http::set_callbacks(Transfer& transfer) {
    CURL* easy = transfer.easy.get();
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.words.data());
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Callbacks::header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Callbacks::body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::open);
}

Result<> Http::prepare(Transfer& transfer) {
    CURL* easy = transfer.easy.get();
    const Request& request = transfer.request;
    const Certificates certificates =
        TRY(certificates_.find(transfer.peer(), request.certificate_directory));
    curl_easy_reset(easy);
    set_habits(easy);
    set_certificates(easy, certificates);
    const bool verify = request.verification == Verification::on;
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
    curl_easy_setopt(easy, CURLOPT_URL, request.url.text().c_str());
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings_.stalled.count()));
    if (!request.stream)
        curl_easy_setopt(easy, CURLOPT_TIMEOUT, static_cast<long>(kWholeAnswer.count()));
    if (request.form) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.form->size()));
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request.form->c_str());
    }
    curl_slist* list = nullptr;
    for (const std::string& line : request.headers)
        list = curl_slist_append(list, line.c_str());
    if (!request.authorization.empty())
        list = curl_slist_append(list, ("Authorization: " + request.authorization).c_str());
    transfer.headers.reset(list);
    transfer.words[0] = '\0';
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    set_callbacks(transfer);
    return {};
}

Http::Transfer* Http::find(Id id) {
    const auto transfer = transfers_.find(id);
    return transfer == transfers_.end() ? nullptr : transfer->second.get();
}

Http::Id Http::start(Request request, Done done) {
    const Id id = ++last_;
    std::unique_ptr<Transfer> transfer(new Transfer{
        .http = *this, .id = id, .request = std::move(request), .done = std::move(done)});
    begin(*transfers_.emplace(id, std::move(transfer)).first->second);
    return id;
}

void Http::begin(Transfer& transfer) {
    const Id id = transfer.id;
    log::debug("{} '{}'", transfer.request.form ? "POST" : "GET",
               transfer.request.url.without_query());
    transfer.answer = std::make_unique<Answer>(transfer.request);
    Result<> prepared = prepare(transfer);
    timers_.cancel(transfer.alarm);
    if (prepared) {
        curl_multi_add_handle(multi_, transfer.easy.get());
        transfer.alarm = timers_.after(kConnecting, [this, id] { give_up_connecting(id); });
        return;
    }
    transfer.failure = std::move(prepared).error();
    transfer.alarm = timers_.after(std::chrono::milliseconds(0), [this, id] {
        if (Transfer* ended = find(id)) finish(*ended, CURLE_ABORTED_BY_CALLBACK);
    });
}

void Http::cancel(Id id) { transfers_.erase(id); }

void Http::give_up_connecting(Id id) {
    Transfer* transfer = find(id);
    if (!transfer) return;
    transfer->alarm = 0;
    const bool connected = transfer->info<curl_off_t>(CURLINFO_CONNECT_TIME_T) > 0 ||
                           transfer->info<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) > 0;
    if (connected) return;
    transfer->failure = Error(Error::Kind::busy, "no connection to '{}' within {} s",
                              transfer->peer(), kConnecting.count());
    finish(*transfer, CURLE_OPERATION_TIMEDOUT);
}

// A TLS handshake that a reset ended may fare better next time; one that failed will not.
static Error handshake_failure(const std::string& peer, std::string_view words, int err) {
    const auto kind = err == ECONNRESET ? Error::Kind::busy : Error::Kind::failed;
    return Error(kind, "TLS with '{}': {}", peer, words)
        .hint(
            fmt::format("if '{0}' speaks plain http: --tls-verify=false, or insecure = true below "
                        "[registry.\"{0}\"] in sbx.toml",
                        peer));
}

// `words` are libcurl's own, made safe to show.
static Error explain(const std::string& peer, CURLcode code, std::string_view words, int err) {
    using Kind = Error::Kind;
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return Error(Kind::not_found, "no host is called '{}'", peer);
        case CURLE_COULDNT_CONNECT:
            if (err == 0) return Error(Kind::busy, "connect to '{}': {}", peer, words);
            return Error::from_errno(err, "connect to '{}'", peer).as(Kind::busy);
        case CURLE_SSL_CONNECT_ERROR: return handshake_failure(peer, words, err);
        case CURLE_PEER_FAILED_VERIFICATION:
            return Error(Kind::failed, "the certificate of '{}' is not to be trusted: {}", peer,
                         words);
        case CURLE_PARTIAL_FILE:
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR: return Error(Kind::busy, "'{}' cut the connection: {}", peer, words);
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return Error(Kind::failed, "'{}' does not answer in HTTP: {}", peer, words);
        default: return Error(Kind::failed, "talking to '{}': {}", peer, words);
    }
}

Error Http::failure_of(Transfer& transfer, int code) const {
    if (std::optional<Error> ours = std::move(transfer.failure)) return *std::move(ours);
    const std::string peer = transfer.peer();
    const auto reason = static_cast<CURLcode>(code);
    if (reason == CURLE_OPERATION_TIMEDOUT) {
        if (transfer.info<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) == 0)
            return Error(Error::Kind::busy, "no connection to '{}' within {} s", peer,
                         (kConnecting + kShakingHands).count());
        return Error(Error::Kind::busy, "no data from '{}' for {} s", peer,
                     settings_.stalled.count());
    }
    const char* words = transfer.words[0] ? transfer.words.data() : curl_easy_strerror(reason);
    return explain(peer, reason, excerpt(trim(words), 300),
                   static_cast<int>(transfer.info<long>(CURLINFO_OS_ERRNO)));
}

Result<> Http::follow(Transfer& transfer) {
    Request& request = transfer.request;
    const std::string peer = transfer.peer();
    if (request.form) return Error(Error::Kind::failed, "'{}' redirects a form", peer);
    if (++transfer.redirects > kMostRedirects)
        return Error(Error::Kind::failed, "more than {} redirects, the last by '{}'",
                     kMostRedirects, peer);
    Url target =
        TRY(redirect_target(request.url, transfer.answer->response().headers.find("location")));
    if (target.origin() != request.url.origin()) {
        transfer.elsewhere = true;
        request.authorization.clear();
        request.certificate_directory.clear();
        request.verification = settings_.elsewhere;
    }
    request.url = std::move(target);
    begin(transfer);
    return {};
}

// Libcurl is done with the transfer; it is again in the hands of Http alone.
void Http::finish(Transfer& transfer, int code) {
    curl_multi_remove_handle(multi_, transfer.easy.get());
    Answer& answer = *transfer.answer;
    Response& response = answer.response();
    response.status = transfer.status();
    response.elsewhere = transfer.elsewhere;
    response.retry_after = std::chrono::seconds(transfer.info<curl_off_t>(CURLINFO_RETRY_AFTER));
    if (code == CURLE_OK || answer.cut_short()) {
        if (!is_redirect(response.status)) return deliver(transfer, std::move(response));
        Result<> followed = follow(transfer);
        if (!followed) deliver(transfer, std::move(followed).error());
        return;
    }
    Error failure = failure_of(transfer, code);
    if (!answer.is_streamed(response.status)) return deliver(transfer, std::move(failure));
    response.broken = std::move(failure);
    deliver(transfer, std::move(response));
}

void Http::deliver(Transfer& transfer, Result<Response> result) {
    Done done = std::move(transfer.done);
    transfers_.erase(transfer.id);
    done(std::move(result));
}

}  // namespace sbx::registry
