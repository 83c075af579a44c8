#include "cli/run.h"

#include "cli/containers.h"
#include "container/foreground.h"

namespace sbx::cli {

namespace {

struct Run : Command {
    RunOptions options;

    void declare(Args& args) override {
        options.declare(args);
        args.example("sbx run --rm -it alpine sh",
                     "A shell in a container that leaves nothing behind");
        args.example("sbx run --rm -v .:/src -w /src gcc make",
                     "Build this folder with a container's tools");
        args.example("sbx run --rm --read-only --cap-drop ALL -u 1000 IMAGE",
                     "As little as a program needs");
    }

    Result<int> run(App& app) override {
        if (options.container.tty && options.container.interactive && !options.explain)
            TRY(check_input_is_terminal());
        Prepared prepared = TRY(prepare(app, options), "cannot run '{}'", options.image);
        container::Life& life = prepared.life;
        const sandbox::Plan plan = TRY(life.plan(), "cannot run '{}'", options.image);
        if (options.explain) {
            app.print_raw(sandbox::explain(plan));
            return 0;
        }
        for (const std::string& warning : plan.warnings)
            app.warn(warning);
        const auto write_down = [&]() -> Result<> {
            TRY(life.create());
            prepared.image_lock.release();
            return write_cidfile(options.cidfile, life.id());
        };
        return TRY(container::run_in_foreground(life, plan, write_down), "cannot run '{}'",
                   options.image);
    }
};

}  // namespace

std::unique_ptr<Command> make_run() { return std::make_unique<Run>(); }

}  // namespace sbx::cli
