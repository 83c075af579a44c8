#include "runtime/create.h"

#include <unistd.h>

#include "os/file.h"
#include "os/process.h"
#include "runtime/bundle.h"
#include "runtime/console.h"
#include "runtime/request.h"
#include "runtime/status.h"
#include "runtime/supported.h"
#include "sandbox/compile.h"
#include "sandbox/gate.h"

namespace sbx::runtime {

namespace {

// A folder that goes again unless all of the container could be made.
class Unfinished {
public:
    explicit Unfinished(StateFolder folder) : folder_(std::move(folder)) {}
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    ~Unfinished() {
        if (folder_) (void)std::move(*folder_).remove();  // or the next create() by this id does
    }

    const StateFolder& folder() const { return *folder_; }
    StateFolder finish() && {
        StateFolder folder = *std::exchange(folder_, std::nullopt);
        folder.unlock();
        return folder;
    }

private:
    std::optional<StateFolder> folder_;
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
    made.state.made = false;
    made.state.own_keyring = creation.own_keyring;
    made.config = std::move(bundle.config);
    const std::string keyring = creation.own_keyring ? creation.id : "";
    const sandbox::Request request = TRY(request_for(std::move(bundle.spec), inherited, keyring));
    made.plan = TRY(sandbox::compile(request, host));
    return made;
}

// The process is on record before it goes on, so that whoever finds the container after a crash
// finds it, too.
static Result<sandbox::Running> launch(const StateFolder& folder, Design& design, os::FdView gate) {
    sandbox::Launch launch = TRY(sandbox::Launch::begin(design.plan, {.gate = gate}));
    design.state.pid = launch.pid();
    design.state.start_time = TRY(os::start_time_of(launch.pid()));
    TRY(folder.write(design.state));
    return std::move(launch).finish();
}

static Result<> tell(const StateFolder& folder, State state, const Creation& creation,
                     const sandbox::Running& running) {
    state.made = true;
    TRY(folder.write(state));
    return hand_over(creation.console, {.pid = state.pid,
                                        .pidfd = running.init.pidfd(),
                                        .terminal = os::FdView(running.terminal)});
}

static Result<> write_down(const StateFolder& folder, const Design& design) {
    TRY(folder.write_config(design.config));
    return folder.write(design.state);
}

Result<> create(const States& states, const Creation& creation, const sandbox::Host& host) {
    Design designed = TRY(design(creation, host));
    Unfinished unfinished(TRY(states.make(creation.id)));
    const StateFolder& folder = unfinished.folder();
    TRY(write_down(folder, designed));
    const os::Fd gate = TRY(sandbox::open_gate(folder.fd(), kGate));
    sandbox::Running running = TRY(launch(folder, designed, gate));
    TRY(tell(folder, designed.state, creation, running));
    std::move(running.init).disown();
    std::move(unfinished).finish();
    return {};
}

Result<Started> run(const States& states, const Creation& creation, const sandbox::Host& host) {
    Design designed = TRY(design(creation, host));
    Unfinished unfinished(TRY(states.make(creation.id)));
    TRY(write_down(unfinished.folder(), designed));
    sandbox::Running running = TRY(launch(unfinished.folder(), designed, os::FdView::number(-1)));
    TRY(tell(unfinished.folder(), designed.state, creation, running));
    return Started{.folder = std::move(unfinished).finish(), .running = std::move(running)};
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

Result<> start(const States& states, const std::string& id) {
    StateFolder folder = TRY(states.find(id));
    TRY(folder.lock());
    const State state = TRY(folder.read());
    TRY(check_is_created(folder, state));
    TRY(sandbox::start_at(folder.fd(), kGate), "container '{}'", id);
    return os::remove_at(folder.fd(), kGate);
}

}  // namespace sbx::runtime
