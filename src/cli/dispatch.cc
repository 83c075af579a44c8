#include "cli/dispatch.h"

#include <optional>
#include <span>

#include "base/log.h"
#include "base/text.h"
#include "cli/app.h"
#include "cli/command.h"
#include "cli/globals.h"
#include "cli/help_text.h"
#include "cli/oci.h"
#include "container/life.h"
#include "os/sealed_self.h"

namespace sbx::cli {

static Result<log::Level> parse_level(std::string_view name) {
    using log::Level;
    if (name == "error") return Level::error;
    if (name == "warning") return Level::warning;
    if (name == "info") return Level::info;
    if (name == "debug") return Level::debug;
    return Error(Error::Kind::usage, "--log-level {}: error, warning, info or debug belongs there",
                 excerpt(name));
}

static Result<Globals> parse_globals(const std::vector<std::string>& words) {
    Globals globals;
    if (words.empty() || !words.front().starts_with('-')) {
        globals.command = words;
        return globals;
    }
    Args args;
    globals.declare(args);
    TRY(args.parse(words));
    if (args.help_wanted()) globals.command = {"help"};
    if (globals.version) globals.command = {"version"};
    return globals;
}

Result<int> run_command(App& app, const Found& found, std::span<const std::string> words) {
    const std::unique_ptr<Command> command = found.entry->make();
    Args args;
    command->declare(args);
    Result<> parsed = args.parse({words.begin(), words.end()});
    if (parsed && !args.help_wanted()) {
        if (!works_unconfigured(*found.entry))
            if (std::optional<Error> why = app.take_mistake()) return *std::move(why);
        if (!starts_nothing(*found.entry)) TRY(os::run_sealed());
        return command->run(app);
    }
    if (!parsed)
        return std::move(parsed).error().hint(
            fmt::format("`sbx {} --help` explains the command", found.entry->name));
    app.print_raw(help_for(*found.entry));
    return 0;
}

// Of `sbx image --help`; empty where the words are something else.
static std::string wanted_group_help(const std::vector<std::string>& words) {
    const bool wanted = words.size() == 2 && (words[1] == "--help" || words[1] == "-h");
    return wanted ? group_help(words[0]) : "";
}

static Result<int> run(const std::vector<std::string>& words) {
    const Globals globals = TRY(parse_globals(words));
    Config config;
    std::optional<Error> mistake;
    if (Result<Config> read = read_config())
        config = *std::move(read);
    else
        mistake = std::move(read).error();
    if (const auto root = environment_variable("SBX_ROOT")) config.root = *root;
    if (!globals.root.empty()) config.root = globals.root;
    log::set_level(
        TRY(parse_level(globals.log_level.empty() ? config.log_level : globals.log_level)));
    App app(std::move(config));
    app.told(globals.command);
    if (mistake) app.misconfigured(*std::move(mistake));
    if (globals.command.empty()) {
        app.print_raw(overview());
        TRY(app.flush());
        return 125;
    }
    if (const std::string text = wanted_group_help(globals.command); !text.empty()) {
        app.print_raw(text);
        TRY(app.flush());
        return 0;
    }
    if (!globals.command.empty() && globals.command.front() == "oci")
        return Error(Error::Kind::usage, "'oci' has options of its own, and comes first")
            .hint("`sbx oci --help` lists them");
    const Found found = TRY(find_command(globals.command));
    const int status =
        TRY(run_command(app, found, std::span(globals.command).subspan(found.words)));
    TRY(app.flush());
    return status;
}

int dispatch(const std::vector<std::string>& words) {
    if (!words.empty() && words.front() == "oci")
        return dispatch_oci({words.begin() + 1, words.end()}, "sbx oci");
    const Result<int> status = run(words);
    if (status) return *status;
    App::complain(status.error());
    return container::exit_code_of(status.error());
}

}  // namespace sbx::cli
