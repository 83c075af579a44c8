#include "cli/network_rm.h"

#include "cli/containers.h"
#include "container/networks.h"

namespace sbx::cli {

namespace {

struct NetworkRm : Command {
    bool force = false;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.flag("-f,--force", force,
                  "Kill and remove the containers that are on it; pass over networks that do not "
                  "exist");
        args.operands("NETWORK", names, "Name or id", Complete::networks);
        args.example("sbx network rm app", "Remove a network that no container is on");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const auto how = force ? container::Force::kill : container::Force::no;
        return for_each_name(app, names, [&](const std::string& name) -> Result<> {
            Result<> removed = container::remove_network(*store, name, ids, how);
            if (force && removed.failed_as(Error::Kind::not_found)) return {};
            TRY(std::move(removed), "cannot remove network '{}'", name);
            app.print(name);
            return {};
        });
    }
};

}  // namespace

std::unique_ptr<Command> make_network_rm() { return std::make_unique<NetworkRm>(); }

}  // namespace sbx::cli
