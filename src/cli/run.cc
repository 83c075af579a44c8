#include "cli/run.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/containers.h"
#include "container/foreground.h"

namespace sbx::cli {

namespace {

constexpr std::array<std::string_view, 3> kStreams = {"stdin", "stdout", "stderr"};

struct Run : Command {
    RunOptions options;
    bool detach = false;
    bool signals = true;
    std::vector<std::string> streams;

    void declare(Args& args) override {
        args.flag("-d,--detach", detach, "Leave it running, and print its id");
        args.list("-a,--attach", "STREAM", streams,
                  "Stay with stdin, stdout or stderr alone; all of them, if not given");
        args.flag("--sig-proxy", signals, "Pass on the signals that sbx gets; unless =false");
        options.declare(args);
        args.example("sbx run --rm -it alpine sh",
                     "A shell in a container that leaves nothing behind");
        args.example("sbx run -d --name web IMAGE", "A service, seen by `sbx logs` and `sbx ps`");
        args.example("sbx run --rm -v .:/src -w /src gcc make",
                     "Build this folder with a container's tools");
        args.example("sbx run --rm --read-only --cap-drop ALL -u 1000 IMAGE",
                     "As little as a program needs");
    }

    Result<int> run(App& app) override {
        const container::Attendance attendance = TRY(this->attendance());
        if (options.container.tty && attendance.input && !detach && !options.explain)
            TRY(check_input_is_terminal());
        if (detach && options.container.egress.log == "-")
            return Error(Error::Kind::usage, "--net-log -: in the background nobody would see it");
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
            TRY(create_container(app, prepared, options));
            prepared.image_lock.reset();
            return write_cidfile(options.cidfile, life.id());
        };
        TRY(start_infra_first(app, prepared), "cannot run '{}'", options.image);
        TRY(make_way(app, options, life), "cannot replace '{}'", options.container.name);
        if (!detach) {
            const int code = TRY(container::run_in_foreground(life, plan, attendance, write_down),
                                 "cannot run '{}'", options.image);
            tell_refused(app, life);
            return code;
        }
        TRY(container::run_in_background(life, plan, write_down), "cannot run '{}'", options.image);
        app.print(life.id());
        return 0;
    }

    Result<container::Attendance> attendance() const {
        if (detach && !streams.empty())
            return Error(Error::Kind::usage, "--attach and --detach exclude each other");
        std::vector<std::string> names;
        for (const std::string& stream : streams) {
            names.push_back(lower(stream));
            if (std::ranges::find(kStreams, names.back()) == kStreams.end())
                return Error(Error::Kind::usage,
                             "--attach {}: stdin, stdout or stderr belongs there", excerpt(stream));
        }
        const auto wanted = [&](std::string_view stream) {
            return names.empty() || std::ranges::find(names, stream) != names.end();
        };
        return container::Attendance{.input = options.container.interactive && wanted("stdin"),
                                     .output = wanted("stdout"),
                                     .errors = wanted("stderr"),
                                     .signals = signals,
                                     .owner = true};
    }
};

}  // namespace

std::unique_ptr<Command> make_run() { return std::make_unique<Run>(); }

}  // namespace sbx::cli
