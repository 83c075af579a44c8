#include "container/monitor.h"

#include <algorithm>
#include <array>
#include <memory>

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "container/audience.h"
#include "container/conversation.h"
#include "container/health_watch.h"
#include "container/infra.h"
#include "container/kept_log.h"
#include "container/pods.h"
#include "container/streams.h"
#include "container/supervise.h"
#include "os/inherited.h"
#include "os/memory.h"
#include "os/poll.h"
#include "os/process.h"
#include "os/signals.h"
#include "store/containers.h"

namespace sbx::container {

static constexpr const char* kSocketName = "attach";

Result<os::Fd> connect_to_monitor(os::FdView runtime_folder) {
    return os::connect_at(runtime_folder, kSocketName);
}

namespace {

struct LifeEnd {
    os::ExitStatus status = {};
    bool starts_again = false;
};

class Monitor {
public:
    struct Parts {
        sandbox::Running running;
        Streams streams;
        KeptLog log;
        os::Fd listener;
        os::SignalQueue& signals;
    };
    Monitor(Life& life, Parts parts) : life_(life), parts_(std::move(parts)) {}

    Result<LifeEnd> run(os::Fd client, const std::optional<Orphans>& orphans) {
        deadline_ = life_.deadline();
        poll_.watch(parts_.running.init.pidfd(), POLLIN, [this](short) -> Result<> {
            ended_ = true;
            return {};
        });
        poll_.watch(parts_.listener, POLLIN, [this](short) { return on_connection(); });
        poll_.watch(parts_.signals.fd(), POLLIN, [this](short) { return on_signal(); });
        read_streams();
        if (client) greet(std::move(client));
        std::unique_ptr<HealthWatch> health = TRY(HealthWatch::begin(
            poll_, life_, [this](HealthCheck::Action action) { on_unhealthy(action); }));
        while (!ended_)
            if (TRY(poll_.wait(deadline_)) == os::Poll::Outcome::deadline_passed) {
                (void)parts_.running.init.signal(SIGKILL);  // it may have ended just now
                deadline_.reset();
            }
        health.reset();
        const os::ExitStatus status = TRY(reap(parts_.running, orphans));
        poll_.unwatch(parts_.running.init.pidfd());
        poll_.unwatch(parts_.listener);
        drain();
        const Result<> recorded = life_.end(status.code);
        if (!recorded) log::debug("{}", recorded.error().text());  // who looks on knows the code
        tell_refused();
        audience_.tell(encode(Word::ended, status.code));
        const LifeEnd end{.status = status, .starts_again = starts_again(status)};
        TRY(see_off(end));
        return end;
    }

private:
    void tell_refused() {
        const std::string_view end = parts_.streams.terminal ? "\r\n" : "\n";
        if (const std::string& refused = life_.refused(); !refused.empty())
            audience_.tell(
                encode(Word::errors, fmt::format("network: {}{}", printable(refused), end)));
    }

    // A session or the machine comes to its end, and this process with it.
    Result<> on_signal() {
        if (TRY(parts_.signals.next()) == SIGTERM) stop();
        return {};
    }

    // As a person would stop it.
    void stop() {
        if (const auto containers = store::Containers::open(life_.store()))
            (void)containers->note_stop(life_.id());  // at worst it is started again
        ask_to_end();
    }

    void ask_to_end() {
        const Blueprint& blueprint = life_.blueprint();
        (void)parts_.running.init.signal(blueprint.stop_signal);  // it may have ended just now
        if (blueprint.stop_timeout < 0) return;
        const auto end = os::Poll::Clock::now() + std::chrono::seconds(blueprint.stop_timeout);
        deadline_ = std::min(end, deadline_.value_or(end));
    }

    void on_unhealthy(HealthCheck::Action action) {
        using Action = HealthCheck::Action;
        if (action == Action::kill) (void)parts_.running.init.signal(SIGKILL);  // it may just end
        if (action == Action::stop) stop();
        if (action == Action::restart && !std::exchange(is_to_restart_, true)) ask_to_end();
    }

    bool starts_again(os::ExitStatus status) const {
        return is_to_restart_ || life_.blueprint().restart.wants(status.code, life_.restarts());
    }

    void on_change() {
        if (ended_) return;
        read_streams();
        if (audience_.empty()) os::forget_program_pages();  // it may be long until anybody comes
    }

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
        parts_.log.write(stream, bytes);
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
        parts_.log.finish();
    }

    // Who is slow still gets all of it; the container has ended for everybody else. It does not
    // wait for them with its next life.
    Result<> see_off(const LifeEnd& end) {
        std::optional<os::Poll::Clock::time_point> deadline;
        if (end.starts_again) deadline = os::Poll::Clock::now() + std::chrono::seconds(1);
        while (!audience_.keeps_up())
            if (TRY(poll_.wait(deadline)) == os::Poll::Outcome::deadline_passed) break;
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
    Audience audience_ = Audience(
        poll_, {.on_change = [this] { on_change(); }, .on_input_end = [this] { close_input(); }});
    std::optional<os::Poll::Clock::time_point> deadline_ = {};
    bool ended_ = false;
    bool is_to_restart_ = false;  // it was unhealthy
};

}  // namespace

// What the person's shell or pipe waits for the end of must not be held open here.
static Result<> leave_the_person() {
    TRY(os::close_inherited());
    return os::enter_directory("/");
}

namespace {

// What there is through all lives of the container.
struct Post {
    Life& life;
    sandbox::Plan plan;  // of the present one
    store::Containers containers;
    os::Fd folder;  // of its runtime
    std::optional<Orphans> orphans;
    os::SignalQueue signals;
    bool is_keeper = false;  // it is noted that the container is started again
};

}  // namespace

static Result<LifeEnd> watch_one_life(Post& post, const std::function<Result<>()>& meanwhile,
                                      os::Fd client) {
    Life& life = post.life;
    const HasInput has_input = life.blueprint().interactive ? HasInput::yes : HasInput::no;
    const bool passes = !post.plan.program.terminal && life.blueprint().log.passes_through();
    Streams streams;
    if (passes)
        streams = TRY(Streams::of_caller(has_input));
    else if (!post.plan.program.terminal)
        streams = TRY(Streams::of_pipes(has_input));
    KeptLog log;
    os::Fd listener;
    const auto prepare = [&]() -> Result<> {
        TRY(meanwhile());
        log = TRY(KeptLog::open(life));
        listener = TRY(os::listen_at(post.folder, kSocketName));  // before anybody can know
        if (!life.blueprint().can_restart()) return {};
        post.is_keeper = true;
        return post.containers.note_keeper(life.id());
    };
    sandbox::Running running = TRY(life.start(post.plan, prepare));
    if (!passes) TRY(forget_program_ends());
    TRY(leave_the_person());
    if (running.terminal) streams = TRY(Streams::of_terminal(std::move(running.terminal)));
    Monitor monitor(life, {.running = std::move(running),
                           .streams = std::move(streams),
                           .log = std::move(log),
                           .listener = std::move(listener),
                           .signals = post.signals});
    return monitor.run(std::move(client), post.orphans);
}

// As far as can be told without its lock, which would make a folder, or a file in one that is being
// removed.
static bool is_unwanted(const Post& post) {
    const std::string& id = post.life.id();
    return !post.containers.read(id) || post.containers.is_to_stop(id);
}

// Until that time is over, or a person has stopped, started or removed it.
static void wait_to_start(Post& post, std::chrono::milliseconds delay) {
    constexpr std::chrono::milliseconds kStep(50);
    const auto until = os::Poll::Clock::now() + delay;
    const std::string& id = post.life.id();
    while (os::Poll::Clock::now() < until && !is_unwanted(post) && !post.containers.live(id)) {
        os::sleep_for(kStep);
        if (post.signals.next().value_or(0) == SIGTERM)
            (void)post.containers.note_stop(id);  // at worst it is started again
    }
}

// Whether it is to be started again: nobody has stopped, started or removed it. The lock is held
// then.
static bool is_still_wanted(const Post& post) {
    const std::string& id = post.life.id();
    for (;;) {
        if (is_unwanted(post)) return false;
        Result<os::Lock> lock = post.containers.lock(id);
        if (lock.failed_as(Error::Kind::busy)) continue;  // its files are being copied
        if (!lock || post.containers.is_to_stop(id) || post.containers.live(id)) return false;
        const Result<store::ContainerRecord> record = post.containers.read(id);
        if (!record || record->started != post.life.blueprint().record.started) return false;
        post.life.hold(*std::move(lock));
        return true;
    }
}

// One life after the other.
static Result<> watch(Post& post, const std::function<Result<>()>& meanwhile, os::Fd client) {
    using std::chrono::milliseconds;
    milliseconds delay(0);
    std::function<Result<>()> first = meanwhile;
    for (;;) {
        const auto start = os::Poll::Clock::now();
        const LifeEnd end = TRY(watch_one_life(post, first, std::exchange(client, os::Fd())));
        if (!end.starts_again) return {};
        const auto lived = duration_cast<milliseconds>(os::Poll::Clock::now() - start);
        delay = next_delay(delay, lived);
        wait_to_start(post, delay);
        if (is_unwanted(post)) return {};
        TRY(start_infra_again(post.life.store(), post.life.host(), post.life.blueprint().record));
        if (!is_still_wanted(post)) return {};
        TRY(post.life.reload());
        post.plan = TRY(post.life.plan());
        post.life.count_restart();
        TRY(post.containers.write(post.life.blueprint().record, os::Durability::durable));
        first = [] { return Result<>(); };
    }
}

static Result<> start_and_watch(Life& life, const sandbox::Plan& plan,
                                const std::function<Result<>()>& meanwhile, os::Fd client) {
    store::Containers containers = TRY(store::Containers::open(life.store()));
    os::Fd folder = TRY(containers.runtime_folder(life.id()));
    std::optional<Orphans> orphans = TRY(Orphans::adopt(plan));
    constexpr int kHeard[] = {SIGTERM};
    os::SignalQueue signals = TRY(os::SignalQueue::open(kHeard));
    Post post{.life = life,
              .plan = plan,
              .containers = std::move(containers),
              .folder = std::move(folder),
              .orphans = std::move(orphans),
              .signals = std::move(signals)};
    TRY(post.containers.forget_stop(life.id()));
    Result<> watched = watch(post, meanwhile, std::move(client));
    if (!post.is_keeper) return watched;
    const std::optional<store::ProcessName> keeper = post.containers.keeper(life.id());
    if (keeper && keeper->pid != ::getpid()) return watched;  // somebody has started it meanwhile
    // It will not be started again, also where the next start has failed.
    Result<> forgotten = post.containers.forget_keeper(life.id());
    leave_pod(life.store(), life.blueprint().record);
    return watched ? std::move(forgotten) : std::move(watched);
}

[[noreturn]] static void monitor_main(Life& life, const sandbox::Plan& plan,
                                      const std::function<Result<>()>& meanwhile, os::Fd client) {
    ::setsid();
    ::signal(SIGPIPE, SIG_IGN);
    for (const int number : forwarded_signals())
        if (number != SIGTERM)
            ::signal(number,
                     SIG_IGN);  // they are for the container, which who looks on sends them to
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
