#include "cli/start.h"

#include "cli/attach.h"
#include "cli/choice.h"
#include "cli/containers.h"
#include "cli/pods.h"
#include "container/foreground.h"
#include "container/keyboard.h"

namespace sbx::cli {

static Result<container::Blueprint> blueprint_to_start(const store::Containers& containers,
                                                       const std::string& id) {
    container::Blueprint blueprint = TRY(container::read_blueprint(containers, id));
    blueprint.record.restarts = 0;
    return blueprint;
}

static Result<sandbox::Plan> plan_of(const App& app, const container::Life& life) {
    sandbox::Plan plan = TRY(life.plan());
    for (const std::string& warning : plan.warnings)
        app.warn(warning);
    return plan;
}

static Result<> nothing() { return {}; }

Result<> start_container(App& app, const std::string& id) {
    const store::Store* store = TRY(app.store());
    const sandbox::Host* host = TRY(app.host());
    const store::Containers containers = TRY(store::Containers::open(*store));
    const store::ContainerRecord record = TRY(containers.read(id));
    if (containers.live(id)) return {};
    TRY(start_infra_of(app, record));
    os::Lock lock = TRY(containers.lock(id));
    container::Life life(*store, *host, TRY(blueprint_to_start(containers, id)));
    if (containers.live(id)) return {};
    life.hold(std::move(lock));
    const sandbox::Plan plan = TRY(plan_of(app, life));
    return container::run_in_background(life, plan, nothing);
}

namespace {

struct Start : Command {
    bool attach = false;
    bool interactive = false;
    bool signals = true;
    std::optional<std::string> detach_keys;
    ContainerChoice choice;

    void declare(Args& args) override {
        args.flag("-a,--attach", attach, "Stay with the container: its output, its terminal");
        args.flag("-i,--interactive", interactive, "Stay with it, and hand on standard input");
        args.flag("--all", choice.all, "All containers");
        choice.can_be_all = true;
        choice.declare_latest(args);
        args.flag("--sig-proxy", signals, "With -a, pass on the signals that sbx gets");
        args.option("--detach-keys", "KEYS", detach_keys,
                    "Keys that leave the container running; empty for none");
        choice.declare_filter(args);
        choice.declare_names(args, Complete::stopped_containers);
        args.example("sbx start web", "Start a container again");
        args.example("sbx start -ai box", "Start a container and stay with it");
    }

    Result<int> run(App& app) override {
        attach = attach || interactive;
        const Choice chosen = TRY(choose(app, choice, Among::all, "start"));
        if (attach && chosen.containers.size() > 1)
            return Error(Error::Kind::usage, "one can stay with one container alone");
        if (attach)
            for (const Chosen& one : chosen.containers)
                return TRY(start_attached(app, one.id), "cannot start '{}'", one.name);
        Outcomes outcomes(app, chosen, "start");
        for (const Chosen& one : chosen.containers)
            outcomes.tell(one.id, start_container(app, one.id));
        return outcomes.status();
    }

    Result<int> start_attached(App& app, const std::string& id) const {
        if (detach_keys) TRY(container::parse_detach_keys(*detach_keys));
        const store::Store* store = TRY(app.store());
        const sandbox::Host* host = TRY(app.host());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const store::ContainerRecord record = TRY(containers.read(id));
        if (!containers.live(id)) TRY(start_infra_of(app, record));
        os::Lock lock = TRY(containers.lock(id));
        container::Blueprint blueprint = TRY(blueprint_to_start(containers, id));
        if (interactive) blueprint.interactive = true;
        if (detach_keys) blueprint.detach_keys = *detach_keys;
        if (interactive && blueprint.request.spec.process.terminal) TRY(check_input_is_terminal());
        const container::Attendance how{.input = blueprint.interactive,
                                        .signals = signals,
                                        .detach_keys = blueprint.detach_keys};
        if (containers.live(id)) {
            lock.release();
            return join_container(containers, id, how);
        }
        container::Life life(*store, *host, std::move(blueprint));
        life.hold(std::move(lock));
        const sandbox::Plan plan = TRY(plan_of(app, life));
        const int code = TRY(container::run_in_foreground(life, plan, how, nothing));
        tell_refused(app, life);
        return code;
    }
};

}  // namespace

std::unique_ptr<Command> make_start() { return std::make_unique<Start>(); }

}  // namespace sbx::cli
