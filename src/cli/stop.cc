#include "cli/stop.h"

#include <climits>

#include "base/text.h"
#include "cli/choice.h"
#include "container/ending.h"

namespace sbx::cli {

Result<std::optional<std::chrono::seconds>> parse_patience(const std::optional<std::string>& text) {
    if (!text) return std::optional<std::chrono::seconds>();
    const std::int64_t number = TRY(parse_number(*text, -1, INT_MAX), "--time");
    return std::optional(std::chrono::seconds(number));
}

namespace {

struct Stop : Command {
    ContainerChoice choice;
    std::optional<std::string> time;

    void declare(Args& args) override {
        args.option("-t,--time,--timeout", "SECONDS", time,
                    "How long they may take before they are killed; -1 for ever");
        choice.declare_all(args, "All containers that run");
        choice.declare_latest(args);
        args.flag("-i,--ignore", choice.ignore, "Pass over containers that do not exist");
        choice.declare_cidfile(args);
        choice.declare_filter(args);
        choice.declare_names(args, Complete::running_containers);
        args.example("sbx stop box", "Ask a container to end, and kill it if it does not");
        args.example("sbx stop -t 60 db", "Give it a minute");
    }

    Result<int> run(App& app) override {
        const auto patience = TRY(parse_patience(time));
        const store::Store* store = TRY(app.store());
        const Choice chosen = TRY(choose(app, choice, Among::running, "stop"));
        Outcomes outcomes(app, chosen, "stop");
        container::Ending ending = TRY(container::Ending::open(*store));
        for (const Chosen& one : chosen.containers)
            if (Result<> asked = ending.ask(one.id, patience); !asked)
                outcomes.tell(one.id, std::move(asked));
        TRY(ending.wait({.warn = [&](const std::string& text) { app.warn(text); },
                         .ended = [&](const std::string& id,
                                      Result<> how) { outcomes.tell(id, std::move(how)); }}));
        return outcomes.status();
    }
};

}  // namespace

std::unique_ptr<Command> make_stop() { return std::make_unique<Stop>(); }

}  // namespace sbx::cli
