#include "container/systemd_unit.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sbx::container {

// A word of a command line, or of Environment=: systemd.syntax(7), "Quoting". '%' and '$' stand for
// something there.
static Result<std::string> quoted(std::string_view word, bool expands) {
    std::string text = "\"";
    for (const char c : word) {
        if (static_cast<unsigned char>(c) < ' ')
            return Error(Error::Kind::usage, "'{}' has a character that no unit can have",
                         excerpt(word));
        if (c == '"' || c == '\\') text += '\\';
        if (c == '%' || (c == '$' && expands)) text += c;
        text += c;
    }
    return text + "\"";
}

// Words that mean only themselves stay as they are.
static Result<std::string> word_of(std::string_view word) {
    const bool plain = !word.empty() && std::ranges::all_of(word, [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || std::string_view("/._-=:@,+").contains(c);
    });
    if (plain) return std::string(word);
    return quoted(word, true);
}

// Not a word: all of the line, but for specifiers.
static Result<std::string> path_of(std::string_view path) {
    std::string text;
    for (const char c : path) {
        if (static_cast<unsigned char>(c) < ' ')
            return Error(Error::Kind::usage, "'{}' has a character that no unit can have",
                         excerpt(path));
        if (c == '%') text += c;
        text += c;
    }
    return text;
}

static Result<std::string> command_line(const UnitOptions& options,
                                        const std::vector<std::string>& words) {
    std::string line = TRY(word_of(options.program));
    for (const std::vector<std::string>* part : {&options.globals, &words})
        for (const std::string& word : *part)
            line += " " + TRY(word_of(word));
    return line;
}

static Result<> check_restart(const std::string& word) {
    constexpr std::array kWords = {"no",          "on-success", "on-failure", "on-abnormal",
                                   "on-watchdog", "on-abort",   "always"};
    if (std::ranges::find(kWords, word) != kWords.end()) return {};
    return Error(Error::Kind::usage, "--restart-policy {}: {} belongs there", excerpt(word),
                 join(std::vector<std::string>(kWords.begin(), kWords.end()), ", "));
}

static Result<std::string> dependencies(const UnitOptions& options) {
    std::string lines;
    const auto add = [&](const char* key, const std::vector<std::string>& units) -> Result<> {
        for (const std::string& unit : units) {
            const bool one = !unit.empty() && unit.find_first_of(" \t\r\n%\"\\") == unit.npos;
            if (!one) return Error(Error::Kind::usage, "'{}' is no name of a unit", excerpt(unit));
            lines += fmt::format("{}={}\n", key, unit);
        }
        return {};
    };
    TRY(add("Wants", options.wants));
    TRY(add("Requires", options.needs));
    TRY(add("After", options.after));
    return lines;
}

static Result<std::string> environment(const UnitOptions& options) {
    std::string lines;
    for (const std::string& variable : options.environment) {
        if (!variable.contains('='))
            return Error(Error::Kind::usage, "--env {}: NAME=VALUE belongs there",
                         excerpt(variable));
        lines += "Environment=" + TRY(quoted(variable, false)) + "\n";
    }
    return lines;
}

// In systemd's words.
static std::string restart_of(const RestartPolicy& policy) {
    switch (policy.when) {
        case RestartPolicy::When::no:
        case RestartPolicy::When::on_failure: return "on-failure";
        case RestartPolicy::When::unless_stopped:
        case RestartPolicy::When::always: return "always";
    }
    std::unreachable();
}

// Where its monitor starts it again, systemd is not to: what it sees of its own is the start alone.
static Result<std::string> start(const Blueprint& blueprint, const std::string& name,
                                 const UnitOptions& options) {
    const bool is_new = !options.run.empty();
    const bool restarts = blueprint.can_restart() && !is_new;
    if (restarts && options.restart)
        return Error(Error::Kind::usage, "the container is started again by its own settings");
    if (restarts)
        return "Type=oneshot\nRemainAfterExit=yes\nExecStart=" +
               TRY(command_line(options, {"start", name})) + "\n";
    const std::string restart = options.restart.value_or(restart_of(blueprint.restart));
    TRY(check_restart(restart));
    const std::vector<std::string> words =
        is_new ? options.run : std::vector<std::string>{"start", "--attach", name};
    std::string text = "Type=exec\n";
    // What was named by a relative path when it was made.
    if (is_new && blueprint.create_directory.starts_with('/'))
        text += "WorkingDirectory=" + TRY(path_of(blueprint.create_directory)) + "\n";
    text += "ExecStart=" + TRY(command_line(options, words)) + "\n";
    // What the stop signal ends has not failed.
    text += fmt::format("SuccessExitStatus={}\n", 128 + blueprint.stop_signal);
    text += fmt::format("Restart={}\n", restart);
    if (options.start_seconds) text += fmt::format("TimeoutStartSec={}\n", *options.start_seconds);
    if (options.restart_seconds) text += fmt::format("RestartSec={}\n", *options.restart_seconds);
    return text;
}

static Result<std::string> stop(const Blueprint& blueprint, const std::string& name,
                                const UnitOptions& options) {
    const std::int64_t patience = options.stop_seconds.value_or(blueprint.stop_timeout);
    std::vector<std::string> words = {"stop", "--time", std::to_string(patience), name};
    if (!options.run.empty()) words.insert(words.end() - 1, "--ignore");  // it goes with its end
    std::string text = "ExecStop=" + TRY(command_line(options, words)) + "\n";
    // sbx kills what takes too long itself; this is for an sbx that hangs.
    constexpr std::int64_t kForSbx = 20;
    text += patience < 0 ? "TimeoutStopSec=infinity\n"
                         : fmt::format("TimeoutStopSec={}\n", patience + kForSbx);
    return text;
}

Result<std::string> systemd_unit(const Blueprint& blueprint, const std::string& name,
                                 const UnitOptions& options) {
    if (blueprint.record.remove_after && options.run.empty())
        return Error(Error::Kind::usage, "it is removed at its end, and cannot be started again")
            .hint("with --new its unit makes a new one each time");
    std::string text;
    if (options.header) text += "# Made by sbx " SBX_VERSION ": sbx-generate-systemd(1)\n\n";
    text += fmt::format("[Unit]\nDescription=Container {}\n", name);
    text += TRY(dependencies(options));
    text += "\n[Service]\n" + TRY(environment(options));
    text += TRY(start(blueprint, name, options));
    text += TRY(stop(blueprint, name, options));
    return text + "\n[Install]\nWantedBy=default.target\n";
}

}  // namespace sbx::container
