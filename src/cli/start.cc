#include "cli/start.h"

#include "cli/attach.h"
#include "cli/containers.h"
#include "container/foreground.h"

namespace sbx::cli {

namespace {

struct Start : Command {
    bool attach = false;
    bool interactive = false;
    bool all = false;
    bool latest = false;
    bool signals = true;
    std::optional<std::string> detach_keys;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.flag("-a,--attach", attach, "Stay with the container: its output, its terminal");
        args.flag("-i,--interactive", interactive, "Stay with it, and hand on standard input");
        args.flag("--all", all, "All containers that do not run");
        args.flag("-l,--latest", latest, "The one made last");
        args.flag("--sig-proxy", signals, "With -a, pass on the signals that sbx gets");
        args.option("--detach-keys", "KEYS", detach_keys,
                    "Keys that leave the container running; empty for none");
        args.optional_operands("CONTAINER", names, "Name or id", Complete::stopped_containers);
        args.example("sbx start web", "Start a container again");
        args.example("sbx start -ai box", "Start a container and stay with it");
    }

    Result<int> run(App& app) override {
        attach = attach || interactive;
        const std::vector<std::string> chosen =
            TRY(choose_containers(app, {.names = names, .all = all, .latest = latest}));
        if (attach && chosen.size() > 1)
            return Error(Error::Kind::usage, "one can stay with one container alone");
        if (attach && !chosen.empty())
            return TRY(start(app, chosen.front()), "cannot start '{}'", chosen.front());
        return for_each_name(app, chosen, [&](const std::string& name) -> Result<> {
            TRY(start(app, name), "cannot start '{}'", name);
            app.print(name);
            return {};
        });
    }

    // Its exit code, where one stays with it.
    Result<int> start(App& app, const std::string& name) const {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const std::string id = TRY(containers.resolve(name));
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
