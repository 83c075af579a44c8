#include "cli/start.h"

#include "cli/attach.h"
#include "cli/choice.h"
#include "cli/containers.h"
#include "container/foreground.h"

namespace sbx::cli {

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
                return TRY(start(app, one.id), "cannot start '{}'", one.name);
        Outcomes outcomes(app, chosen, "start");
        for (const Chosen& one : chosen.containers) {
            Result<int> started = start(app, one.id);
            outcomes.tell(one.id, started ? Result<>() : Result<>(std::move(started).error()));
        }
        return outcomes.status();
    }

    // Its exit code, where one stays with it.
    Result<int> start(App& app, const std::string& id) const {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const sandbox::Host* host = TRY(app.host());
        os::Lock lock = TRY(containers.lock(id));
        container::Blueprint blueprint = TRY(read(containers, id));
        if (interactive && blueprint.request.spec.process.terminal) TRY(check_input_is_terminal());
        const container::Attendance how{.input = blueprint.interactive,
                                        .signals = signals,
                                        .detach_keys = blueprint.detach_keys};
        if (containers.live(id)) {
            lock.release();
            return attach ? join_container(containers, id, how) : 0;
        }
        container::Life life(*store, *host, std::move(blueprint));
        life.hold(std::move(lock));
        const sandbox::Plan plan = TRY(life.plan());
        for (const std::string& warning : plan.warnings)
            app.warn(warning);
        const auto nothing = [] { return Result<>(); };
        if (attach) return container::run_in_foreground(life, plan, how, nothing);
        TRY(container::run_in_background(life, plan, nothing));
        return 0;
    }

    Result<container::Blueprint> read(const store::Containers& containers,
                                      const std::string& id) const {
        store::ContainerRecord record = TRY(containers.read(id));
        const Json json = TRY(containers.read_spec(id));
        container::Blueprint blueprint = TRY(container::blueprint_from(std::move(record), json));
        if (interactive) blueprint.interactive = true;
        blueprint.record.restarts = 0;
        if (detach_keys) blueprint.detach_keys = *detach_keys;
        return blueprint;
    }
};

}  // namespace

std::unique_ptr<Command> make_start() { return std::make_unique<Start>(); }

}  // namespace sbx::cli
