#include "cli/network_reload.h"

#include "cli/choice.h"

namespace sbx::cli {

namespace {

// Elsewhere it writes the rules of a firewall again, which somebody has flushed. There are none
// here: what it has to do is done.
struct NetworkReload : Command {
    ContainerChoice choice;

    void declare(Args& args) override {
        choice.declare_all(args, "All containers that run");
        choice.declare_latest(args);
        choice.declare_names(args, Complete::running_containers);
        args.example("sbx network reload --all", "From a script that is written for podman");
    }

    Result<int> run(App& app) override {
        const Choice chosen = TRY(choose(app, choice, Among::running, "reload"));
        for (const Chosen& one : chosen.containers)
            app.print(one.id);
        return chosen.status;
    }
};

}  // namespace

std::unique_ptr<Command> make_network_reload() { return std::make_unique<NetworkReload>(); }

}  // namespace sbx::cli
