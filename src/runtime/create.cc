#include "runtime/create.h"

#include <algorithm>
#include <iterator>

#include <signal.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "os/process.h"
#include "runtime/annotations.h"
#include "runtime/bundle.h"
#include "runtime/console.h"
#include "runtime/limits.h"
#include "runtime/net_devices.h"
#include "runtime/processes.h"
#include "runtime/request.h"
#include "runtime/seccomp_agent.h"
#include "runtime/status.h"
#include "runtime/supported.h"
#include "sandbox/cgroup.h"
#include "sandbox/compile.h"
#include "sandbox/gate.h"
#include "sandbox/labels.h"

namespace sbx::runtime {

namespace {

// What a container is made of, before any of it is made.
struct Design {
    State state;
    std::string config;
    sandbox::Plan plan;
    sandbox::Observer agent;
    NetDevices net_devices;
    std::optional<oci::IntelRdt> rdt;
    os::Fd resctrl;  // where there is `rdt`
};

// NOLINTBEGIN(bugprone-unchecked-optional-access): the folder is there until finish() or undo()

// A folder and a cgroup that go again unless all of the container could be made.
class Unfinished {
public:
    explicit Unfinished(StateFolder folder) : folder_(std::move(folder)) {}
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    ~Unfinished() { remove(); }

    Result<> make_cgroup(const sandbox::CgroupPlan& plan) {
        if (plan.made) cgroup_.emplace(TRY(sandbox::Cgroup::make(plan)));
        return {};
    }
    sandbox::CgroupPlace cgroup_place() const {
        return cgroup_ ? cgroup_->place() : sandbox::CgroupPlace();
    }
    os::FdView cgroup() const { return cgroup_ ? cgroup_->folder() : os::FdView::number(-1); }

    const StateFolder& folder() const { return *folder_; }

    // As `delete` does it, with the poststop hooks. What comes back is `why`.
    Error undo(const Design& design, Error why) && {
        (void)remove_resctrl_group(design.resctrl, design.state.resctrl);
        remove();
        const Warnings warnings = run_poststop(design.plan.hooks, design.state);
        if (warnings.empty()) return why;
        return std::move(why).hint("and then: " + join(warnings, "; "));
    }

    StateFolder finish() && {
        StateFolder folder = *std::exchange(folder_, std::nullopt);
        folder.unlock();
        return folder;
    }

private:
    // What stays of it goes with the next create() by this id, or is in nobody's way. A hook that
    // failed came too late for what the program had started already.
    void remove() {
        if (!folder_) return;
        if (cgroup_) {
            (void)cgroup_->kill();
            (void)std::move(*cgroup_).remove();
        }
        (void)std::move(*std::exchange(folder_, std::nullopt)).remove();
    }

    std::optional<StateFolder> folder_;
    std::optional<sandbox::Cgroup> cgroup_ = {};
};

// NOLINTEND(bugprone-unchecked-optional-access)

}  // namespace

static Result<Design> design(const Creation& creation, const sandbox::Host& host) {
    Bundle bundle = TRY(read_bundle(creation.bundle, creation.config));
    TRY(check_terminal(bundle.spec.process, creation.console));
    TRY(check_supported(bundle.spec));
    TRY(check_annotations(bundle.spec.annotations));
    const Inheritance inherited = TRY(inheritance(creation.preserved_descriptors));
    Design made;
    made.state.id = creation.id;
    made.state.bundle = bundle.path;
    made.state.rootfs = bundle.spec.root_path;
    made.state.annotations = bundle.spec.annotations;
    made.state.created = now();
    made.state.owner = ::geteuid();
    made.state.made = false;
    made.state.own_keyring = creation.own_keyring;
    made.config = std::move(bundle.config);
    made.net_devices = bundle.spec.net_devices;
    made.rdt = bundle.spec.intel_rdt;
    if (made.rdt) made.resctrl = TRY(open_resctrl());
    made.agent = agent_of(bundle.spec.seccomp, made.state, Status::created);
    const std::string keyring = creation.own_keyring ? creation.id : "";
    if (!sandbox::has_selinux()) bundle.spec.mount_label.clear();  // as runc
    sandbox::Request request = TRY(request_for(std::move(bundle.spec), inherited, keyring));
    request.cgroup.manager = creation.cgroup_manager;
    request.cgroup.name = cgroup_name(creation.id);
    Fitted fitted = TRY(fit_limits(std::move(request), host.cgroups));
    made.plan = TRY(sandbox::compile(fitted.request, host));
    std::ranges::move(fitted.warnings, std::back_inserter(made.plan.warnings));
    std::ranges::move(passed_over(made.state.annotations), std::back_inserter(made.plan.warnings));
    return made;
}

// The process is on record before it goes on, so that whoever finds the container after a crash
// finds it, too.
static Result<sandbox::Running> launch(const Unfinished& unfinished, Design& design,
                                       os::FdView gate) {
    const sandbox::Surroundings surroundings{.gate = gate,
                                             .state = state_for_hooks(design.state),
                                             .observer = design.agent,
                                             .cgroup = unfinished.cgroup()};
    sandbox::Launch launch = TRY(sandbox::Launch::begin(design.plan, surroundings));
    design.state.pid = launch.pid();
    design.state.start_time = TRY(os::start_time_of(launch.pid()));
    TRY(unfinished.folder().write(design.state));
    TRY(unfinished.folder().write_copy(design.state));
    TRY(move_net_devices(design.net_devices, launch.pid()));
    if (design.rdt)
        TRY(join_resctrl_group(design.resctrl, design.state.resctrl, launch.pid()),
            "linux.intelRdt");
    return std::move(launch).finish();
}

static Result<> tell(const StateFolder& folder, Design& design, const Creation& creation,
                     const sandbox::Running& running) {
    design.state.made = true;
    TRY(folder.write(design.state));
    return hand_over(creation.console, {.pid = design.state.pid,
                                        .pidfd = running.init.pidfd(),
                                        .terminal = os::FdView(running.terminal)});
}

static Result<> make_resctrl(const Unfinished& unfinished, Design& design,
                             const oci::IntelRdt& asked) {
    ResctrlPlace& place = design.state.resctrl;
    place = TRY(place_resctrl_group(design.resctrl, asked, design.state.id));
    TRY(unfinished.folder().write(design.state));
    TRY(make_resctrl_group(design.resctrl, place));
    return fill_resctrl_group(design.resctrl, asked, place);
}

// The groups come first: whoever finds the record finds in it all that there is to remove.
static Result<> prepare(Unfinished& unfinished, Design& design) {
    TRY(unfinished.make_cgroup(design.plan.cgroup));
    design.state.cgroup = unfinished.cgroup_place();
    if (design.rdt) TRY(make_resctrl(unfinished, design, *design.rdt), "linux.intelRdt");
    TRY(unfinished.folder().write_config(design.config));
    return unfinished.folder().write(design.state);
}

static Result<> make(Unfinished& unfinished, Design& design, const Creation& creation) {
    TRY(prepare(unfinished, design));
    const StateFolder& folder = unfinished.folder();
    const os::Fd gate = TRY(sandbox::open_gate(folder.fd(), kGate));
    sandbox::Running running = TRY(launch(unfinished, design, gate));
    TRY(tell(folder, design, creation, running));
    std::move(running.init).disown();
    return {};
}

Result<Warnings> create(const States& states, const Creation& creation, const sandbox::Host& host) {
    Design designed = TRY(design(creation, host));
    Unfinished unfinished(TRY(states.make(creation.id)));
    Result<> made = make(unfinished, designed, creation);
    if (!made) return std::move(unfinished).undo(designed, std::move(made).error());
    std::move(unfinished).finish();
    return std::move(designed.plan.warnings);
}

static Result<sandbox::Running> make_and_run(Unfinished& unfinished, Design& design,
                                             const Creation& creation) {
    TRY(prepare(unfinished, design));
    sandbox::Running running = TRY(launch(unfinished, design, os::FdView::number(-1)));
    TRY(tell(unfinished.folder(), design, creation, running));
    TRY(run_poststart(design.plan.hooks, design.state));
    return running;
}

Result<Started> run(const States& states, const Creation& creation, const sandbox::Host& host) {
    Design designed = TRY(design(creation, host));
    Unfinished unfinished(TRY(states.make(creation.id)));
    Result<sandbox::Running> running = make_and_run(unfinished, designed, creation);
    if (!running) return std::move(unfinished).undo(designed, std::move(running).error());
    return Started{.folder = std::move(unfinished).finish(),
                   .running = std::move(*running),
                   .warnings = std::move(designed.plan.warnings)};
}

static Result<> check_is_created(const StateFolder& folder, const State& state) {
    switch (status_of(folder, state)) {
        case Status::created: return {};
        case Status::creating: return Error(Error::Kind::busy, "it is being made");
        case Status::stopped:
            return Error(Error::Kind::failed, "cannot start a container that has stopped");
        default: return Error(Error::Kind::busy, "cannot start an already running container");
    }
}

// Not under the lock: a hook may take its time, and may ask for the container to be deleted.
static Result<> run_poststart_or_end(const State& state, const oci::Hooks& hooks) {
    Result<> ran = run_poststart(hooks, state);
    if (ran) return {};
    (void)signal_all(state, SIGKILL);  // it has failed already
    return std::move(ran).error();
}

Result<> start(const States& states, const std::string& id) {
    StateFolder folder = TRY(states.find(id));
    TRY(folder.lock());
    const State state = TRY(folder.read());
    TRY(check_is_created(folder, state));
    const oci::Spec spec = TRY(spec_made_of(folder, state));
    const sandbox::Starter starter{.observer = agent_of(spec.seccomp, state, Status::created),
                                   .process = state.pid};
    TRY(sandbox::start_at(folder.fd(), kGate, starter), "container '{}'", id);
    TRY(os::remove_at(folder.fd(), kGate));
    folder.unlock();
    return run_poststart_or_end(state, spec.hooks);
}

}  // namespace sbx::runtime
