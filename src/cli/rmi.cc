#include "cli/rmi.h"

#include "cli/containers.h"
#include "image/remove.h"

namespace sbx::cli {

namespace {

struct Rmi : Command {
    bool force = false;
    bool all = false;
    bool ignore = false;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.flag("-f,--force", force,
                  "Also images with several names, and with containers that do not run; pass over "
                  "those that do not exist");
        args.flag("-a,--all", all, "All images that no container uses");
        args.flag("-i,--ignore", ignore, "Pass over images that do not exist");
        args.optional_operands("IMAGE", names, "Name or id", Complete::images);
        args.example("sbx rmi alpine", "Remove an image");
    }

    Result<int> run(App& app) override {
        if (all != names.empty()) return Error(Error::Kind::usage, "name images, or give --all");
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        if (all) {
            tell(app, TRY(image::prune(*store, ids, image::Unused::named)));
            return 0;
        }
        const image::Force how = force ? image::Force::yes : image::Force::no;
        return for_each_name(app, names, [&](const std::string& name) -> Result<> {
            Result<image::Removed> removed = image::remove(*store, name, ids, how);
            if (removed.failed_as(Error::Kind::not_found) && (force || ignore)) return {};
            tell(app, TRY(std::move(removed), "cannot remove '{}'", name));
            return {};
        });
    }

    static void tell(App& app, const image::Removed& removed) {
        for (const std::string& name : removed.untagged)
            app.print("Untagged: " + name);
        for (const oci::Digest& id : removed.deleted)
            app.print("Deleted: " + id.hex());
        warn_kept(app, removed.rest);
    }
};

}  // namespace

void warn_kept(const App& app, const image::Collected& collected) {
    for (const std::string& why : collected.damaged)
        app.warn("no layers are removed while an image is damaged: " + why);
}

std::unique_ptr<Command> make_rmi() { return std::make_unique<Rmi>(); }

}  // namespace sbx::cli
