#include "cli/update.h"

#include "cli/containers.h"
#include "cli/resource_options.h"
#include "container/update.h"

namespace sbx::cli {

namespace {

struct Update : Command {
    container::ResourceOptions resources;
    std::vector<std::string> names;

    void declare(Args& args) override {
        declare_resources(args, resources);
        args.operands("CONTAINER", names, "Name or id", Complete::containers);
        args.example("sbx update --memory 1g --cpus 2 box",
                     "Give a container more, while it runs or for its next start");
    }

    Result<int> run(App& app) override {
        if (resources == container::ResourceOptions())
            return Error(Error::Kind::usage, "no limit is given")
                .hint("`sbx update --help` names them");
        const store::Store* store = TRY(app.store());
        const sandbox::Host* host = TRY(app.host());
        const store::Containers containers = TRY(store::Containers::open(*store));
        return for_each_name(app, names, [&](const std::string& name) -> Result<> {
            const std::string id = TRY(containers.resolve(name), "cannot update '{}'", name);
            TRY(container::update(*store, id, resources, *host), "cannot update '{}'", name);
            app.print(name);
            return {};
        });
    }
};

}  // namespace

std::unique_ptr<Command> make_update() { return std::make_unique<Update>(); }

}  // namespace sbx::cli
