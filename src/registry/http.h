// HTTP and HTTPS, many transfers at once, under an os::Poll: libcurl, and nothing of it outside.
//
// Never sent: cookies, an Accept-Encoding (what arrives is what was hashed), an Authorization to
// any other origin than the one it was given for. Never followed: a redirect to another scheme than
// http and https, from https to http, more than ten in a row, or one of a request with a form.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/error.h"
#include "os/poll.h"
#include "os/timers.h"
#include "registry/answer.h"
#include "registry/certificates.h"

namespace sbx::registry {

class Http {
public:
    struct Settings {
        Environment environment = {};
        Verification elsewhere = Verification::on;  // of hosts that redirects lead to
        std::chrono::seconds stalled{60};           // without a byte, before a transfer is given up
    };
    using Id = std::uint64_t;  // never 0

    // Called once, in a later round of the poll, and not from inside libcurl. An error of
    // Kind::busy is one that may be gone at the next try; no answer came then, or not all of it.
    using Done = std::move_only_function<void(Result<Response>)>;

    // `poll` and `timers` have to outlive it. Going, it forgets its transfers without a word.
    static Result<std::unique_ptr<Http>> open(os::Poll& poll, os::Timers& timers,
                                              Settings settings);
    ~Http();
    Http(const Http&) = delete;
    Http& operator=(const Http&) = delete;

    Id start(Request request, Done done);
    void cancel(Id id);  // its Done is not called; not from inside a stream

private:
    struct Transfer;
    struct Callbacks;

    Http(os::Poll& poll, os::Timers& timers, Settings settings);
    void begin(Transfer& transfer);
    static void set_callbacks(Transfer& transfer);
    Result<> prepare(Transfer& transfer);
    void watch(int fd, int what);
    void set_timer(long milliseconds);
    void act(int fd, int events);
    void collect();
    void finish(Transfer& transfer, int code);
    Result<> follow(Transfer& transfer);
    Error failure_of(Transfer& transfer, int code) const;
    void deliver(Transfer& transfer, Result<Response> result);
    void give_up_connecting(Id id);
    Transfer* find(Id id);

    os::Poll& poll_;
    os::Timers& timers_;
    Settings settings_;
    CertificateFinder certificates_;
    void* multi_ = nullptr;  // CURLM
    std::map<Id, std::unique_ptr<Transfer>> transfers_;
    os::Timers::Id timer_ = 0;
    Id last_ = 0;
};

}  // namespace sbx::registry
