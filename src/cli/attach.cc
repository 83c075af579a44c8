#include "cli/attach.h"

#include "cli/choice.h"
#include "container/blueprint.h"
#include "container/monitor.h"
#include "container/pause.h"
#include "store/events.h"

namespace sbx::cli {

Result<int> join_container(const store::Containers& containers, const std::string& id,
                           const container::Attendance& how) {
    const os::Fd folder = TRY(containers.runtime_folder(id));
    Result<os::Fd> monitor = container::connect_to_monitor(folder);
    if (!monitor)
        return Error(Error::Kind::unsupported,
                     "it belongs to the `sbx run --rm` that started it, and to nobody else");
    return TRY(container::attend(*std::move(monitor), how)).exit_code.value_or(0);
}

namespace {

struct Attach : Command {
    bool no_input = false;
    bool signals = true;
    std::optional<std::string> detach_keys;
    ContainerChoice choice;

    void declare(Args& args) override {
        args.flag("--no-stdin", no_input, "Do not hand on standard input");
        args.flag("--sig-proxy", signals, "Pass on the signals that sbx gets; unless =false");
        choice.declare_latest(args);
        args.option("--detach-keys", "KEYS", detach_keys,
                    "Keys that leave the container running; empty for none");
        choice.declare_names(args, Complete::running_containers);
        args.example("sbx attach box", "Take up the terminal of a container again");
        args.example("sbx attach --no-stdin web", "See what it writes from now on");
    }

    Result<int> run(App& app) override {
        const Choice chosen = TRY(choose(app, choice, Among::all, "attach to"));
        if (chosen.containers.size() > 1)
            return Error(Error::Kind::usage, "one can stay with one container alone");
        for (const Chosen& one : chosen.containers)
            return TRY(attach(app, one), "cannot attach to '{}'", one.name);
        return chosen.status;
    }

    Result<int> attach(App& app, const Chosen& one) const {
        const std::string& id = one.id;
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        TRY(containers.lock(id)).release();  // a start that is under way holds it
        const auto live = containers.live(id);
        if (!live)
            return Error(Error::Kind::failed, "it does not run")
                .hint(fmt::format("`sbx start --attach {}` starts it", one.name));
        TRY(container::check_not_paused(containers, id, *live));
        const container::Blueprint blueprint = TRY(container::read_blueprint(containers, id));
        store::note(*store, store::event_of(blueprint.record, "attach"));
        return join_container(containers, id,
                              {.input = !no_input && blueprint.interactive,
                               .signals = signals,
                               .detach_keys = detach_keys.value_or(blueprint.detach_keys)});
    }
};

}  // namespace

std::unique_ptr<Command> make_attach() { return std::make_unique<Attach>(); }

}  // namespace sbx::cli
