// Containers on their way to their ends, several at once: stop signals, patience, SIGKILL.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "os/poll.h"
#include "store/containers.h"

namespace sbx::container {

// A signal for process 1 of a container. Kind::busy where it does not run.
Result<> send_signal(const store::Store& store, const std::string& id, int number);

class Ending {
public:
    static Result<Ending> open(const store::Store& store);

    // The infra of a pod, in whose processes others may be, has its turn when all others have
    // ended. Sends the container its stop signal; one that is paused goes on for that. `patience`
    // is how long its end may take, by its own setting where it is not given; zero: it is killed at
    // once; negative: there is no limit. One that does not run has ended already.
    Result<> ask(const std::string& id, std::optional<std::chrono::seconds> patience);

    // Kills it. Kind::busy where it does not run.
    Result<> kill(const std::string& id);

    struct Listener {
        std::function<void(const std::string& text)> warn;  // of each whose time is over
        std::function<void(const std::string& id, Result<> how)> ended;
    };

    // Waits until each of them has ended and its end is on record; in the order of their ends.
    Result<> wait(const Listener& listener);

private:
    using Clock = os::Poll::Clock;
    struct One {
        store::ContainerRecord record;
        os::Fd process = {};         // nothing: it has ended
        bool was_told = false;       // to end by its stop signal
        bool killed = false;         // and may take a moment
        std::string time_over = {};  // what is said when it is killed
        std::optional<Clock::time_point> deadline = {};
    };

    Ending(const store::Store& store, store::Containers containers)
        : store_(&store), containers_(std::move(containers)) {}

    struct Last {
        std::string id;
        std::optional<std::chrono::seconds> patience;
    };

    Result<> ask_now(const std::string& id, std::optional<std::chrono::seconds> patience);
    void ask_last(const Listener& listener);
    Result<One> find(const std::string& id) const;
    Result<> go_on_to_end(const std::string& id) const;
    Result<> kill(One& one) const;
    Result<> round();
    std::optional<Result<>> end_of(One& one, const Listener& listener) const;

    const store::Store* store_;
    store::Containers containers_;
    std::vector<One> ones_;
    std::vector<Last> last_ = {};  // that wait for the others
};

}  // namespace sbx::container
