#include "cli/create.h"

#include "cli/containers.h"

namespace sbx::cli {

namespace {

struct Create : Command {
    RunOptions options;

    void declare(Args& args) override {
        options.declare(args);
        args.example("sbx create --name box -it debian bash", "Make a container");
        args.example("sbx start -a box", "and start it, now and whenever it is needed again");
    }

    Result<int> run(App& app) override {
        if (options.container.preserve_fds != 0)
            return Error(Error::Kind::usage,
                         "--preserve-fds {}: only `run` can hand descriptors on",
                         options.container.preserve_fds);
        Prepared prepared = TRY(prepare(app, options), "cannot create from '{}'", options.image);
        prepared.life.await_start();
        const sandbox::Plan plan =
            TRY(prepared.life.plan(), "cannot create from '{}'", options.image);
        if (options.explain) {
            app.print_raw(sandbox::explain(plan));
            return 0;
        }
        for (const std::string& warning : plan.warnings)
            app.warn(warning);
        TRY(make_way(app, options, prepared.life), "cannot replace '{}'", options.container.name);
        TRY(create_container(app, prepared, options), "cannot create from '{}'", options.image);
        TRY(write_cidfile(options.cidfile, prepared.life.id()));
        app.print(prepared.life.id());
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_create() { return std::make_unique<Create>(); }

}  // namespace sbx::cli
