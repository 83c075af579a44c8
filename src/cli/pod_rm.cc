#include "cli/pod_rm.h"

#include "cli/pods.h"
#include "cli/stop.h"
#include "container/prune.h"

namespace sbx::cli {

namespace {

struct PodRm : Command {
    PodChoice choice;
    bool force = false;
    std::optional<std::string> time;

    void declare(Args& args) override {
        args.flag("-f,--force", force,
                  "Kill containers that run; pass over pods that do not exist");
        args.option("-t,--time", "SECONDS", time,
                    "With --force, stop them, and kill only what takes longer; -1 for ever");
        args.flag("-i,--ignore", choice.ignore, "Pass over pods that do not exist");
        choice.declare_id_file(args);
        choice.declare(args, "All pods");
        args.example("sbx pod rm -f web", "Remove a pod with all of its containers");
    }

    Result<int> run(App& app) override {
        if (time && !force)
            return Error(Error::Kind::usage, "--time is for what runs, and needs --force");
        const auto patience = TRY(parse_patience(time));
        choice.ignore = choice.ignore || force;
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const auto how = force ? container::Force::kill : container::Force::no;
        const auto warn = [&](const std::string& text) { app.warn(text); };
        return for_each_pod(app, choice, "remove",
                            [&](const container::ListedPod& pod) -> Result<> {
                                if (patience) TRY(container::stop_pod(*store, pod, patience, warn));
                                return container::remove_pod(*store, pod.pod, ids, how);
                            });
    }
};

struct PodPrune : Command {
    bool force = false;

    void declare(Args& args) override {
        args.flag("-f,--force", force, "Do not ask");
        args.example("sbx pod prune", "Remove pods of which no container runs any more");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        constexpr std::string_view kQuestion = "Remove all pods that have stopped?";
        if (!force && TRY(app.ask(kQuestion)) == App::Answer::no) return 0;
        const auto any = [](const container::ListedPod&) { return true; };
        const container::Pruned pruned = TRY(container::prune_pods(*store, ids, any));
        for (const std::string& id : pruned.ids)
            app.print(id);
        for (const Error& failure : pruned.failures)
            app.complain(failure);
        return pruned.failures.empty() ? 0 : 125;
    }
};

}  // namespace

std::unique_ptr<Command> make_pod_rm() { return std::make_unique<PodRm>(); }
std::unique_ptr<Command> make_pod_prune() { return std::make_unique<PodPrune>(); }

}  // namespace sbx::cli
