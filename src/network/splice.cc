#include "network/splice.h"

#include <fcntl.h>
#include <sys/socket.h>

namespace sbx::network {

static constexpr std::size_t kChunk = std::size_t{256} << 10;
static constexpr unsigned kFlags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;

// A user who has many large pipes gets small ones, which do as well.
Result<os::Pipe> Pipes::take() {
    if (free_.empty()) {
        os::Pipe made = TRY(os::open_pipe());
        (void)::fcntl(made.write_end.get(), F_SETPIPE_SZ, static_cast<int>(kChunk));
        return made;
    }
    os::Pipe pipe = std::move(free_.back());
    free_.pop_back();
    return pipe;
}

void Pipes::give_back(os::Pipe pipe) {
    constexpr std::size_t kMostKept = 16;
    if (free_.size() < kMostKept) free_.push_back(std::move(pipe));
}

static ssize_t move(int from, int to, std::size_t most) {
    for (;;) {
        const ssize_t moved = ::splice(from, nullptr, to, nullptr, most, kFlags);
        if (moved >= 0 || errno != EINTR) return moved;
    }
}

Splice::Outcome Splice::fill(os::FdView from, Pipes& pipes) {
    if (!pipe_.read_end) {
        Result<os::Pipe> pipe = pipes.take();
        if (!pipe) return Outcome::broken;
        pipe_ = *std::move(pipe);
    }
    const ssize_t moved = move(from.get(), pipe_.write_end.get(), kChunk);
    if (moved > 0) {
        held_ = static_cast<std::size_t>(moved);
        return Outcome::goes_on;
    }
    const bool waits = moved < 0 && errno == EAGAIN;
    pipes.give_back(std::exchange(pipe_, os::Pipe()));
    if (waits) return Outcome::waits;
    return moved == 0 ? Outcome::ended : Outcome::broken;
}

Splice::Outcome Splice::drain(os::FdView to, Pipes& pipes) {
    while (held_ > 0) {
        const ssize_t moved = move(pipe_.read_end.get(), to.get(), held_);
        if (moved <= 0) return moved < 0 && errno == EAGAIN ? Outcome::waits : Outcome::broken;
        held_ -= static_cast<std::size_t>(moved);
    }
    if (pipe_.read_end) pipes.give_back(std::exchange(pipe_, os::Pipe()));
    return Outcome::goes_on;
}

Splice::Outcome Splice::pump(os::FdView from, os::FdView to, Pipes& pipes) {
    constexpr int kMostRounds = 8;
    for (int round = 0; round < kMostRounds && !ended_; ++round) {
        const Outcome filled = held_ == 0 ? fill(from, pipes) : Outcome::goes_on;
        ended_ = filled == Outcome::ended;
        if (ended_)
            (void)::shutdown(to.get(), SHUT_WR);  // a broken one is seen from the other side
        if (filled != Outcome::goes_on) return filled;
        if (const Outcome drained = drain(to, pipes); drained != Outcome::goes_on) return drained;
    }
    return ended_ ? Outcome::ended : Outcome::goes_on;
}

}  // namespace sbx::network
