#include "cli/init.h"

#include "cli/choice.h"
#include "container/initialize.h"

namespace sbx::cli {

namespace {

struct Init : Command {
    ContainerChoice choice;

    void declare(Args& args) override {
        choice.declare_all(args, "All containers that do not run");
        choice.declare_latest(args);
        choice.declare_names(args, Complete::stopped_containers);
        args.example("sbx init box", "Find out what would keep a container from starting");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const sandbox::Host* host = TRY(app.host());
        const Choice chosen = TRY(choose(app, choice, Among::all, "initialize"));
        Outcomes outcomes(app, chosen, "initialize");
        for (const Chosen& one : chosen.containers) {
            Result<> ready = container::initialize(*store, *host, one.id);
            // Of all, those that run or are ready have no need of it.
            if (choice.all && ready.failed_as(Error::Kind::busy)) continue;
            outcomes.tell(one.id, std::move(ready));
        }
        return outcomes.status();
    }
};

}  // namespace

std::unique_ptr<Command> make_init() { return std::make_unique<Init>(); }

}  // namespace sbx::cli
