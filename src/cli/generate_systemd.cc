#include "cli/generate_systemd.h"

#include "base/text.h"
#include "cli/app.h"
#include "cli/create_words.h"
#include "cli/run_options.h"
#include "container/systemd_unit.h"
#include "os/file.h"

namespace sbx::cli {

namespace {

struct GenerateSystemd : Command {
    std::string container;
    bool by_name = false;
    bool is_new = false;
    bool to_file = false;
    bool no_header = false;
    std::string prefix = "container";
    std::string separator = "-";
    std::optional<std::string> restart_seconds;
    std::optional<std::string> start_seconds;
    std::optional<std::string> stop_seconds;
    container::UnitOptions unit;

    void declare(Args& args) override {
        args.flag("-n,--name", by_name, "Call the container by its name, not by its id");
        args.flag("--new", is_new, "Make a new container each time, which goes with its end");
        args.flag("-f,--files", to_file, "Write a file here, and print its path");
        args.option("--restart-policy", "POLICY", unit.restart,
                    "Restart= of the unit, such as no, on-failure or always");
        args.option("--restart-sec", "SECONDS", restart_seconds, "Wait so long before that");
        args.option("--start-timeout", "SECONDS", start_seconds, "How long its start may take");
        args.option("-t,--stop-timeout,--time", "SECONDS", stop_seconds,
                    "How long it may take to end before it is killed");
        args.list("--wants", "UNIT", unit.wants, "Start that unit, too");
        args.list("--after", "UNIT", unit.after, "Start when that unit has been started");
        args.list("--requires", "UNIT", unit.needs, "Start only together with that unit");
        args.list("-e,--env", "NAME=VALUE", unit.environment, "For sbx, not for the container");
        args.option("--container-prefix", "WORD", prefix, "What names of files begin with");
        args.option("--separator", "WORD", separator, "What stands behind that");
        args.flag("--no-header", no_header, "Do not say what has made it");
        args.operand("CONTAINER", container, "Name or id", Complete::containers);
        args.example("sbx generate systemd -n web >~/.config/systemd/user/web.service",
                     "A unit for a container; systemctl --user enable --now web starts it");
    }

    Result<int> run(App& app) override {
        unit.restart_seconds = TRY(seconds(restart_seconds, 0, "--restart-sec"));
        unit.start_seconds = TRY(seconds(start_seconds, 0, "--start-timeout"));
        unit.stop_seconds = TRY(seconds(stop_seconds, -1, "--stop-timeout"));
        TRY(print(app), "cannot write a unit for '{}'", container);
        return 0;
    }

    static Result<std::optional<int>> seconds(const std::optional<std::string>& text, int least,
                                              const char* option) {
        if (!text) return std::optional<int>();
        return std::optional(
            static_cast<int>(TRY(parse_number(*text, least, INT32_MAX), "{}", option)));
    }

    // Whatever systemd's environment is.
    void find_the_same_store(const App& app) {
        if (!app.config().root.empty()) {
            unit.globals = {"--root", app.config().root};
            return;
        }
        for (const char* variable : {"XDG_DATA_HOME", "XDG_CONFIG_HOME"})
            if (const auto value = environment_variable(variable))
                unit.environment.push_back(fmt::format("{}={}", variable, *value));
    }

    Result<> print(App& app) {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const std::string id = TRY(containers.resolve(container));
        const container::Blueprint blueprint = TRY(container::read_blueprint(containers, id));
        // A new one has another id each time.
        const std::string& name = by_name || is_new ? blueprint.record.name : id;
        if (is_new) unit.run = TRY(words_for_unit(blueprint.create_command, name));
        unit.program = TRY(os::read_link(os::FdView::cwd(), "/proc/self/exe"));
        find_the_same_store(app);
        unit.header = !no_header;
        const std::string text = TRY(container::systemd_unit(blueprint, name, unit));
        if (!to_file) {
            app.print_raw(text);
            return {};
        }
        const std::string file = prefix + separator + name + ".service";
        if (file.contains('/')) return Error(Error::Kind::usage, "'{}' is no name of a file", file);
        const os::Fd here = TRY(os::open_directory(os::FdView::cwd(), "."));
        TRY(os::write_atomic(here, file, text, {.mode = 0644}));
        app.print(surroundings().working_directory + "/" + file);
        return {};
    }
};

}  // namespace

std::unique_ptr<Command> make_generate_systemd() { return std::make_unique<GenerateSystemd>(); }

}  // namespace sbx::cli
