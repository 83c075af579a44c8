#include "cli/restart.h"

#include "cli/choice.h"
#include "cli/start.h"
#include "cli/stop.h"
#include "container/ending.h"
#include "container/infra.h"
#include "store/events.h"

namespace sbx::cli {

namespace {

struct Restart : Command {
    ContainerChoice choice;
    bool running = false;
    std::optional<std::string> time;

    void declare(Args& args) override {
        args.option("-t,--time,--timeout", "SECONDS", time,
                    "How long they may take to end before they are killed; -1 for ever");
        choice.declare_all(args, "All containers");
        args.flag("--running", running, "All that run");
        choice.declare_latest(args);
        choice.declare_cidfile(args);
        choice.declare_filter(args);
        choice.declare_names(args, Complete::containers);
        args.example("sbx restart web", "Have a container end, and start it again");
    }

    Result<int> run(App& app) override {
        choice.all = choice.all || running;
        const auto patience = TRY(parse_patience(time));
        const store::Store* store = TRY(app.store());
        const Among which = running ? Among::running : Among::all;
        const Choice chosen = TRY(choose(app, choice, which, "restart"));
        Outcomes outcomes(app, chosen, "restart");
        container::Ending ending = TRY(container::Ending::open(*store));
        std::vector<std::string> all;
        all.reserve(chosen.containers.size());
        for (const Chosen& one : chosen.containers)
            all.push_back(one.id);
        for (const std::string& id : all) {
            Result<> asked = check_can_start(*store, id, all);  // or it would end, and stay down
            if (asked) asked = ending.ask(id, patience);
            if (!asked) outcomes.tell(id, std::move(asked));
        }
        std::vector<std::string> ended;  // the infras of pods first
        const auto note_end = [&](const std::string& id, Result<> how) {
            if (!how)
                outcomes.tell(id, std::move(how));
            else
                ended.insert(is_infra(*store, id) ? ended.begin() : ended.end(), id);
        };
        TRY(ending.wait(
            {.warn = [&](const std::string& text) { app.warn(text); }, .ended = note_end}));
        for (const std::string& id : ended)
            outcomes.tell(id, start_again(app, *store, id));
        return outcomes.status();
    }

    static Result<> check_can_start(const store::Store& store, const std::string& id,
                                    const std::vector<std::string>& ended) {
        const store::Containers containers = TRY(store::Containers::open(store));
        const store::ContainerRecord record = TRY(containers.read(id));
        return container::check_can_start(store, record, ended);
    }

    static bool is_infra(const store::Store& store, const std::string& id) {
        const auto containers = store::Containers::open(store);
        return containers && containers->read(id).value_or(store::ContainerRecord()).is_infra;
    }

    static Result<> start_again(App& app, const store::Store& store, const std::string& id) {
        TRY(start_container(app, id));
        const store::Containers containers = TRY(store::Containers::open(store));
        const Result<store::ContainerRecord> record = containers.read(id);
        if (record) store::note(store, store::event_of(*record, "restart"));
        return {};  // with --rm it may be gone again
    }
};

}  // namespace

std::unique_ptr<Command> make_restart() { return std::make_unique<Restart>(); }

}  // namespace sbx::cli
