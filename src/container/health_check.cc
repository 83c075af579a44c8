#include "container/health_check.h"

#include <algorithm>
#include <array>
#include <optional>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/text.h"
#include "base/utf8.h"
#include "container/execute.h"
#include "container/life.h"
#include "container/pause.h"
#include "container/secrets.h"
#include "os/pipe.h"
#include "os/poll.h"
#include "os/process.h"
#include "os/processes.h"

namespace sbx::container {

namespace {

// What the check reads and writes, in the place of this process's own, which come back at the end.
class CheckStdio {
public:
    static Result<CheckStdio> place(os::FdView output) {
        const os::Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (!null) return Error::from_errno(errno, "open '/dev/null'");
        CheckStdio stdio;
        for (int fd = 0; fd < 3; ++fd) {
            stdio.before_.at(static_cast<std::size_t>(fd)) =
                TRY(os::duplicate(os::FdView::number(fd)));
            TRY(os::place_at(fd == 0 ? os::FdView(null) : output, fd));
        }
        return stdio;
    }
    CheckStdio(CheckStdio&&) noexcept = default;
    CheckStdio& operator=(CheckStdio&&) = delete;
    ~CheckStdio() {
        for (int fd = 0; fd < 3; ++fd)
            if (const os::Fd& own = before_.at(static_cast<std::size_t>(fd)))
                (void)os::place_at(own, fd);  // it was open there before
    }

private:
    CheckStdio() = default;

    std::array<os::Fd, 3> before_ = {};
};

// A program that runs in the container, until its end or that of its time.
class Run {
public:
    Run(os::Process& program, os::Fd output, os::Poll::Clock::time_point deadline)
        : program_(program), output_(std::move(output)), deadline_(deadline) {}

    Result<HealthResult> to_its_end() {
        os::Poll poll;
        poll.watch(program_.pidfd(), POLLIN, [&](short) -> Result<> {
            ended_ = true;
            return {};
        });
        poll.watch(output_, POLLIN, [&](short) -> Result<> {
            if (!read_some()) poll.unwatch(output_);
            return {};
        });
        while (!ended_ && !late_) {
            (void)TRY(poll.wait(deadline_));  // one that writes on and on has its time, too
            late_ = !ended_ && os::Poll::Clock::now() >= deadline_;
        }
        if (late_) os::kill_session(program_.pid());
        if (late_) (void)program_.signal(SIGKILL);  // it has ended, where its session was seen
        HealthResult result{.exit_code = TRY(program_.wait()).code};
        if (late_) result.exit_code = HealthResult::kNone;
        drain();
        result.output = take_output();
        return result;
    }

    bool late() const { return late_; }

private:
    // Whether there may be more. What is too much is read, too: the check is not to wait for that.
    bool read_some() {
        std::array<char, 4096> buffer;
        const ssize_t n = ::read(output_.get(), buffer.data(), buffer.size());
        if (n < 0) return errno == EAGAIN || errno == EINTR;
        const auto size = static_cast<std::size_t>(n);
        const std::size_t room = HealthResult::kMostOutput - text_.size();
        text_.append(buffer.data(), std::min(size, room));
        cut_ = cut_ || size > room;
        return n > 0;
    }

    // What it wrote before its end is in the pipe, unless a process that it left behind writes on.
    void drain() {
        constexpr int kMostReads = 16;
        pollfd ready{.fd = output_.get(), .events = POLLIN, .revents = 0};
        for (int i = 0; i < kMostReads && ::poll(&ready, 1, 0) > 0; ++i)
            if (!read_some()) return;
    }

    // It is not to end within a character.
    std::string take_output() {
        if (!cut_) return std::move(text_);
        constexpr std::size_t kMostContinuations = 3;
        std::size_t last = text_.size() - 1;
        for (std::size_t i = 0; i < kMostContinuations && utf8::continues(text_[last]); ++i)
            --last;
        if (!utf8::first(std::string_view(text_).substr(last)).valid) text_.resize(last);
        return std::move(text_);
    }

    os::Process& program_;
    os::Fd output_;
    os::Poll::Clock::time_point deadline_;
    std::string text_ = {};
    bool cut_ = false;
    bool ended_ = false;
    bool late_ = false;
};

}  // namespace

static Error has_no_check() {
    return Error(Error::Kind::usage, "it has no health check")
        .hint("--health-cmd names one when a container is made, or its image does");
}

static Error has_ended() { return {Error::Kind::failed, "the container has ended"}; }

// Of the container that `checked` is: its first process has ended, or is about to.
static bool ends(const store::Containers& containers, const std::string& id,
                 const store::LiveState& checked, std::chrono::milliseconds patience) {
    const Result<os::Fd> init = os::open_process(checked.pid);
    const std::optional<store::LiveState> live = containers.live(id);
    if (!init || !live || live->pid != checked.pid || live->start_time != checked.start_time)
        return true;
    pollfd end{.fd = init->get(), .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, static_cast<int>(patience.count())) > 0;
}

static Result<os::Process> start(const store::Containers& containers, const Blueprint& blueprint,
                                 const HealthCheck& check, os::FdView output) {
    const ExecOptions options{.command = check.config.command()};
    const Blueprint revealed = TRY(with_secret_variables(blueprint, containers.store()));
    const sandbox::Request request = TRY(compose_exec(revealed, options, {}));
    const CheckStdio stdio = TRY(CheckStdio::place(output));
    return TRY(execute(containers, blueprint.record.id, request, {.dies_with_parent = true}))
        .process;
}

// What cannot be started has failed, as what says so itself.
static HealthResult not_started(const Error& error) {
    const bool program =
        error.kind() == Error::Kind::no_such_command || error.kind() == Error::Kind::not_executable;
    return {.exit_code = program ? exit_code_of(error) : HealthResult::kNone,
            .output = excerpt(error.text(), HealthResult::kMostOutput)};
}

static std::string add_line(std::string text, const std::string& line) {
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    return text + line;
}

static Result<HealthResult> run(const store::Containers& containers, const Blueprint& blueprint,
                                const HealthCheck& check) {
    const std::chrono::nanoseconds timeout = check.config.timeout;
    const auto deadline = os::Poll::Clock::now() + timeout;
    os::Pipe pipe = TRY(os::open_pipe());
    TRY(os::do_not_wait(pipe.read_end));
    Result<os::Process> program = start(containers, blueprint, check, pipe.write_end);
    if (program.failed_as(Error::Kind::busy)) return std::move(program).error();
    if (!program) return not_started(program.error());
    pipe.write_end.reset();
    Run run(*program, std::move(pipe.read_end), deadline);
    HealthResult result = TRY(run.to_its_end());
    if (run.late())
        result.output = add_line(std::move(result.output),
                                 fmt::format("the check was killed: it took longer than {:g} s",
                                             std::chrono::duration<double>(timeout).count()));
    return result;
}

Result<Health> record_health(const store::Containers& containers, const Blueprint& blueprint,
                             const store::LiveState& checked, HealthResult result) {
    using std::chrono::milliseconds;
    if (!blueprint.health) return has_no_check();
    const std::string& id = blueprint.record.id;
    // The end of a container kills what is in it a moment before it shows.
    const bool killed = result.exit_code == 128 + SIGKILL;
    if (ends(containers, id, checked, milliseconds(killed ? 500 : 0))) return has_ended();
    if (result.exit_code != 0) TRY(check_not_paused(containers, id, checked));
    const os::Fd folder = TRY(containers.find_runtime_folder(id));
    const os::Lock lock = TRY(lock_health(folder));
    if (ends(containers, id, checked, milliseconds(0))) return has_ended();
    Health health = read_health(folder).value_or(Health());
    health.add(std::move(result), *blueprint.health, checked.started);
    TRY(write_health(folder, health));
    return health;
}

Result<Health> check_health(const store::Containers& containers, const Blueprint& blueprint) {
    if (!blueprint.health) return has_no_check();
    const std::optional<store::LiveState> live = containers.live(blueprint.record.id);
    if (!live) return Error(Error::Kind::failed, "the container does not run");
    const Instant start = now();
    HealthResult result = TRY(run(containers, blueprint, *blueprint.health));
    result.start = start;
    result.end = now();
    return record_health(containers, blueprint, *live, std::move(result));
}

}  // namespace sbx::container
