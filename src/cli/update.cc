#include "cli/update.h"

#include "cli/containers.h"
#include "cli/health_options.h"
#include "cli/resource_options.h"
#include "cli/words.h"
#include "container/update.h"

namespace sbx::cli {

namespace {

struct Update : Command {
    container::Changes changes;
    std::vector<std::string> names;

    void declare(Args& args) override {
        declare_resources(args, changes.limits);
        args.option("--restart", "POLICY", changes.restart,
                    "Start it again when it ends: always, unless-stopped, on-failure[:N] or no",
                    kRestartPolicies);
        declare_health(args, changes.health);
        args.operands("CONTAINER", names, "Name or id", Complete::containers);
        args.example("sbx update --memory 1g --cpus 2 box",
                     "Give a container more, while it runs or for its next start");
        args.example("sbx update --restart unless-stopped box", "Have it started again");
    }

    Result<int> run(App& app) override {
        if (changes.is_none())
            return Error(Error::Kind::usage, "nothing is given that is to change")
                .hint("`sbx update --help` names them");
        const store::Store* store = TRY(app.store());
        const sandbox::Host* host = TRY(app.host());
        const store::Containers containers = TRY(store::Containers::open(*store));
        return for_each_name(app, names, [&](const std::string& name) -> Result<> {
            const std::string id = TRY(containers.resolve(name), "cannot update '{}'", name);
            TRY(container::update(*store, id, changes, *host), "cannot update '{}'", name);
            if (changes.waits_for_start() && containers.live(id))
                app.note(fmt::format(
                    "'{}' runs: its restart policy and health check change with its next start",
                    name));
            app.print(name);
            return {};
        });
    }
};

}  // namespace

std::unique_ptr<Command> make_update() { return std::make_unique<Update>(); }

}  // namespace sbx::cli
