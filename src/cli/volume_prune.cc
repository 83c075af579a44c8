#include "cli/volume_prune.h"

#include "base/text.h"
#include "cli/app.h"
#include "cli/words.h"
#include "container/volumes.h"

namespace sbx::cli {

namespace {

struct VolumePrune : Command {
    bool all = false;
    bool force = false;
    std::vector<std::string> filters;

    void declare(Args& args) override {
        args.flag("-a,--all", all, "Also volumes with a name that no container has");
        args.flag("-f,--force", force, "Do not ask");
        args.list("--filter", "KEY=VALUE", filters,
                  "Only those for which it holds: label=NAME, until=24h and others", kPruneFilters);
        args.example("sbx volume prune", "Remove what containers without --rm have left behind");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const auto filter = TRY(container::parse_volume_filter(*store, filters));
        if (!force && TRY(app.ask(question())) == App::Answer::no) return 0;
        const auto which = all ? container::PruneVolumes::all : container::PruneVolumes::anonymous;
        const auto pruned = TRY(container::prune_volumes(*store, ids, which, filter));
        for (const std::string& name : pruned.names)
            app.print(name);
        app.note(fmt::format("{} freed", size_text(pruned.bytes)));
        return 0;
    }

    std::string question() const {
        return fmt::format("Remove all volumes that {}no container has{}?",
                           all ? "" : "have no name and that ",
                           filters.empty() ? "" : " and the filter admits");
    }
};

}  // namespace

std::unique_ptr<Command> make_volume_prune() { return std::make_unique<VolumePrune>(); }

}  // namespace sbx::cli
