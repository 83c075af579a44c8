#include "cli/volume_export.h"

#include "cli/app.h"
#include "cli/export.h"
#include "container/volume_files.h"
#include "store/volumes.h"

namespace sbx::cli {

namespace {

struct VolumeExport : Command {
    std::string output;
    std::string name;

    void declare(Args& args) override {
        args.option("-o,--output", "FILE", output, "Where to write, instead of standard output",
                    Complete::files);
        args.operand("VOLUME", name, "Name of the volume", Complete::volumes);
        args.example("sbx volume export -o data.tar data", "Keep what a volume has");
        args.example("sbx volume export data | ssh host sbx volume import data -",
                     "Have it on another machine");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const store::Volumes volumes = TRY(store::Volumes::open(*store));
        (void)TRY(volumes.find(name), "cannot export '{}'",
                  name);  // before a file is emptied for it
        TRY(write_archive(
                app, output,
                [&](os::FdView out) { return container::export_volume(*store, ids, name, out); }),
            "cannot export '{}'", name);
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_volume_export() { return std::make_unique<VolumeExport>(); }

}  // namespace sbx::cli
