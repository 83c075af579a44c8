#include "cli/healthcheck_run.h"

#include "cli/app.h"
#include "container/health_check.h"

namespace sbx::cli {

namespace {

struct HealthcheckRun : Command {
    bool ignore = false;
    std::string name;

    void declare(Args& args) override {
        args.flag("--ignore-result", ignore, "Return 0 whatever the check finds");
        args.operand("CONTAINER", name, "Name or id", Complete::running_containers);
        args.example("sbx healthcheck run web", "Check now, and tell by the status");
    }

    Result<int> run(App& app) override {
        const container::Health health = TRY(check(app), "cannot check the health of '{}'", name);
        const bool failed = health.log.back().exit_code != 0;
        if (failed) app.print(container::name_of(health.status));
        return failed && !ignore ? 1 : 0;
    }

    Result<container::Health> check(App& app) const {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const std::string id = TRY(containers.resolve(name));
        const container::Blueprint blueprint = TRY(container::read_blueprint(containers, id));
        return container::check_health(containers, blueprint);
    }
};

}  // namespace

std::unique_ptr<Command> make_healthcheck_run() { return std::make_unique<HealthcheckRun>(); }

}  // namespace sbx::cli
