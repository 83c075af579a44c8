#include "cli/pod_start.h"

#include "cli/pods.h"
#include "cli/stop.h"

namespace sbx::cli {

namespace {

struct PodStart : Command {
    PodChoice choice;

    void declare(Args& args) override {
        choice.declare_id_file(args);
        choice.declare(args, "All pods");
        args.example("sbx pod start web", "Start the containers of a pod that do not run");
    }

    Result<int> run(App& app) override {
        return for_each_pod(app, choice, "start",
                            [&](const container::ListedPod& pod) { return start_pod(app, pod); });
    }
};

struct PodRestart : Command {
    PodChoice choice;
    std::optional<std::string> time;

    void declare(Args& args) override {
        args.option("-t,--time", "SECONDS", time,
                    "How long they may take to end before they are killed; -1 for ever");
        choice.declare_id_file(args);
        choice.declare(args, "All pods");
        args.example("sbx pod restart web", "Have its containers end, and start them again");
    }

    Result<int> run(App& app) override {
        const auto patience = TRY(parse_patience(time));
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const auto warn = [&](const std::string& text) { app.warn(text); };
        return for_each_pod(
            app, choice, "restart", [&](const container::ListedPod& pod) -> Result<> {
                TRY(container::stop_pod(*store, pod, patience, warn));
                return start_pod(app, TRY(container::find_pod(*store, ids, pod.pod.id)));
            });
    }
};

}  // namespace

std::unique_ptr<Command> make_pod_start() { return std::make_unique<PodStart>(); }
std::unique_ptr<Command> make_pod_restart() { return std::make_unique<PodRestart>(); }

}  // namespace sbx::cli
