// One blob on its way into a sink: from the first endpoint that has it, resumed where it was cut.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "oci/manifest.h"
#include "registry/session.h"
#include "registry/sink.h"

namespace sbx::registry {

class Download {
public:
    using Done = std::move_only_function<void(Result<>)>;

    struct Job {
        std::vector<Endpoint> endpoints;  // not empty
        oci::Descriptor descriptor;
        std::string repository;  // for errors
        std::uint64_t from = 0;  // what the sink has; at most the size
        Sink& sink;
        int retries = 0;
        std::chrono::milliseconds retry_delay{0};
    };

    // `session`, `timers` and the sink have to outlive it. Going, it stops without a word.
    Download(Session& session, os::Timers& timers, Job job);
    ~Download();
    Download(const Download&) = delete;
    Download& operator=(const Download&) = delete;

    // `done` is called once, in a later round of the poll, and may end the Download's life.
    void start(Done done);

    Sink& sink() const { return job_.sink; }

private:
    enum class Trouble : std::uint8_t { none, wrong_place, bad_endpoint, bad_sink };

    void ask();
    Result<> take(const Response& head, std::string_view bytes);
    Result<> place(const Response& head);
    Result<> place_part(const Response& head);
    Result<> stop(Trouble trouble, Error error);
    Result<> begin_again();
    void settle(Result<Response> result);
    void try_again(Error error);
    void try_elsewhere(Error error);
    void finish(Result<> outcome);
    Result<> described(Result<> outcome) const;

    Session& session_;
    os::Timers& timers_;
    Job job_;
    Request::Stream stream_;
    Done done_;
    std::size_t endpoint_ = 0;
    std::uint64_t at_ = 0;        // bytes the sink has
    std::uint64_t furthest_ = 0;  // bytes it has had from this endpoint, at any time
    std::uint64_t progress_ = 0;  // of those, since the last failure
    int failures_ = 0;            // without progress
    bool placed_ = false;         // the answer's first byte is the one the sink waits for
    Trouble trouble_ = Trouble::none;
    Session::Id exchange_ = 0;
    os::Timers::Id timer_ = 0;
};

}  // namespace sbx::registry
