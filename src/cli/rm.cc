#include "cli/rm.h"

#include "cli/choice.h"
#include "cli/stop.h"
#include "container/end.h"
#include "container/ending.h"

namespace sbx::cli {

namespace {

struct Rm : Command {
    ContainerChoice choice;
    bool force = false;
    bool volumes = false;
    std::optional<std::string> time;

    void declare(Args& args) override {
        args.flag("-f,--force", force,
                  "Kill containers that run; pass over those that do not exist");
        args.option("-t,--time", "SECONDS", time,
                    "With --force, stop them, and kill only what takes longer; -1 for ever");
        choice.declare_all(args, "All containers");
        choice.declare_latest(args);
        args.flag("-i,--ignore", choice.ignore, "Pass over containers that do not exist");
        choice.declare_cidfile(args);
        choice.declare_filter(args, "--filter");
        args.flag("-v,--volumes", volumes,
                  "Remove unnamed volumes too, which rm does also without it");
        choice.declare_names(args, Complete::containers);
        args.example("sbx rm box", "Remove a container");
        args.example("sbx rm -fa", "Remove all, also those that run");
    }

    Result<int> run(App& app) override {
        if (time && !force)
            return Error(Error::Kind::usage, "--time is for what runs, and needs --force");
        choice.ignore = choice.ignore || force;
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        Choice chosen = TRY(choose(app, choice, Among::all, "remove"));
        if (choice.all || !choice.filters.empty()) TRY(pass_over_infras(*store, chosen));
        if (force) TRY(end(app, *store, chosen));
        Outcomes outcomes(app, chosen, "remove");
        for (const Chosen& one : chosen.containers)
            outcomes.tell(one.id, remove(*store, one.id, ids));
        return outcomes.status();
    }

    // Nobody has named them, and they go with their pods.
    static Result<> pass_over_infras(const store::Store& store, Choice& chosen) {
        const store::Containers containers = TRY(store::Containers::open(store));
        std::erase_if(chosen.containers, [&](const Chosen& one) {
            const Result<store::ContainerRecord> record = containers.read(one.id);
            return record && record->is_infra;
        });
        return {};
    }

    // All of them at once. What comes of it is seen, and told, where they are removed.
    Result<> end(App& app, const store::Store& store, const Choice& chosen) const {
        const auto patience = TRY(parse_patience(time));
        container::Ending ending = TRY(container::Ending::open(store));
        const store::Containers containers = TRY(store::Containers::open(store));
        for (const Chosen& one : chosen.containers) {
            const Result<store::ContainerRecord> record = containers.read(one.id);
            if (record && record->is_infra) continue;  // it is not removed either
            (void)ending.ask(one.id, patience.value_or(std::chrono::seconds(0)));
        }
        return ending.wait({.warn = [&](const std::string& text) { app.warn(text); },
                            .ended = [](const std::string&, const Result<>&) {}});
    }

    Result<> remove(const store::Store& store, const std::string& id, const os::IdMap& ids) const {
        if (!force) return container::remove(store, id, ids, container::Force::no);
        Result<> removed = container::remove(store, id, ids, container::Force::kill);
        if (removed.failed_as(Error::Kind::not_found)) return {};  // it went with its end
        return removed;
    }
};

}  // namespace

std::unique_ptr<Command> make_rm() { return std::make_unique<Rm>(); }

}  // namespace sbx::cli
