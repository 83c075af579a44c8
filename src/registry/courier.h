// Requests that are made again where that can help: when no answer came, and when the answer was
// that the server is too busy. A body that was cut after its beginning is its stream's business.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>

#include "registry/http.h"

namespace sbx::registry {

// How often, at most.
struct Retries {
    int after_silence = 0;  // no answer came
    int after_refusal = 0;  // the server is too busy
};

class Courier {
public:
    using Id = std::uint64_t;  // never 0

    // `http` and `timers` have to outlive it. `delay` is before the first retry.
    Courier(Http& http, os::Timers& timers, std::chrono::milliseconds delay)
        : http_(http), timers_(timers), delay_(delay) {}
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    Id send(Request request, Retries retries, Http::Done done);
    void cancel(Id id);

private:
    struct Errand {
        Id id = 0;
        Request request;
        Retries retries = {};
        Http::Done done;
        int attempt = 0;
        Http::Id transfer = 0;
        os::Timers::Id timer = 0;
    };

    void attempt(Errand& errand);
    void settle(Errand& errand, Result<Response> result);
    Errand* find(Id id);

    Http& http_;
    os::Timers& timers_;
    std::chrono::milliseconds delay_;
    std::map<Id, std::unique_ptr<Errand>> errands_;
    Id last_ = 0;
};

}  // namespace sbx::registry
