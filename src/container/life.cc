#include "container/life.h"

#include <algorithm>

#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include "base/log.h"
#include "container/health.h"
#include "container/left_processes.h"
#include "container/marker.h"
#include "container/pods.h"
#include "container/ports.h"
#include "container/secrets.h"
#include "container/shared_namespaces.h"
#include "os/file.h"
#include "os/namespaces.h"
#include "sandbox/child_overlay.h"
#include "sandbox/compile.h"
#include "store/events.h"
#include "store/networks.h"
#include "store/pods.h"
#include "store/volumes.h"

namespace sbx::container {

int exit_code_of(const Error& error) {
    if (error.kind() == Error::Kind::no_such_command) return 127;
    if (error.kind() == Error::Kind::not_executable) return 126;
    return 125;
}

Result<> remove_container(const store::Store& store, const store::ContainerRecord& record,
                          const os::IdMap& ids) {
    const store::Containers containers = TRY(store::Containers::open(store));
    TRY(containers.remove(record, ids));
    return remove_left_volumes(store, record.anonymous_volumes, ids);
}

Result<> remove_left_volumes(const store::Store& store, const std::vector<std::string>& names,
                             const os::IdMap& ids) {
    if (names.empty()) return {};
    const store::Volumes volumes = TRY(store::Volumes::open(store));
    const os::Lock lock = TRY(volumes.lock(os::Share::exclusive));
    return volumes.remove_unused(names, ids);
}

Result<sandbox::Plan> Life::plan() const { return sandbox::compile(blueprint_.request, *host_); }

// What ends with its command means nothing after a power cut.
static os::Durability durability_of(const Blueprint& blueprint) {
    const bool ends_with_command = blueprint.record.remove_after && !blueprint.record.awaits_start;
    return ends_with_command ? os::Durability::until_reboot : os::Durability::durable;
}

Result<const store::Containers*> Life::containers() {
    if (!containers_) containers_ = TRY(store::Containers::open(*store_));
    return &*containers_;
}

Result<> Life::create() {
    Result<> created = write_down();
    if (!created) (void)remove();  // the first failure is the one to report
    return created;
}

Result<> Life::reload() {
    const store::Containers* containers = TRY(this->containers());
    Blueprint now = TRY(read_blueprint(*containers, id()), "reading what the container is");
    now.record.restarts = restarts();
    blueprint_ = std::move(now);
    return {};
}

// None of its networks goes meanwhile, or has gone.
Result<std::optional<os::Lock>> Life::hold_networks() const {
    std::optional<os::Lock> lock;
    if (blueprint_.attachments.empty()) return lock;
    const store::Networks networks = TRY(store::Networks::open(*store_));
    lock.emplace(TRY(networks.lock(os::Share::shared)));
    for (const Attachment& one : blueprint_.attachments)
        (void)TRY(networks.find(one.network));
    return lock;
}

Result<> Life::write_down() {
    std::optional<os::Lock> volumes_lock;
    if (!blueprint_.volumes.empty()) {
        const store::Volumes volumes = TRY(store::Volumes::open(*store_));
        volumes_lock.emplace(TRY(volumes.lock(os::Share::shared)));
        for (const store::Volume& volume : blueprint_.volumes)
            TRY(volumes.find_or_create(volume));
    }
    const std::optional<os::Lock> pods_lock =
        TRY(store::Pods::lock_for(*store_, blueprint_.record));
    const std::optional<os::Lock> networks_lock = TRY(hold_networks());
    const store::Containers* containers = TRY(this->containers());
    hold(TRY(containers->lock(id())));
    if (blueprint_.request.image) blueprint_.request.image->driver = host_->driver;
    TRY(containers->create(blueprint_.record, to_json(blueprint_), durability_of(blueprint_)));
    return {};
}

Result<> Life::write_files() {
    const store::Containers* containers = TRY(this->containers());
    const os::Fd folder = TRY(containers->runtime_folder(id()));
    const os::WriteOptions options{.mode = 0644, .durability = os::Durability::until_reboot};
    const NetworkFiles files =
        with_connections(TRY(shared_files(*containers, blueprint_.request.spec, blueprint_.files)),
                         memberships_.connections(), blueprint_.record.name);
    TRY(os::write_atomic(folder, "hostname", files.hostname, options));
    if (!files.hosts.empty()) TRY(os::write_atomic(folder, "hosts", files.hosts, options));
    if (files.resolv) TRY(os::write_atomic(folder, "resolv.conf", *files.resolv, options));
    return os::write_atomic(folder, kMarkerFile, marker_text(blueprint_.record, host_->uid),
                            options);
}

// Before anybody can know that it runs. What is still there is of a life that nobody saw end.
Result<> Life::begin_health() {
    const store::Containers* containers = TRY(this->containers());
    const os::Fd folder = TRY(containers->runtime_folder(id()));
    const os::Lock lock = TRY(lock_health(folder));
    return write_health(folder, Health());
}

Result<> Life::note_start(const sandbox::Running& running) {
    const store::Containers* containers = TRY(this->containers());
    const auto start_time = TRY(os::start_time_of(running.init.pid()));
    const auto monitor_start_time = TRY(os::start_time_of(::getpid()));
    if (blueprint_.health) TRY(begin_health());
    if (running.mounts)
        TRY(note_sharer(*containers, id(), sharer_of(blueprint_.request.spec, "pid")));
    return containers->write_live(id(), {.pid = running.init.pid(),
                                         .start_time = start_time,
                                         .monitor = ::getpid(),
                                         .monitor_start_time = monitor_start_time,
                                         .started = started_,
                                         .cgroup = cgroup_ ? cgroup_->place().to_json() : Json(),
                                         .ports = network::to_json(ports_.ports()),
                                         .networks = to_json(memberships_.connections())});
}

// They may be other ones than at the last start: `network connect`.
Result<std::optional<sandbox::Network>> Life::connect(const sandbox::Plan& plan) {
    if (blueprint_.record.restarts > 0) {
        const store::Containers* containers = TRY(this->containers());
        const Json kept = TRY(containers->read_spec(id()));
        blueprint_.attachments = TRY(attachments_from(kept["attachments"]));
    }
    const Watched watched = is_watched_ ? Watched::by_person : Watched::by_nobody;
    if (blueprint_.attachments.empty())
        return wiring_.begin({.settings = blueprint_.slirp,
                              .pasta = blueprint_.pasta,
                              .egress = blueprint_.egress,
                              .watched = watched});
    return memberships_.begin({.store = *store_,
                               .record = blueprint_.record,
                               .attachments = blueprint_.attachments,
                               .egress = blueprint_.egress,
                               .watched = watched,
                               .scope = plan.cgroup.scope});
}

Result<> Life::make_cgroup(const sandbox::Plan& plan) {
    if (plan.cgroup.made) cgroup_.emplace(TRY(sandbox::Cgroup::make(plan.cgroup)));
    return {};
}

// What is known from it alone is taken down before it goes.
void Life::leave_cgroup() {
    if (!cgroup_) return;
    blueprint_.record.oom_killed = cgroup_->had_oom_kill();
    (void)cgroup_->kill();  // what entered it may not have had its first process for a parent
    const Result<> removed = std::move(*cgroup_).remove();
    if (!removed) log::debug("{}", removed.error().text());  // empty, it is in nobody's way
    cgroup_.reset();
}

// With the namespaces that others have now, and the values of secrets; nothing where there are none
// of either. What shows a plan is never shown this one.
static Result<std::optional<sandbox::Plan>> plan_for_now(const sandbox::Plan& plan,
                                                         const Blueprint& blueprint,
                                                         const store::Containers& containers) {
    std::optional<sandbox::Plan> own;
    if (plan.joined.empty() && !has_secrets(blueprint)) return own;
    sandbox::Plan& whole = own.emplace(plan);
    TRY(find_shared(containers, whole));
    if (has_secrets(blueprint)) TRY(reveal_secrets(blueprint, containers.store(), whole));
    return own;
}

Result<> Life::open_ports() {
    Result<> opened = ports_.open(blueprint_.ports);
    if (!opened.failed_as(Error::Kind::busy)) return opened;
    const std::string holder = holder_of(*TRY(containers()), blueprint_.ports);
    if (holder.empty()) return opened;
    return std::move(opened).error().hint(fmt::format("container '{}' has it", holder));
}

static bool has_ended(const os::Process& process) {
    pollfd end{.fd = process.pidfd().get(), .events = POLLIN, .revents = 0};
    return ::poll(&end, 1, 0) > 0;
}

static bool joins_user(const sandbox::Plan& plan) {
    return std::ranges::any_of(plan.joined, [](const sandbox::JoinedNamespace& ns) {
        return ns.kind.flag == CLONE_NEWUSER;
    });
}

// A process that has entered a user namespace shows nobody its others before it has executed its
// program: ptrace(2). That may have ended since.
Result<> Life::serve_ports(const os::Process& init) {
    if (blueprint_.ports.empty()) return {};
    const std::uint64_t apart = TRY(os::namespaces_apart_from(init.pid()));
    Result<> served = ports_.serve(init.pid(), apart);
    if (served || !has_ended(init)) return served;
    return {};
}

Result<sandbox::Running> Life::start(const sandbox::Plan& plan,
                                     const std::function<Result<>()>& meanwhile) {
    started_ = Instant();
    TRY(make_cgroup(plan));  // systemd moves this process, and none that it has by then
    TRY(open_ports());
    const std::optional<sandbox::Network> network = TRY(connect(plan));
    const store::Containers* containers = TRY(this->containers());
    end_left_processes(*containers, id());
    const std::optional<sandbox::Plan> own = TRY(plan_for_now(plan, blueprint_, *containers));
    // Nobody else would see it to its end: it ends with its sbx, or with its monitor.
    const sandbox::Surroundings surroundings{
        .dies_with_parent = true,
        .network = network ? &*network : nullptr,
        .cgroup = cgroup_ ? cgroup_->folder() : os::FdView::number(-1)};
    sandbox::Launch launch = TRY(sandbox::Launch::begin(own ? *own : plan, surroundings));
    if (own) TRY(check_still_shared(*containers, plan, *own));
    // Not those of the plan alone: some may be joined, the user namespace with them.
    if (!joins_user(plan)) TRY(ports_.serve(launch.pid(), plan.namespaces));
    TRY(meanwhile());
    TRY(write_files());
    sandbox::Running running = TRY(std::move(launch).finish());
    if (joins_user(plan)) TRY(serve_ports(running.init));
    started_ = now();
    if (blueprint_.timeout)
        deadline_ =
            std::chrono::steady_clock::now() +
            std::chrono::duration_cast<std::chrono::steady_clock::duration>(*blueprint_.timeout);
    TRY(sandbox::forget_visits(plan));
    TRY(note_start(running));
    store::note(*store_, store::event_of(blueprint_.record, "start"));
    if (lock_) lock_->release();
    return running;
}

Result<> Life::remove() {
    return remove_container(*store_, blueprint_.record, sandbox::default_ids(*host_));
}

// Whoever waits for this container holds a lock while the record of its end still has to be read.
static void let_waiters_read(const os::Fd& runtime_folder) {
    (void)os::Lock::take(runtime_folder, "waiting", os::Share::exclusive, std::chrono::seconds(2));
}

void Life::note_end(int exit_code) const {
    if (started_ == Instant() || !containers_) return;
    const store::ContainerRecord& own = blueprint_.record;
    const store::ContainerRecord record = containers_->read(id()).value_or(own);  // or a new name
    if (own.oom_killed) store::note(*store_, store::event_of(record, "oom"));
    store::note(*store_, store::event_of(record, "die", {{"exitCode", std::to_string(exit_code)}}));
}

Result<> Life::end(int exit_code) { return end_failed(exit_code, ""); }

Result<> Life::end_failed(int exit_code, const std::string& why) {
    Result<> recorded = record_end(exit_code, why);
    leave_pod(*store_, blueprint_.record);
    return recorded;
}

Result<> Life::record_end(int exit_code, const std::string& why) {
    refused_ = wiring_.end() + memberships_.end();  // one of them has nothing
    leave_cgroup();
    ports_.close();  // who is told of the end finds them free
    store::ContainerRecord& record = blueprint_.record;
    const store::Containers* containers = TRY(this->containers());
    const Result<os::Fd> folder = containers->runtime_folder(id());
    const bool waited_for = folder && os::exists_at(*folder, "waiting");
    if (folder) forget_sharer(*folder);
    if (record.remove_after && !waited_for) {
        note_end(exit_code);
        return remove();
    }

    record.exit_code = exit_code;
    record.failure = why;
    record.finished = now();
    if (started_ != Instant()) record.started = started_;
    Result<> written = containers->write(record, durability_of(blueprint_));
    note_end(exit_code);  // who is told finds it recorded
    // It was never made, or `rm --force` was faster: only its runtime folder is here, again.
    if (written.failed_with(std::errc::no_such_file_or_directory)) return remove();
    TRY(std::move(written), "recording the end of the container");
    if (!record.remove_after) return containers->forget_live(id());
    let_waiters_read(*folder);
    return remove();
}

}  // namespace sbx::container
