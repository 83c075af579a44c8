#include "container/monitor.h"

#include <array>
#include <memory>

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "container/audience.h"
#include "container/conversation.h"
#include "container/log_file.h"
#include "container/streams.h"
#include "container/supervise.h"
#include "os/poll.h"
#include "os/process.h"
#include "store/containers.h"

namespace sbx::container {

static constexpr const char* kSocketName = "attach";

Result<os::Fd> connect_to_monitor(os::FdView runtime_folder) {
    return os::connect_at(runtime_folder, kSocketName);
}

namespace {

class Monitor {
public:
    struct Parts {
        sandbox::Running running;
        Streams streams;
        std::optional<LogFile> log;
        os::Fd listener;
    };
    Monitor(Life& life, Parts parts) : life_(life), parts_(std::move(parts)) {}

    Result<> run(os::Fd client, const std::optional<Orphans>& orphans) {
        deadline_ = life_.deadline();
        poll_.watch(parts_.running.init.pidfd(), POLLIN, [this](short) -> Result<> {
            ended_ = true;
            return {};
        });
        poll_.watch(parts_.listener, POLLIN, [this](short) { return on_connection(); });
        read_streams();
        greet(std::move(client));
        while (!ended_)
            if (TRY(poll_.wait(deadline_)) == os::Poll::Outcome::deadline_passed) {
                (void)parts_.running.init.signal(SIGKILL);  // it may have ended just now
                deadline_.reset();
            }
        const os::ExitStatus status = TRY(reap(parts_.running, orphans));
        poll_.unwatch(parts_.running.init.pidfd());
        drain();
        TRY(life_.end(status.code));
        audience_.tell(encode(Word::ended, status.code));
        return see_off();
    }

private:
    // Only while all who look on keep up: a program waits for a slow reader, as it would without a
    // monitor between.
    void read_streams() {
        const bool wanted = audience_.keeps_up();
        for (const auto& [fd, stream] : {std::pair(&parts_.streams.output, Stream::output),
                                         std::pair(&parts_.streams.errors, Stream::errors)}) {
            if (!*fd) continue;
            if (wanted)
                poll_.watch(*fd, POLLIN,
                            [this, fd, stream](short) { return on_output(*fd, stream); });
            else
                poll_.unwatch(*fd);
        }
    }

    Result<> on_output(os::Fd& fd, Stream stream) {
        if (read_some(fd, stream)) return {};
        poll_.unwatch(fd);
        // A terminal without a program at its other side may get one again (EIO; pty(7)).
        if (!parts_.streams.terminal) fd.reset();
        return {};
    }

    // Whether there may be more.
    bool read_some(const os::Fd& fd, Stream stream) {
        constexpr std::size_t kMost = std::size_t{32} * 1024;
        std::array<char, kMost> buffer;
        const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
        if (n < 0) return errno == EAGAIN || errno == EINTR;
        if (n == 0) return false;
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(n));
        if (parts_.log) parts_.log->write(stream, bytes, now());
        if (!audience_.empty())
            audience_.tell(encode(stream == Stream::output ? Word::output : Word::errors, bytes));
        return true;
    }

    // What was written before the end is in the pipes, and there is no more than they hold, unless
    // a process that outlives the container still writes.
    void drain() {
        constexpr int kMostReads = 64;
        for (const auto& [fd, stream] : {std::pair(&parts_.streams.output, Stream::output),
                                         std::pair(&parts_.streams.errors, Stream::errors)}) {
            if (!*fd) continue;
            poll_.unwatch(*fd);
            pollfd ready{.fd = fd->get(), .events = POLLIN, .revents = 0};
            for (int i = 0; i < kMostReads && ::poll(&ready, 1, 0) > 0; ++i)
                if (!read_some(*fd, stream)) break;
            fd->reset();
        }
    }

    // Who is slow still gets all of it; the container has ended for everybody else.
    Result<> see_off() {
        while (!audience_.keeps_up())
            (void)TRY(poll_.wait());
        return {};
    }

    void greet(os::Fd client) {
        std::vector<os::FdView> fds = {parts_.running.init.pidfd()};
        if (parts_.streams.input) fds.emplace_back(parts_.streams.input);
        const Greeting kind = parts_.streams.terminal ? Greeting::terminal : Greeting::streams;
        audience_.admit(std::move(client), encode(Word::running, static_cast<int>(kind)), fds);
    }

    Result<> on_connection() {
        os::Fd socket(::accept4(parts_.listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!socket) return {};
        ucred peer{};
        socklen_t size = sizeof peer;
        const bool known = ::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
                           peer.uid == ::geteuid();
        if (known) greet(std::move(socket));
        return {};
    }

    // The program sees the end of it once whoever said so has closed theirs. A terminal has no end.
    void close_input() {
        if (!parts_.streams.terminal) parts_.streams.input.reset();
    }

    Life& life_;
    Parts parts_;
    os::Poll poll_ = {};
    Audience audience_ = Audience(poll_, {.on_change =
                                              [this] {
                                                  if (!ended_) read_streams();
                                              },
                                          .on_input_end = [this] { close_input(); }});
    std::optional<os::Poll::Clock::time_point> deadline_ = {};
    bool ended_ = false;
};

}  // namespace

static Result<std::optional<LogFile>> open_log(const Life& life,
                                               const store::Containers& containers) {
    if (!life.blueprint().log.kept()) return std::optional<LogFile>();
    const os::Fd folder = TRY(containers.folder(life.id()));
    return std::optional(TRY(LogFile::open(folder, kLogName, life.blueprint().log.limits)));
}

// What the person's shell or pipe waits for the end of must not be held open here.
static Result<> leave_the_person(const Blueprint& blueprint) {
    TRY(forget_program_ends());
    for (int i = 0; i < blueprint.request.kept_descriptors; ++i)
        ::close(3 + i);
    return os::enter_directory("/");
}

static Result<> start_and_watch(Life& life, const sandbox::Plan& plan,
                                const std::function<Result<>()>& meanwhile, os::Fd client) {
    const store::Containers containers = TRY(store::Containers::open(life.store()));
    const os::Fd folder = TRY(containers.runtime_folder(life.id()));
    const std::optional<Orphans> orphans = TRY(Orphans::adopt(plan));
    const HasInput has_input = life.blueprint().interactive ? HasInput::yes : HasInput::no;
    Streams streams;
    const bool piped = !plan.program.terminal && life.blueprint().log.driver != "passthrough";
    if (piped) streams = TRY(Streams::of_pipes(has_input));
    std::optional<LogFile> log;
    const auto also_open_log = [&]() -> Result<> {
        TRY(meanwhile());
        log = TRY(open_log(life, containers));
        return {};
    };
    sandbox::Running running = TRY(life.start(plan, also_open_log));
    TRY(leave_the_person(life.blueprint()));
    if (running.terminal) streams = TRY(Streams::of_terminal(std::move(running.terminal)));
    os::Fd listener = TRY(os::listen_at(folder, kSocketName));
    Monitor monitor(life, {.running = std::move(running),
                           .streams = std::move(streams),
                           .log = std::move(log),
                           .listener = std::move(listener)});
    return monitor.run(std::move(client), orphans);
}

[[noreturn]] static void monitor_main(Life& life, const sandbox::Plan& plan,
                                      const std::function<Result<>()>& meanwhile, os::Fd client) {
    ::setsid();
    ::signal(SIGPIPE, SIG_IGN);
    for (const int number : forwarded_signals())
        ::signal(number, SIG_IGN);  // they are for the container, which who looks on sends them to
    const os::Fd for_failure = os::Fd(::fcntl(client.get(), F_DUPFD_CLOEXEC, 3));
    const Result<> outcome = start_and_watch(life, plan, meanwhile, std::move(client));
    if (!outcome) {
        const Result<> ended =
            life.end_failed(exit_code_of(outcome.error()), outcome.error().text());
        if (!ended) log::debug("{}", ended.error().text());
        (void)os::send_message(for_failure, encode(outcome.error()));  // it may have left
    }
    ::_exit(outcome ? 0 : 125);
}

Result<os::Fd> start_monitored(Life& life, const sandbox::Plan& plan,
                               const std::function<Result<>()>& meanwhile) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process monitor = TRY(os::spawn(0, [&] {
        ends.one.reset();
        monitor_main(life, plan, meanwhile, std::move(ends.other));
    }));
    ends.other.reset();
    (void)std::move(monitor).disown();  // it outlives this process, and answers for itself
    return std::move(ends.one);
}

}  // namespace sbx::container
