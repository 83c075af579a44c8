#include "cli/rename.h"

#include "cli/app.h"
#include "store/containers.h"

namespace sbx::cli {

namespace {

struct Rename : Command {
    std::string container;
    std::string name;

    void declare(Args& args) override {
        args.operand("CONTAINER", container, "Name or id", Complete::containers);
        args.operand("NAME", name, "Its name from now on");
        args.example("sbx rename box old-box", "Free the name for another container");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        TRY(rename(containers), "cannot rename '{}'", container);
        return 0;
    }

    Result<> rename(const store::Containers& containers) const {
        const std::string id = TRY(containers.resolve(container));
        TRY(containers.read(id));  // before the lock, which would make a folder for it
        const os::Lock lock = TRY(containers.lock(id));
        return containers.rename(id, name);
    }
};

}  // namespace

std::unique_ptr<Command> make_rename() { return std::make_unique<Rename>(); }

}  // namespace sbx::cli
