// A sink that remembers what happened to it.
#pragma once

#include <optional>
#include <string>

#include "os/poll.h"
#include "registry/sink.h"

namespace sbx::test {

class MemorySink : public registry::Sink {
public:
    Result<> add(std::string_view piece) override {
        bytes += piece;
        return {};
    }
    Result<> restart() override {
        bytes.clear();
        ++restarts;
        return {};
    }
    void end(Result<> result) override {
        ++ends;
        outcome = std::move(result);
    }

    // "" where it went well; runs the poll until it is known.
    std::string wait(os::Poll& poll) {
        while (ends == 0)
            if (const Result<os::Poll::Outcome> round = poll.wait(); !round)
                return round.error().text();
        return outcome ? "" : outcome.error().text();
    }

    std::string bytes = {};
    int restarts = 0;
    int ends = 0;
    Result<> outcome = {};
};

}  // namespace sbx::test
