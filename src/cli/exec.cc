#include "cli/exec.h"

#include <functional>

#include <fcntl.h>
#include <unistd.h>

#include "cli/containers.h"
#include "container/execute.h"
#include "container/secrets.h"
#include "container/status.h"
#include "container/stay.h"
#include "container/typed_input.h"
#include "os/inherited.h"
#include "os/process.h"
#include "os/socket.h"
#include "store/events.h"

namespace sbx::cli {

namespace {

constexpr std::string_view kRuns = "runs";

struct Exec : Command {
    container::ExecOptions options;
    bool interactive = false;
    bool detach = false;
    bool latest = false;
    std::optional<std::string> detach_keys;
    std::string name;
    std::optional<container::TypedInput> typed = {};  // while the program is started

    void declare(Args& args) override {
        args.flag("-i,--interactive", interactive, "Hand on standard input");
        args.flag("-t,--tty", options.tty, "Give the program a terminal of its own");
        args.list("-e,--env", "NAME[=VALUE]", options.env,
                  "Set a variable; NAME alone takes yours, NAME* all of yours that begin so");
        args.list("--env-file", "FILE", options.env_files,
                  "Set the variables in a file of NAME=VALUE lines", Complete::files);
        args.option("-w,--workdir", "DIR", options.workdir, "Working directory in the container");
        args.option("-u,--user", "USER[:GROUP]", options.user,
                    "User to run as, by name or number, as the container knows them");
        args.flag("--privileged", options.privileged,
                  "All capabilities in the container, and no filter of system calls");
        args.flag("-d,--detach", detach, "Do not wait for its end");
        args.option("--detach-keys", "KEYS", detach_keys,
                    "Keys that leave the program running; empty for none");
        args.option("--preserve-fds", "N", options.preserve_fds,
                    "Hand on N descriptors, numbered from 3, to the program");
        args.flag("-l,--latest", latest, "In the container made last, which is not named then");
        args.operand("CONTAINER", name, "Name or id", Complete::running_containers);
        args.verbatim("COMMAND", options.command, "What to run", Args::Presence::needed);
        args.example("sbx exec -it box sh", "A shell in a container that runs");
        args.example("sbx exec -u 0 box id", "One command, as root of the container");
    }

    Result<int> run(App& app) override {
        TRY(os::check_inherited(options.preserve_fds), "--preserve-fds {}", options.preserve_fds);
        if (options.tty && interactive && !detach) TRY(check_input_is_terminal());
        if (latest) {  // what stands where its name would is the command's first word
            options.command.insert(options.command.begin(), name);
            name = TRY(latest_container(app));
        }
        if (options.command.empty())
            return Error(Error::Kind::usage, "no command is given")
                .hint(fmt::format("for a shell: `sbx exec -it {} sh`", name));
        return TRY(execute(app), "cannot execute in '{}'", name);
    }

    static Result<std::string> latest_container(App& app) {
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const std::vector<container::Listed> all = TRY(container::list(*store, ids));
        if (all.empty()) return Error(Error::Kind::not_found, "there are no containers");
        return all.front().record.id;
    }

    Result<int> execute(App& app) {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const std::string id = TRY(containers.resolve(name));
        const container::Blueprint blueprint = TRY(container::read_blueprint(containers, id));
        const container::Blueprint revealed =
            TRY(container::with_secret_variables(blueprint, *store));
        const sandbox::Request request =
            TRY(container::compose_exec(revealed, options, os::environment()));
        std::string keys =
            TRY(container::parse_detach_keys(detach_keys.value_or(app.config().detach_keys)));
        // Whatever the container does to the process on its way in, the person can still end sbx.
        const auto begin = [&]() -> Result<sandbox::Entered> {
            sandbox::Entered entered = TRY(enter(containers, id, request));
            store::note(*store, store::event_of(blueprint.record, "exec_start"));
            for (const std::string& warning : entered.warnings)
                app.warn(warning);
            return entered;
        };
        const auto note_end = [&](int code) {
            store::note(*store, store::event_of(blueprint.record, "exec_die",
                                                {{"exitCode", std::to_string(code)}}));
        };
        if (detach) {
            TRY(run_apart(begin, note_end));
            return 0;
        }
        sandbox::Entered entered = TRY(begin());
        os::SignalQueue signals = TRY(container::take_signals());
        const std::optional<int> code = TRY(stay(entered, signals, std::move(keys)));
        if (!code) return 0;  // the person has left it
        note_end(*code);
        return *code;
    }

    using Begin = std::function<Result<sandbox::Entered>()>;
    using NoteEnd = std::function<void(int code)>;

    // Who tells of the program's end is its parent, and outlives this process.
    static Result<> run_apart(const Begin& begin, const NoteEnd& note_end) {
        os::SocketPair ends = TRY(os::open_socket_pair());
        os::Process watcher = TRY(os::spawn(0, [&] {
            ends.one.reset();
            watch(begin, note_end, std::move(ends.other));
            ::_exit(0);
        }));
        ends.other.reset();
        (void)std::move(watcher).disown();
        const std::optional<os::Message> said = TRY(os::receive_message(ends.one));
        if (!said) return Error(Error::Kind::failed, "the process that starts it was killed");
        if (said->bytes == kRuns) return {};
        return Error::unpack(said->bytes);
    }

    static void watch(const Begin& begin, const NoteEnd& note_end, os::Fd answer) {
        Result<sandbox::Entered> entered = begin();
        const bool told =
            os::send_message(answer, entered ? std::string(kRuns) : entered.error().pack())
                .has_value();
        answer.reset();
        if (!entered || !told || !os::give_null({0, 1, 2})) return;
        if (const Result<int> code = container::outlive(entered->process, entered->terminal))
            note_end(*code);
    }

    // A program that nobody waits for has nothing of the person's; until it runs, standard error is
    // where its failure is told.
    Result<sandbox::Entered> enter(const store::Containers& containers, const std::string& id,
                                   const sandbox::Request& request) {
        if (!interactive && !options.tty) TRY(os::give_null({0}));
        if (!detach && !options.tty) typed = TRY(container::TypedInput::take());
        // A terminal ends its programs itself when nobody is left at the other side.
        if (!detach)
            return container::execute(containers, id, request, {.dies_with_parent = !options.tty});
        const os::Fd errors(::fcntl(2, F_DUPFD_CLOEXEC, 3 + options.preserve_fds));
        if (!errors) return Error::from_errno(errno, "copy standard error");
        TRY(os::give_null({0, 1, 2}));
        Result<sandbox::Entered> entered = container::execute(containers, id, request);
        TRY(os::place_at(errors, 2));
        return entered;
    }

    Result<std::optional<int>> stay(sandbox::Entered& entered, os::SignalQueue& signals,
                                    std::string keys) {
        using Input = container::Relay::Input;
        std::optional<container::Keyboard> keyboard;
        if (typed) keyboard.emplace(TRY(std::move(*typed).join()));
        return container::stay({.program = entered.process,
                                .signals = signals,
                                .terminal = std::move(entered.terminal),
                                .keyboard = keyboard ? &*keyboard : nullptr,
                                .input = interactive ? Input::forwarded : Input::none,
                                .detach_keys = std::move(keys)});
    }
};

}  // namespace

std::unique_ptr<Command> make_exec() { return std::make_unique<Exec>(); }

}  // namespace sbx::cli
