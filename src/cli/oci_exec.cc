#include "cli/oci_exec.h"

#include "cli/oci.h"
#include "container/stay.h"
#include "runtime/execute.h"

namespace sbx::cli {

namespace {

struct OciExec : Command {
    runtime::Execution execution = {};
    bool detach = false;

    void declare(Args& args) override {
        declare_program(args);
        declare_console(args);
        args.operand("CONTAINER", execution.id, "Its id", Complete::oci_containers);
        args.verbatim("COMMAND", execution.changes.args, "What to run, unless --process says");
        args.example("sbx oci exec -t box sh", "A shell in a container that runs");
    }

    void declare_program(Args& args) {
        runtime::ProcessChanges& changes = execution.changes;
        args.option("-p,--process", "FILE", execution.process_file,
                    "Read all of the process from this file, as JSON", Complete::files);
        args.option("--cwd", "DIR", changes.cwd, "Its working directory");
        args.list("-e,--env", "NAME=VALUE", changes.env, "Set an environment variable");
        args.option("-u,--user", "UID[:GID]", changes.user, "Run it as this user");
        args.list("-g,--additional-gids", "GID", changes.groups, "A further group it is in");
        args.list("-c,--cap", "CAP", changes.capabilities, "Add a capability",
                  Complete::capabilities);
        args.flag("--no-new-privs", changes.no_new_privileges,
                  "It gains no privileges by running programs");
        args.flag("-t,--tty", changes.terminal, "Give it a terminal");
        args.option("--process-label", "LABEL", changes.selinux_label, "Its label of SELinux");
        args.option("--apparmor", "PROFILE", changes.apparmor_profile, "Its profile of AppArmor");
        args.option("--cgroup", "PATH", execution.cgroup,
                    "Run it in this cgroup below the container's");
    }

    void declare_console(Args& args) {
        runtime::Console& console = execution.console;
        args.flag("-d,--detach", detach, "Do not wait for its end");
        args.option("--console-socket", "SOCKET", console.console_socket,
                    "Send the outer side of its terminal to this socket", Complete::files);
        args.option("--pid-file", "FILE", console.pid_file, "Write its number to this file",
                    Complete::files);
        args.option("--pidfd-socket", "SOCKET", console.pidfd_socket,
                    "Send a descriptor of it to this socket", Complete::files);
        args.option("--preserve-fds", "N", execution.preserved_descriptors,
                    "Leave descriptors 3 to 2+N to it");
        args.flag("--ignore-paused", execution.also_paused, "Also in a container that is paused");
    }

    Result<int> run(App& app) override {
        TRY(check());
        const runtime::States states = TRY(oci_states(app));
        execution.console.terminal_for_caller = !detach;
        // Whatever the container does to the process on its way in, sbx can be ended.
        sandbox::Entered entered = TRY(runtime::execute(states, execution));
        for (const std::string& warning : entered.warnings)
            app.warn(warning);
        if (detach) {
            std::move(entered.process).disown();
            return 0;
        }
        os::SignalQueue signals = TRY(container::take_signals());
        const std::optional<int> status =
            TRY(container::stay({.program = entered.process,
                                 .signals = signals,
                                 .terminal = std::move(entered.terminal)}));
        return status.value_or(0);
    }

    Result<> check() const {
        if (!execution.process_file.empty()) return check_is_whole();
        if (execution.changes.args.empty()) return Error(Error::Kind::usage, "COMMAND is missing");
        return {};
    }

    // A restriction that was asked for must not go by unseen. Engines say --tty beside it.
    Result<> check_is_whole() const {
        runtime::ProcessChanges other = execution.changes;
        other.terminal = false;
        if (other == runtime::ProcessChanges()) return {};
        return Error(Error::Kind::usage,
                     "--process {} says all of the process: neither COMMAND nor an option that "
                     "changes it goes with it",
                     execution.process_file);
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_exec() { return std::make_unique<OciExec>(); }

}  // namespace sbx::cli
