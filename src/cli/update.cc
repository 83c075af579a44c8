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
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        return for_each_name(app, names, [&](const std::string& name) -> Result<> {
            TRY(update(*store, containers, name), "cannot update '{}'", name);
            app.print(name);
            return {};
        });
    }

    Result<> update(const store::Store& store, const store::Containers& containers,
                    const std::string& name) const {
        const std::string id = TRY(containers.resolve(name));
        return container::update(store, id, resources);
    }
};

}  // namespace

std::unique_ptr<Command> make_update() { return std::make_unique<Update>(); }

}  // namespace sbx::cli
