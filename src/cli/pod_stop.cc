#include "cli/pod_stop.h"

#include "cli/pods.h"
#include "cli/stop.h"
#include "os/signals.h"

namespace sbx::cli {

namespace {

struct PodStop : Command {
    PodChoice choice;
    std::optional<std::string> time;

    void declare(Args& args) override {
        args.option("-t,--time", "SECONDS", time,
                    "How long they may take before they are killed; -1 for ever");
        args.flag("-i,--ignore", choice.ignore, "Pass over pods that do not exist");
        choice.declare_id_file(args);
        choice.declare(args, "All pods");
        args.example("sbx pod stop web", "Ask the containers of a pod to end, and see to it");
    }

    Result<int> run(App& app) override {
        const auto patience = TRY(parse_patience(time));
        const store::Store* store = TRY(app.store());
        const auto warn = [&](const std::string& text) { app.warn(text); };
        return for_each_pod(app, choice, "stop", [&](const container::ListedPod& pod) {
            return container::stop_pod(*store, pod, patience, warn);
        });
    }
};

struct PodKill : Command {
    PodChoice choice;
    std::string signal = "KILL";

    void declare(Args& args) override {
        args.option("-s,--signal", "SIGNAL", signal, "A name or a number; KILL without it",
                    Complete::signals);
        choice.declare(args, "All pods");
        args.example("sbx pod kill -s HUP web", "A signal for each of its containers");
    }

    Result<int> run(App& app) override {
        const int number = TRY(os::parse_signal(signal), "--signal");
        const store::Store* store = TRY(app.store());
        return for_each_pod(app, choice, "kill", [&](const container::ListedPod& pod) {
            return container::signal_pod(*store, pod, number);
        });
    }
};

}  // namespace

std::unique_ptr<Command> make_pod_stop() { return std::make_unique<PodStop>(); }
std::unique_ptr<Command> make_pod_kill() { return std::make_unique<PodKill>(); }

}  // namespace sbx::cli
