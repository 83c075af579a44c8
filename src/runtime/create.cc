#include "runtime/create.h"

#include <algorithm>
#include <iterator>

#include <unistd.h>

#include "os/file.h"
#include "os/process.h"
#include "runtime/bundle.h"
#include "runtime/console.h"
#include "runtime/limits.h"
#include "runtime/request.h"
#include "runtime/status.h"
#include "runtime/supported.h"
#include "sandbox/cgroup.h"
#include "sandbox/compile.h"
#include "sandbox/gate.h"

namespace sbx::runtime {

namespace {

// A folder and a cgroup that go again unless all of the container could be made.
class Unfinished {
public:
    explicit Unfinished(StateFolder folder) : folder_(std::move(folder)) {}
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    ~Unfinished() {
        if (!folder_) return;
        if (cgroup_)
            (void)std::move(*cgroup_).remove();  // without processes, it is in nobody's way
        (void)std::move(*folder_).remove();      // or the next create() by this id does
    }

    Result<> make_cgroup(const sandbox::CgroupPlan& plan) {
        if (plan.made) cgroup_.emplace(TRY(sandbox::Cgroup::make(plan)));
        return {};
    }
    sandbox::CgroupPlace cgroup_place() const {
        return cgroup_ ? cgroup_->place() : sandbox::CgroupPlace();
    }
    os::FdView cgroup() const { return cgroup_ ? cgroup_->folder() : os::FdView::number(-1); }

    const StateFolder& folder() const { return *folder_; }
    StateFolder finish() && {
        StateFolder folder = *std::exchange(folder_, std::nullopt);
        folder.unlock();
        return folder;
    }

private:
    std::optional<StateFolder> folder_;
    std::optional<sandbox::Cgroup> cgroup_ = {};
};

// What a container is made of, before any of it is made.
struct Design {
    State state;
    std::string config;
    sandbox::Plan plan;
};

}  // namespace

static Result<Design> design(const Creation& creation, const sandbox::Host& host) {
    Bundle bundle = TRY(read_bundle(creation.bundle, creation.config));
    TRY(check_terminal(bundle.spec.process, creation.console));
    TRY(check_supported(bundle.spec));
    const Inheritance inherited = TRY(inheritance(creation.preserved_descriptors));
    Design made;
    made.state.id = creation.id;
    made.state.bundle = bundle.path;
    made.state.rootfs = bundle.spec.root_path;
    made.state.annotations = bundle.spec.annotations;
    made.state.created = now();
    made.state.owner = ::geteuid();
    made.config = std::move(bundle.config);
    const std::string keyring = creation.own_keyring ? creation.id : "";
    sandbox::Request request = TRY(request_for(std::move(bundle.spec), inherited, keyring));
    request.cgroup.manager = creation.cgroup_manager;
    request.cgroup.name = cgroup_name(creation.id);
    Fitted fitted = TRY(fit_limits(std::move(request), host.cgroups));
    made.plan = TRY(sandbox::compile(fitted.request, host));
    std::ranges::move(fitted.warnings, std::back_inserter(made.plan.warnings));
    return made;
}

static Result<sandbox::Running> launch(const Design& design,
                                       const sandbox::Surroundings& surroundings) {
    sandbox::Launch launch = TRY(sandbox::Launch::begin(design.plan, surroundings));
    return std::move(launch).finish();
}

static Result<> tell(const StateFolder& folder, State state, const Creation& creation,
                     const sandbox::Running& running) {
    state.pid = running.init.pid();
    state.start_time = TRY(os::start_time_of(state.pid));
    TRY(folder.write(state));
    return hand_over(creation.console, {.pid = state.pid,
                                        .pidfd = running.init.pidfd(),
                                        .terminal = os::FdView(running.terminal)});
}

// The cgroup comes first: whoever finds the record finds in it all that there is to remove.
static Result<> prepare(Unfinished& unfinished, Design& design) {
    TRY(unfinished.make_cgroup(design.plan.cgroup));
    design.state.cgroup = unfinished.cgroup_place();
    TRY(unfinished.folder().write_config(design.config));
    return unfinished.folder().write(design.state);
}

static void warn(const Creation& creation, const Design& design) {
    for (const std::string& warning : design.plan.warnings)
        creation.warn(warning);
}

Result<> create(const States& states, const Creation& creation, const sandbox::Host& host) {
    Design designed = TRY(design(creation, host));
    Unfinished unfinished(TRY(states.make(creation.id)));
    TRY(prepare(unfinished, designed));
    const StateFolder& folder = unfinished.folder();
    const os::Fd gate = TRY(sandbox::open_gate(folder.fd(), kGate));
    sandbox::Running running = TRY(launch(designed, {.gate = gate, .cgroup = unfinished.cgroup()}));
    TRY(tell(folder, designed.state, creation, running));
    std::move(running.init).disown();
    std::move(unfinished).finish();
    warn(creation, designed);
    return {};
}

Result<Started> run(const States& states, const Creation& creation, const sandbox::Host& host) {
    Design designed = TRY(design(creation, host));
    Unfinished unfinished(TRY(states.make(creation.id)));
    TRY(prepare(unfinished, designed));
    sandbox::Running running = TRY(launch(designed, {.cgroup = unfinished.cgroup()}));
    TRY(tell(unfinished.folder(), designed.state, creation, running));
    warn(creation, designed);
    return Started{.folder = std::move(unfinished).finish(), .running = std::move(running)};
}

static Result<> check_is_created(const StateFolder& folder, const State& state) {
    switch (status_of(folder, state)) {
        case Status::created: return {};
        case Status::stopped:
            return Error(Error::Kind::failed, "cannot start a container that has stopped");
        default: return Error(Error::Kind::busy, "cannot start an already running container");
    }
}

Result<> start(const States& states, const std::string& id) {
    StateFolder folder = TRY(states.find(id));
    TRY(folder.lock());
    const State state = TRY(folder.read());
    TRY(check_is_created(folder, state));
    TRY(sandbox::start_at(folder.fd(), kGate), "container '{}'", id);
    return os::remove_at(folder.fd(), kGate);
}

}  // namespace sbx::runtime
