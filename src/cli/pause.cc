#include "cli/pause.h"

#include <algorithm>

#include "cli/choice.h"
#include "container/pause.h"

namespace sbx::cli {

namespace {

struct Pause : Command {
    ContainerChoice choice;

    void declare(Args& args) override {
        choice.declare_all(args, "All containers that run");
        choice.declare_latest(args);
        choice.declare_cidfile(args);
        choice.declare_filter(args);
        choice.declare_names(args, Complete::running_containers);
        args.example("sbx pause box", "Have a container stand still");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const Choice chosen = TRY(choose(app, choice, Among::unpaused, "pause"));
        Outcomes outcomes(app, chosen, "pause");
        for (const Chosen& one : chosen.containers) {
            Result<container::Pause> paused = container::pause(*store, one.id);
            if (paused && *paused == container::Pause::stopped)
                app.note(
                    fmt::format("'{}' has no cgroup, so its processes are stopped by SIGSTOP: "
                                "their parents can tell, and a SIGCONT from outside ends it",
                                one.name));
            outcomes.tell(one.id, paused ? Result<>() : Result<>(std::move(paused).error()));
        }
        return outcomes.status();
    }
};

struct Unpause : Command {
    ContainerChoice choice;

    void declare(Args& args) override {
        choice.declare_all(args, "All containers that are paused");
        choice.declare_latest(args);
        choice.declare_cidfile(args);
        choice.declare_filter(args);
        choice.declare_names(args, Complete::running_containers);
        args.example("sbx unpause box", "Have a container go on");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const Choice chosen = TRY(choose(app, choice, Among::paused, "unpause"));
        Outcomes outcomes(app, chosen, "unpause");
        for (const Chosen& one : chosen.containers)
            outcomes.tell(one.id, container::unpause(*store, one.id));
        return outcomes.status();
    }
};

}  // namespace

std::unique_ptr<Command> make_pause() { return std::make_unique<Pause>(); }
std::unique_ptr<Command> make_unpause() { return std::make_unique<Unpause>(); }

}  // namespace sbx::cli
