#include "sandbox/visit.h"

#include <algorithm>
#include <iterator>

#include <poll.h>
#include <sched.h>

#include "os/mount.h"
#include "os/namespaces.h"
#include "os/socket.h"
#include "sandbox/child_mounts.h"
#include "sandbox/child_overlay.h"
#include "sandbox/child_root.h"
#include "sandbox/child_system.h"

namespace sbx::sandbox {

static constexpr char kDone = 'd';
static constexpr char kFailed = 'f';

static Error has_ended() {
    return {Error::Kind::not_found, "the container's first process has ended"};
}

static bool has_ended(os::FdView pidfd) {
    pollfd end{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, 0) != 0;
}

static Result<> let_go(const Errand& errand, std::vector<os::FdView> more) {
    std::ranges::copy(errand.kept, std::back_inserter(more));
    for (const int number : {0, 1, 2})
        more.push_back(os::FdView::number(number));
    return os::close_all_but(std::move(more));
}

[[noreturn]] static void answer_with(os::FdView answer, const Result<std::string>& said) {
    const std::string words = said ? kDone + *said : kFailed + said.error().pack();
    (void)os::send_message(answer, words.substr(0, os::kLargestMessage));
    ::_exit(said ? 0 : 1);
}

Result<std::string> Visit::finish() && {
    const std::optional<os::Message> message = TRY(os::receive_message(answer_));
    TRY(process_.wait());
    if (!message || message->bytes.empty())
        return Error(Error::Kind::failed, "the process that works on its files was killed");
    const std::string_view words = std::string_view(message->bytes).substr(1);
    if (message->bytes.front() == kFailed) return Error::unpack(words);
    return std::string(words);
}

static Result<os::Root> root_in(Sight sight) {
    TRY(os::enter_directory("/"));
    os::Root root = TRY(os::Root::open("/"));
    if (sight == Sight::with_mounts) return root;
    return os::Root::of(TRY(os::clone_mount(root.directory(), os::Depth::this_one)));
}

static Result<std::string> work_inside(os::FdView pidfd, std::uint64_t namespaces, Sight sight,
                                       const Errand& errand) {
    TRY(hide_from_tracers());
    Result<> joined = os::join_namespaces(pidfd, namespaces);
    if (!joined && has_ended(pidfd)) return has_ended();
    TRY(std::move(joined));
    TRY(os::become_root());
    TRY(os::die_with_parent());
    const os::Root root = TRY(root_in(sight));
    return errand.work(root);
}

// All that is read by the number is of the process of the pidfd if that was opened before, and has
// not ended after.
Result<Visit> visit(const Inhabited& container, Sight sight, const Errand& errand) {
    Result<os::Fd> opened = os::open_process(container.init);
    if (opened.failed_with(std::errc::no_such_process)) return has_ended();
    const os::Fd pidfd = TRY(std::move(opened));
    const Result<std::uint64_t> started = os::start_time_of(container.init);
    if (!started || *started != container.start_time || has_ended(pidfd)) return has_ended();
    const std::uint64_t apart = TRY(os::namespaces_apart_from(container.init));
    if ((apart & CLONE_NEWNS) == 0)
        return Error(Error::Kind::failed, "process {} is in no container", container.init);
    if (has_ended(pidfd)) return has_ended();

    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process process = TRY(os::spawn(0, [&] {
        Result<> alone = let_go(errand, {ends.other, pidfd});
        if (!alone) answer_with(ends.other, std::move(alone).error());
        answer_with(ends.other,
                    work_inside(pidfd, apart & (CLONE_NEWUSER | CLONE_NEWNS), sight, errand));
    }));
    return Visit(std::move(process), std::move(ends.one));
}

static Result<std::string> work_in(const Plan& plan, MountSources sources, os::FdView answer,
                                   const Errand& errand) {
    TRY(os::die_with_parent());
    TRY(os::make_mounts_private());
    {
        Line nobody{os::Fd()};
        const os::Root root = TRY(mount_root(plan.root, nobody), "preparing the root file system");
        std::vector<os::FdView> kept = {answer, root.directory()};
        std::ranges::copy(sources.fds(), std::back_inserter(kept));
        TRY(let_go(errand, std::move(kept)));
        TRY(prepare_overlays(plan,
                             errand.writes ? Occasion::writing_visit : Occasion::reading_visit));
        TRY(mount_all(plan, root, std::move(sources)));
        TRY(os::pivot_root(root.directory()), "entering the root file system");
    }
    const os::Root inside = TRY(os::Root::open("/"));
    return errand.work(inside);
}

Result<Visit> visit(const Plan& plan, const Errand& errand) {
    if (std::holds_alternative<FuseRoot>(plan.root))
        return Error(Error::Kind::unsupported,
                     "its files are kept with fuse-overlayfs, which serves them while it runs");
    TRY(make_overlay_folders(plan));
    MountSources sources = TRY(MountSources::open(plan));
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process process = TRY(os::spawn_mapped(plan.ids, CLONE_NEWNS, [&] {
        ends.one.reset();
        answer_with(ends.other, work_in(plan, std::move(sources), ends.other, errand));
    }));
    return Visit(std::move(process), std::move(ends.one));
}

static Result<std::string> work_beside(const std::string& directory, const Errand& errand) {
    TRY(os::die_with_parent());
    TRY(os::make_mounts_private());
    const os::Root root = TRY(os::Root::open(directory));
    return errand.work(root);
}

Result<Visit> visit(const os::IdMap& ids, const std::string& directory, const Errand& errand) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process process = TRY(os::spawn_mapped(ids, CLONE_NEWNS, [&] {
        ends.one.reset();
        answer_with(ends.other, work_beside(directory, errand));
    }));
    return Visit(std::move(process), std::move(ends.one));
}

}  // namespace sbx::sandbox
