#include "cli/network_prune.h"

#include "cli/app.h"
#include "cli/words.h"
#include "container/network_filter.h"

namespace sbx::cli {

namespace {

struct NetworkPrune : Command {
    bool force = false;
    std::vector<std::string> filters;

    void declare(Args& args) override {
        args.flag("-f,--force", force, "Do not ask");
        args.list("--filter", "KEY=VALUE", filters,
                  "Only those for which it holds: label=NAME, until=24h and others", kPruneFilters);
        args.example("sbx network prune", "Remove networks that are left over");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const auto filter = TRY(container::NetworkFilter::parse(filters, now()));
        if (!force && TRY(app.ask(question())) == App::Answer::no) return 0;
        for (const std::string& name : TRY(container::prune_networks(*store, filter)))
            app.print(name);
        return 0;
    }

    std::string question() const {
        return fmt::format("Remove all networks that no container is on{}?",
                           filters.empty() ? "" : " and the filter admits");
    }
};

}  // namespace

std::unique_ptr<Command> make_network_prune() { return std::make_unique<NetworkPrune>(); }

}  // namespace sbx::cli
