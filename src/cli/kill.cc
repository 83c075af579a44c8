#include "cli/kill.h"

#include <signal.h>

#include "cli/choice.h"
#include "container/ending.h"
#include "os/signals.h"

namespace sbx::cli {

namespace {

struct Kill : Command {
    ContainerChoice choice;
    std::string signal = "KILL";

    void declare(Args& args) override {
        args.option("-s,--signal", "SIGNAL", signal, "A name or a number; KILL without it",
                    Complete::signals);
        choice.declare_all(args, "All containers that run");
        choice.declare_latest(args);
        choice.declare_cidfile(args);
        choice.declare_names(args, Complete::running_containers);
        args.example("sbx kill box", "End a container at once");
        args.example("sbx kill -s HUP box", "Have its program read its configuration again");
    }

    Result<int> run(App& app) override {
        const int number = TRY(os::parse_signal(signal), "--signal");
        const store::Store* store = TRY(app.store());
        const Choice chosen = TRY(choose(app, choice, Among::running, "kill"));
        Outcomes outcomes(app, chosen, "kill");
        if (number == SIGKILL) {
            TRY(end(app, *store, chosen, outcomes));
            return outcomes.status();
        }
        for (const Chosen& one : chosen.containers)
            outcomes.tell(one.id, container::send_signal(*store, one.id, number));
        return outcomes.status();
    }

    // All at once, and to the end: what comes next may be `rm`.
    static Result<> end(App& app, const store::Store& store, const Choice& chosen,
                        Outcomes& outcomes) {
        container::Ending ending = TRY(container::Ending::open(store));
        for (const Chosen& one : chosen.containers)
            if (Result<> killed = ending.kill(one.id); !killed)
                outcomes.tell(one.id, std::move(killed));
        return ending.wait({.warn = [&](const std::string& text) { app.warn(text); },
                            .ended = [&](const std::string& id,
                                         Result<> how) { outcomes.tell(id, std::move(how)); }});
    }
};

}  // namespace

std::unique_ptr<Command> make_kill() { return std::make_unique<Kill>(); }

}  // namespace sbx::cli
