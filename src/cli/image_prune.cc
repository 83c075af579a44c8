#include "cli/image_prune.h"

#include "base/text.h"
#include "cli/app.h"
#include "cli/rmi.h"
#include "cli/words.h"
#include "image/remove.h"

namespace sbx::cli {

namespace {

struct ImagePrune : Command {
    bool all = false;
    bool force = false;
    std::vector<std::string> filters;

    void declare(Args& args) override {
        args.flag("-a,--all", all, "Also images with a name that no container uses");
        args.flag("-f,--force", force, "Do not ask");
        args.list("--filter", "KEY=VALUE", filters,
                  "Only those for which it holds: until=24h, label=NAME and others", kPruneFilters);
        args.example("sbx image prune", "Remove images without a name, and what pulls left behind");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const image::Filter filter = TRY(image::parse_filter(*store, filters));
        if (!force && TRY(app.ask(question())) == App::Answer::no) return 0;
        const image::Unused unused = all ? image::Unused::named : image::Unused::unnamed;
        const image::Removed removed = TRY(image::prune(*store, ids, unused, filter));
        for (const oci::Digest& id : removed.deleted)
            app.print(id.hex());
        app.note(fmt::format("{} freed", size_text(removed.rest.bytes)));
        warn_kept(app, removed.rest);
        return 0;
    }

    std::string question() const {
        return fmt::format("Remove all images that {}no container uses{}?",
                           all ? "" : "have no name and that ",
                           filters.empty() ? "" : " and the filter admits");
    }
};

}  // namespace

std::unique_ptr<Command> make_image_prune() { return std::make_unique<ImagePrune>(); }

}  // namespace sbx::cli
