#include "cli/start.h"

#include "cli/containers.h"
#include "container/end.h"
#include "container/foreground.h"
#include "container/monitor.h"
#include "container/session.h"

namespace sbx::cli {

namespace {

// The terminal of a container that runs already.
Result<int> join(const store::Containers& containers, const std::string& id,
                 const container::Blueprint& blueprint) {
    if (!blueprint.request.spec.process.terminal)
        return Error(Error::Kind::unsupported,
                     "it runs already, without a terminal that one could join");
    const os::Fd folder = TRY(containers.runtime_folder(id));
    os::Fd monitor = TRY(container::connect_to_monitor(folder));
    const container::SessionEnd end = TRY(container::attend(
        std::move(monitor), container::Relay::Input::forwarded, blueprint.detach_keys));
    return end.exit_code.value_or(0);
}

struct Start : Command {
    bool attach = false;
    bool interactive = false;
    std::optional<std::string> detach_keys;
    std::string name;

    void declare(Args& args) override {
        args.flag("-a,--attach", attach, "Stay with the container: its output, its terminal");
        args.flag("-i,--interactive", interactive, "Hand on standard input");
        args.option("--detach-keys", "KEYS", detach_keys,
                    "Keys that leave the container running; empty for none");
        args.operand("CONTAINER", name, "Name or id", Complete::stopped_containers);
        args.example("sbx start -a box", "Start a container and stay with it");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const std::string id = TRY(containers.resolve(name));
        if (!attach)
            return Error(Error::Kind::unsupported,
                         "containers start in the foreground alone, as yet")
                .hint(fmt::format("`sbx start --attach {}`", name));
        const sandbox::Host* host = TRY(app.host());
        os::Lock lock = TRY(containers.lock(id));
        container::Blueprint blueprint = TRY(read(containers, id), "container '{}'", name);
        if (interactive && blueprint.request.spec.process.terminal)
            TRY(check_input_is_terminal(), "cannot start '{}'", name);
        if (containers.live(id)) {
            lock.release();
            return TRY(join(containers, id, blueprint), "cannot attach to '{}'", name);
        }
        container::Life life(*store, *host, std::move(blueprint));
        life.hold(std::move(lock));
        const sandbox::Plan plan = TRY(life.plan(), "cannot start '{}'", name);
        for (const std::string& warning : plan.warnings)
            app.warn(warning);
        const auto nothing = [] { return Result<>(); };
        return TRY(container::run_in_foreground(life, plan, nothing), "cannot start '{}'", name);
    }

    Result<container::Blueprint> read(const store::Containers& containers,
                                      const std::string& id) const {
        store::ContainerRecord record = TRY(containers.read(id));
        const Json json = TRY(containers.read_spec(id));
        container::Blueprint blueprint = TRY(container::blueprint_from(std::move(record), json));
        if (interactive) blueprint.interactive = true;
        if (detach_keys) blueprint.detach_keys = *detach_keys;
        return blueprint;
    }
};

}  // namespace

std::unique_ptr<Command> make_start() { return std::make_unique<Start>(); }

}  // namespace sbx::cli
