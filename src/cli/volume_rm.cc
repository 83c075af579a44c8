#include "cli/volume_rm.h"

#include "cli/containers.h"
#include "container/volumes.h"

namespace sbx::cli {

namespace {

struct VolumeRm : Command {
    bool force = false;
    bool all = false;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.flag(
            "-f,--force", force,
            "Kill and remove the containers that have it; pass over volumes that do not exist");
        args.flag("-a,--all", all, "All volumes");
        args.optional_operands("NAME", names, "Name of a volume", Complete::volumes);
        args.example("sbx volume rm cache", "Remove a volume that no container has");
    }

    Result<int> run(App& app) override {
        if (all != names.empty()) return Error(Error::Kind::usage, "name volumes, or give --all");
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const store::Volumes volumes = TRY(store::Volumes::open(*store));
        if (all) names = TRY(volumes.all_names());
        const auto how = force ? container::Force::kill : container::Force::no;
        return for_each_name(app, names, [&](const std::string& name) -> Result<> {
            Result<> removed = container::remove_volume(*store, name, ids, how);
            if (force && removed.failed_as(Error::Kind::not_found)) return {};
            TRY(std::move(removed), "cannot remove volume '{}'", name);
            app.print(name);
            return {};
        });
    }
};

}  // namespace

std::unique_ptr<Command> make_volume_rm() { return std::make_unique<VolumeRm>(); }

}  // namespace sbx::cli
