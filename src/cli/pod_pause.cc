#include "cli/pod_pause.h"

#include "cli/pods.h"
#include "container/pause.h"

namespace sbx::cli {

namespace {

// Those that run; the first failure is the one to report, and the others still have their turn.
template <class Action>
Result<> for_members(const container::ListedPod& pod, bool paused, const Action& action) {
    Result<> first;
    bool any = false;
    for (const container::Listed& one : pod.containers) {
        if (one.status.state != container::State::running || one.status.paused != paused) continue;
        any = true;
        Result<> done = action(one.record.id);
        if (!done && first)
            first = std::move(done).error().context(fmt::format("container '{}'", one.record.name));
    }
    if (any) return first;
    return Error(Error::Kind::busy, "none of its containers {}", paused ? "is paused" : "runs");
}

struct PodPause : Command {
    PodChoice choice;

    void declare(Args& args) override {
        choice.declare(args, "All pods");
        args.example("sbx pod pause web", "Have the containers of a pod stand still");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const auto pause = [&](const std::string& id) -> Result<> {
            (void)TRY(container::pause(*store, id));
            return {};
        };
        return for_each_pod(app, choice, "pause", [&](const container::ListedPod& pod) {
            return for_members(pod, false, pause);
        });
    }
};

struct PodUnpause : Command {
    PodChoice choice;

    void declare(Args& args) override {
        choice.declare(args, "All pods");
        args.example("sbx pod unpause web", "Have them go on");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const auto unpause = [&](const std::string& id) { return container::unpause(*store, id); };
        return for_each_pod(app, choice, "unpause", [&](const container::ListedPod& pod) {
            return for_members(pod, true, unpause);
        });
    }
};

}  // namespace

std::unique_ptr<Command> make_pod_pause() { return std::make_unique<PodPause>(); }
std::unique_ptr<Command> make_pod_unpause() { return std::make_unique<PodUnpause>(); }

}  // namespace sbx::cli
