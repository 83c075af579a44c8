#include "cli/oci.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>

#include "base/log.h"
#include "base/text.h"
#include "cli/app.h"
#include "cli/command.h"
#include "cli/help_text.h"
#include "oci/spec.h"
#include "os/file.h"
#include "runtime/log_file.h"

namespace sbx::cli {

static constexpr int kFailed = 1;  // as runc and crun

Result<runtime::States> oci_states(const App& app) {
    if (const std::string& root = app.oci().root; !root.empty()) return runtime::States::open(root);
    const os::Fd folder = TRY(store::open_runtime_folder(environment_variable));
    return runtime::States::in(TRY(os::make_directory(folder, "oci", 0700)));
}

Result<sandbox::CgroupManager> oci_cgroup_manager(const App& app) {
    const OciGlobals& globals = app.oci();
    if (!globals.cgroup_manager.empty())
        return sandbox::parse_cgroup_manager(globals.cgroup_manager);
    return globals.systemd_cgroup ? sandbox::CgroupManager::systemd
                                  : sandbox::CgroupManager::cgroupfs;
}

// As runc takes it, of which nothing depends on it.
static Result<> check_rootless(std::string_view word) {
    constexpr std::array<std::string_view, 5> kWords = {"auto", "true", "false", "1", "0"};
    if (std::ranges::find(kWords, word) != kWords.end()) return {};
    return Error(Error::Kind::usage, "--rootless {}: auto, true or false belongs there",
                 excerpt(word));
}

static Result<OciGlobals> parse_globals(const std::vector<std::string>& words) {
    OciGlobals globals;
    Args args;
    globals.declare(args);
    TRY(args.parse(words));
    TRY(check_rootless(globals.rootless));
    if (args.help_wanted()) globals.command = {"--help"};
    return globals;
}

static std::string version_text() {
    return fmt::format("sbx-oci version {}\nspec: {}\n", SBX_VERSION, oci::kRuntimeSpecVersion);
}

// What is said of "sbx oci", for who calls it by another name.
static std::string as_called(std::string text, std::string_view program) {
    constexpr std::string_view kUsual = "sbx oci ";
    const std::string name = fmt::format("{} ", program);
    for (std::size_t at = 0; (at = text.find(kUsual, at)) != text.npos; at += name.size())
        text.replace(at, kUsual.size(), name);
    return text;
}

static bool wants_help(const CommandEntry& entry, std::span<const std::string> words) {
    const auto is_asked = [](const std::string& word) { return word == "--help" || word == "-h"; };
    if (std::ranges::none_of(words, is_asked)) return false;
    const std::unique_ptr<Command> command = entry.make();
    Args args;
    command->declare(args);
    return args.parse({words.begin(), words.end()}) && args.help_wanted();
}

static Result<int> run_named(App& app, std::string_view program) {
    std::vector<std::string> words = {"oci"};
    words.insert(words.end(), app.oci().command.begin(), app.oci().command.end());
    const Result<Found> found = find_command(words);
    if (!found)
        return Error(Error::Kind::usage, "'{}' is none of the commands", excerpt(words[1]))
            .hint("`sbx oci --help` lists them");
    const auto arguments = std::span(words).subspan(found->words);
    if (!wants_help(*found->entry, arguments)) return run_command(app, *found, arguments);
    app.print_raw(as_called(help_for(*found->entry), program));
    return 0;
}

static void set_level(const OciGlobals& globals) {
    if (globals.log_level == "error") log::set_level(log::Level::error);
    if (globals.log_level == "debug" || globals.debug) log::set_level(log::Level::debug);
}

static Result<int> run(App& app, std::string_view program) {
    const OciGlobals& globals = app.oci();
    set_level(globals);
    if (globals.version) {
        app.print_raw(version_text());
    } else if (globals.command.empty() || globals.command.front() == "--help" ||
               globals.command.front() == "help") {
        app.print_raw(as_called(oci_help(), program));
    } else {
        const int status = TRY(run_named(app, program));
        TRY(app.flush());
        return status;
    }
    TRY(app.flush());
    return globals.command.empty() && !globals.version ? kFailed : 0;
}

// What podman makes its exit status of: "no such file or directory", "permission denied", or the
// words that runc has for a program that is in no folder of PATH.
static std::string words_of(const Error& error) {
    if (error.kind() == Error::Kind::no_such_command &&
        !error.is(std::errc::no_such_file_or_directory))
        return error.text() + ": executable file not found in $PATH";
    return error.text();
}

static void tell(const Error& error, std::string_view program) {
    std::string text = fmt::format("sbx-oci: {}\n", printable(words_of(error)));
    if (!error.hint().empty())
        text += fmt::format("hint: {}\n", printable(as_called(error.hint(), program)));
    write_to_stderr(text);
}

static Result<std::optional<runtime::LogFile>> open_log(const OciGlobals& globals) {
    const auto format = TRY(runtime::LogFile::parse_format(globals.log_format));
    if (globals.log.empty()) return std::optional<runtime::LogFile>();
    return std::optional(TRY(runtime::LogFile::open(globals.log, format)));
}

// A failed `exec` has a status that no program of the container's is likely to have: runc's.
static int status_of_failure(const OciGlobals& globals) {
    constexpr int kExecFailed = 255;
    const bool executes = !globals.command.empty() && globals.command.front() == "exec";
    return executes ? kExecFailed : kFailed;
}

int dispatch_oci(const std::vector<std::string>& words, std::string_view program) {
    Result<OciGlobals> globals = parse_globals(words);
    if (!globals) return tell(globals.error(), program), kFailed;
    App app({});
    app.serve_oci(std::move(*globals));
    Result<std::optional<runtime::LogFile>> opened = open_log(app.oci());
    if (!opened) return tell(opened.error(), program), status_of_failure(app.oci());
    const std::optional<runtime::LogFile> log = *std::move(opened);
    if (log) app.log_to(*log);
    const Result<int> status = run(app, program);
    if (status) return *status;
    tell(status.error(), program);
    if (log) log->write(log::Level::error, words_of(status.error()), now());
    return status_of_failure(app.oci());
}

}  // namespace sbx::cli
