#include "cli/wait.h"

#include "base/text.h"
#include "cli/containers.h"
#include "container/condition.h"

namespace sbx::cli {

namespace {

struct Wait : Command {
    std::vector<std::string> conditions;
    std::optional<std::string> interval;
    bool ignore = false;
    bool latest = false;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.list("--condition", "CONDITION", conditions,
                  "Wait for this, or for one of several: created, running, paused, stopped or "
                  "exited (the default), healthy, unhealthy, removed");
        args.flag("--ignore", ignore, "Print -1 for containers that do not exist");
        args.option("-i,--interval", "TIME", interval,
                    "Time between two looks at a condition, 250ms; a number is of milliseconds");
        args.flag("-l,--latest", latest, "The container made last");
        args.optional_operands("CONTAINER", names, "Name or id", Complete::running_containers);
        args.example("sbx wait box", "Wait for a container's end, and print its exit code");
        args.example("sbx wait --condition healthy db", "Wait until a service can be used");
    }

    Result<int> run(App& app) override {
        const container::Wait wait = TRY(wish());
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        if (names.empty() != latest)
            return Error(Error::Kind::usage, "{}",
                         latest ? "names and --latest exclude each other"
                                : "name containers, or give --latest");
        if (latest) names = {TRY(last_of(containers))};
        return for_each_name(app, names, [&](const std::string& name) -> Result<> {
            const Result<std::string> id = containers.resolve(name);
            if (ignore && id.failed_as(Error::Kind::not_found)) {
                app.print("-1");
                return app.flush();
            }
            app.print(
                fmt::format("{}", TRY(code(*store, name, wait), "cannot wait for '{}'", name)));
            return app.flush();
        });
    }

    static Result<std::string> last_of(const store::Containers& containers) {
        const std::vector<store::ContainerRecord> all = TRY(containers.all());
        if (all.empty()) return Error(Error::Kind::not_found, "there are no containers");
        return all.back().id;
    }

    // "removed,exited" is podman's list.
    Result<container::Wait> wish() const {
        container::Wait wait;
        if (!conditions.empty()) wait.conditions.clear();
        for (const std::string& text : conditions)
            for (const std::string_view word : split(text, ','))
                wait.conditions.push_back(TRY(container::parse_condition(word)));
        if (!interval) return wait;
        const bool bare =
            !interval->empty() && interval->find_first_not_of("0123456789") == interval->npos;
        wait.interval = TRY(parse_duration(bare ? *interval + "ms" : *interval), "--interval");
        if (wait.interval.count() > 0) return wait;
        return Error(Error::Kind::usage, "--interval {}: it is not a time", excerpt(*interval));
    }

    static Result<int> code(const store::Store& store, const std::string& name,
                            const container::Wait& wait) {
        const store::Containers containers = TRY(store::Containers::open(store));
        const std::string id = TRY(containers.resolve(name));
        return container::wait_for(store, id, wait);
    }
};

}  // namespace

std::unique_ptr<Command> make_wait() { return std::make_unique<Wait>(); }

}  // namespace sbx::cli
