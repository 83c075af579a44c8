#include "cli/volume_exists.h"

#include "cli/app.h"
#include "store/volumes.h"

namespace sbx::cli {

namespace {

struct VolumeExists : Command {
    std::string name;

    void declare(Args& args) override {
        args.operand("NAME", name, "Name of the volume", Complete::volumes);
        args.example("sbx volume exists cache || sbx volume create cache", "In a script");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Volumes volumes = TRY(store::Volumes::open(*store));
        return volumes.exists(name) ? 0 : 1;
    }
};

}  // namespace

std::unique_ptr<Command> make_volume_exists() { return std::make_unique<VolumeExists>(); }

}  // namespace sbx::cli
