#include "cli/oci_run.h"

#include "cli/oci.h"
#include "cli/oci_creation.h"
#include "container/stay.h"
#include "runtime/remove.h"
#include "sandbox/assumed_host.h"

namespace sbx::cli {

namespace {

struct OciRun : Command {
    OciCreation options;
    bool detach = false;
    bool keep = false;

    void declare(Args& args) override {
        options.declare(args);
        args.flag("-d,--detach", detach, "Do not wait for its end");
        args.flag("--keep", keep, "Leave its state when it has ended");
        args.example("sbx oci run box", "Run the bundle in this folder, and wait for its end");
    }

    Result<int> run(App& app) override {
        const runtime::States states = TRY(oci_states(app));
        if (!detach) return TRY(run_to_its_end(app, states));
        runtime::Started started = TRY(begin(app, states));
        std::move(started.running.init).disown();
        return 0;
    }

    Result<runtime::Started> begin(const App& app, const runtime::States& states) {
        const runtime::Creation* wanted = TRY(options.wanted(app));
        runtime::Started started = TRY(runtime::run(states, *wanted, sandbox::assumed_host()));
        tell(app, started.warnings);
        return started;
    }

    static void tell(const App& app, const runtime::Warnings& warnings) {
        for (const std::string& warning : warnings)
            app.warn(warning);
    }

    Result<int> run_to_its_end(const App& app, const runtime::States& states) {
        options.creation.console.terminal_for_caller = true;
        os::SignalQueue signals = TRY(container::take_signals());
        runtime::Started started = TRY(begin(app, states));
        const std::optional<int> status =
            TRY(container::stay({.program = started.running.init,
                                 .signals = signals,
                                 .terminal = std::move(started.running.terminal)}));
        if (!keep) tell(app, TRY(runtime::remove(std::move(started.folder), runtime::Force::yes)));
        return status.value_or(0);
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_run() { return std::make_unique<OciRun>(); }

}  // namespace sbx::cli
