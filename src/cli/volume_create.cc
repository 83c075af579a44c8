#include "cli/volume_create.h"

#include "base/text.h"
#include "base/time.h"
#include "cli/app.h"
#include "container/environment.h"
#include "os/random.h"
#include "store/volumes.h"

namespace sbx::cli {

namespace {

struct VolumeCreate : Command {
    std::string driver = "local";
    std::vector<std::string> labels;
    std::vector<std::string> options;
    bool ignore = false;
    std::string name;

    void declare(Args& args) override {
        args.list("-l,--label", "KEY=VALUE", labels, "Label of the volume");
        args.flag("--ignore", ignore, "One that is there already is no failure");
        args.option("-d,--driver", "NAME", driver, "local, as there is no other");
        args.list("-o,--opt", "KEY=VALUE", options, "Options of a driver; local has none");
        args.optional_operand("NAME", name, "Name of the volume; made up if not given");
        args.example("sbx volume create --label kind=cache cache", "A volume with a label");
    }

    Result<int> run(App& app) override {
        TRY(check());
        const store::Store* store = TRY(app.store());
        const store::Volumes volumes = TRY(store::Volumes::open(*store));
        store::Volume wanted{.name = name.empty() ? os::random_hex(64) : name, .created = now()};
        wanted.labels = TRY(container::parse_labels(labels, {}));
        Result<store::Volume> made = volumes.create(wanted);
        const bool there = made.failed_as(Error::Kind::exists);
        if (there && !ignore)
            return std::move(made).error().hint("with --ignore that is no failure");
        if (!there) TRY(std::move(made), "cannot create volume '{}'", wanted.name);
        app.print(wanted.name);
        return 0;
    }

    Result<> check() const {
        if (driver != "local")
            return Error(Error::Kind::unsupported, "--driver {}: there is local, and no other",
                         excerpt(driver));
        if (!options.empty())
            return Error(Error::Kind::unsupported, "--opt {}: a volume is a folder of sbx's store",
                         excerpt(options.front()))
                .hint("-v and --mount of `sbx run` have bound folders and tmpfs");
        return {};
    }
};

}  // namespace

std::unique_ptr<Command> make_volume_create() { return std::make_unique<VolumeCreate>(); }

}  // namespace sbx::cli
