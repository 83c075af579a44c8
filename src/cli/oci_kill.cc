#include "cli/oci_kill.h"

#include "cli/oci.h"
#include "os/signals.h"
#include "runtime/processes.h"
#include "runtime/status.h"

namespace sbx::cli {

namespace {

struct OciKill : Command {
    bool all = false;
    std::string id;
    std::string signal = "TERM";

    void declare(Args& args) override {
        args.flag("-a,--all", all, "All processes, not the first one alone");
        args.operand("CONTAINER", id, "Its id", Complete::oci_containers);
        args.optional_operand("SIGNAL", signal, "A name or a number; TERM without it",
                              Complete::signals);
        args.example("sbx oci kill box KILL", "End a container at once");
    }

    Result<int> run(App& app) override {
        const int number = TRY(os::parse_signal(signal));
        const runtime::States states = TRY(oci_states(app));
        const runtime::Listed found = TRY(runtime::look_up(states, id));
        if (all)
            TRY(runtime::signal_all(found.state, number));
        else
            TRY(runtime::signal_first(found.state, number));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_kill() { return std::make_unique<OciKill>(); }

}  // namespace sbx::cli
