#include "cli/container_prune.h"

#include "base/text.h"
#include "cli/app.h"
#include "cli/words.h"
#include "container/filter.h"
#include "container/filter_facts.h"
#include "container/prune.h"

namespace sbx::cli {

namespace {

struct ContainerPrune : Command {
    bool force = false;
    std::vector<std::string> filters;

    void declare(Args& args) override {
        args.flag("-f,--force", force, "Do not ask");
        args.list("--filter", "KEY=VALUE", filters,
                  "Only those for which it holds: until=24h, label=NAME and others", kPruneFilters);
        args.example("sbx container prune -f --filter until=24h",
                     "Remove what is a day old and does not run");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const container::Filter filter = TRY(container::parse_filter(*store, filters));
        if (!force && TRY(app.ask(question())) == App::Answer::no) return 0;
        const os::IdMap ids = TRY(app.ids());
        const container::Pruned pruned = TRY(container::prune(*store, ids, filter));
        for (const std::string& id : pruned.ids)
            app.print(id);
        app.note(fmt::format("{} freed", size_text(pruned.bytes)));
        for (const Error& error : pruned.failures)
            app.complain(error);
        return pruned.failures.empty() ? 0 : 125;
    }

    std::string question() const {
        return fmt::format("Remove all containers that do not run{}?",
                           filters.empty() ? "" : " and that the filter admits");
    }
};

}  // namespace

std::unique_ptr<Command> make_container_prune() { return std::make_unique<ContainerPrune>(); }

}  // namespace sbx::cli
