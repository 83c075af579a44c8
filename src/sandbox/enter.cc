#include "sandbox/enter.h"

#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include "base/text.h"
#include "os/beyond.h"
#include "os/file.h"
#include "os/namespaces.h"
#include "os/root.h"
#include "os/scheduling.h"
#include "sandbox/child_program.h"
#include "sandbox/child_system.h"
#include "sandbox/compile.h"
#include "sandbox/handshake.h"
#include "sandbox/identity.h"
#include "sandbox/keyring.h"

namespace sbx::sandbox {

static constexpr int kSetupFailed = 125;

namespace {

// What both processes need of the container.
struct Target {
    os::Fd pidfd = {};
    std::uint64_t namespaces = 0;  // those that the caller is not in
    os::IdMap ids = {};
};

}  // namespace

namespace {

// While this exists, this process runs on those processors, and so does what it starts: before
// that gets into the cgroup of the container, which may allow it others alone.
class Confined {
public:
    static Result<Confined> to(const std::vector<unsigned>& processors) {
        if (processors.empty()) return Confined({});
        std::vector<unsigned> before = TRY(os::affinity());
        TRY(os::set_affinity(processors), "the first processors");
        return Confined(std::move(before));
    }
    Confined(Confined&& other) noexcept : before_(std::exchange(other.before_, {})) {}
    Confined& operator=(Confined&&) = delete;
    ~Confined() {
        if (!before_.empty()) (void)os::set_affinity(before_);  // it could run there before
    }

private:
    explicit Confined(std::vector<unsigned> before) : before_(std::move(before)) {}

    std::vector<unsigned> before_;
};

}  // namespace

static Error has_ended() {
    return Error(Error::Kind::not_found, "the container's first process has ended");
}

static bool has_ended(os::FdView pidfd) {
    pollfd end{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, 0) != 0;
}

// The one of user_namespaces(7): lines of three numbers.
static Result<std::vector<os::IdRange>> read_ranges(const std::string& path) {
    std::vector<os::IdRange> ranges;
    const std::string text = TRY(os::read_proc(path));
    for (const std::string_view line : split(trim(text), '\n')) {
        std::vector<std::uint32_t> numbers;
        for (const std::string_view word : split(line, ' '))
            if (!word.empty())
                numbers.push_back(
                    static_cast<std::uint32_t>(TRY(parse_number(word, 0, UINT32_MAX))));
        if (numbers.size() == 3)
            ranges.push_back({.inside = numbers[0], .outside = numbers[1], .count = numbers[2]});
    }
    return ranges;
}

static Result<os::IdMap> read_ids(pid_t pid) {
    os::IdMap ids;
    ids.uids = TRY(read_ranges(fmt::format("/proc/{}/uid_map", pid)));
    ids.gids = TRY(read_ranges(fmt::format("/proc/{}/gid_map", pid)));
    const std::string groups = TRY(os::read_proc(fmt::format("/proc/{}/setgroups", pid)));
    ids.writer = trim(groups) == "deny" ? os::IdMap::Writer::self : os::IdMap::Writer::privileged;
    return ids;
}

// Its number may be another process's once it has ended. All that is read by the number is of the
// process of the pidfd if that was opened before, and has not ended after.
static Result<Target> find(const Inhabited& container) {
    Target target;
    Result<os::Fd> pidfd = os::open_process(container.init);
    if (pidfd.failed_with(std::errc::no_such_process)) return has_ended();
    target.pidfd = TRY(std::move(pidfd));
    const Result<std::uint64_t> started = os::start_time_of(container.init);
    if (!started || *started != container.start_time || has_ended(target.pidfd)) return has_ended();
    target.namespaces = TRY(os::namespaces_apart_from(container.init));
    if ((target.namespaces & CLONE_NEWNS) == 0)
        return Error(Error::Kind::failed, "process {} is in no container", container.init);
    target.ids = TRY(read_ids(container.init));
    if (has_ended(target.pidfd)) return has_ended();
    return target;
}

// In all namespaces of the container, and with all rights there. Returns only on failure.
static Error become(const Program& program, const Target& target, const Surroundings& surroundings,
                    Line& line) {
    const Identity& who = program.identity;
    TRY(os::become_root(who.keep_groups ? os::Groups::kept : os::Groups::dropped));
    ResolvedIdentity identity;
    Stdio stdio;
    {
        const os::Root root = TRY(os::Root::open("/"));
        identity = TRY(resolve_identity(who, root));
        stdio = TRY(open_stdio(program, root, identity), "opening the terminal");
    }
    TRY(begin_session_keyring(program.keyring));
    TRY(line.say(Verb::ready, stdio.for_parent()));
    TRY(prepare_program(program, stdio));
    return become_program(program,
                          {.identity = identity,
                           .ids = target.ids,
                           .labels = {},
                           .dies_with_parent = surroundings.dies_with_parent},
                          line);
}

// What is missing inside, such as the user or the working directory, is no end of the container.
static Error missing_inside(Error error) {
    const bool missing = error.kind() == Error::Kind::not_found;
    return missing ? std::move(error).as(Error::Kind::failed) : std::move(error);
}

// What needs the host's files, or ids, comes before the first namespace.
static Result<> move_in(const Program& program, const Target& target) {
    TRY(set_oom_score(program, "self"));
    raise_hard_limits(program, 0);
    // Inherited by the process that is born, which has no procfs but the container's.
    const Labels labels = TRY(Labels::open(program));
    TRY(labels.take());
    TRY(hide_from_tracers());
    Result<> joined = os::join_namespaces(target.pidfd, target.namespaces);
    if (!joined && has_ended(target.pidfd)) return has_ended();
    TRY(std::move(joined));
    return os::enter_directory("/");
}

static Result<os::Process> spawn_inside(const Program& program, const Target& target,
                                        const Surroundings& surroundings, Ends& ends) {
    return os::spawn_beyond({.enter = [&](os::FdView between) -> Result<> {
                                 TRY(let_go(program, {between, ends.child.socket(), target.pidfd}));
                                 return move_in(program, target);
                             },
                             .child =
                                 [&] {
                                     ends.child.report(missing_inside(
                                         become(program, target, surroundings, ends.child)));
                                     ::_exit(kSetupFailed);
                                 },
                             .cgroup = surroundings.cgroup});
}

Result<Entered> enter(const Program& program, const Inhabited& container,
                      const Surroundings& surroundings) {
    const Target target = TRY(find(container));
    Ends ends = TRY(Line::open());
    const Confined confined = TRY(Confined::to(program.first_processors));
    os::Process child = TRY(spawn_inside(program, target, surroundings, ends));
    ends.child.close();
    std::vector<os::Fd> fds = TRY(ends.parent.expect(Verb::ready));
    TRY(expect_program(ends.parent, surroundings.observer, child.pid()));
    Entered entered{.process = std::move(child),
                    .terminal = fds.empty() ? os::Fd() : std::move(fds.front()),
                    .warnings = program.warnings};
    if (lacks_groups(program, target.ids)) entered.warnings.emplace_back(kLacksGroups);
    return entered;
}

}  // namespace sbx::sandbox
