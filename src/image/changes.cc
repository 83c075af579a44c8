#include "image/changes.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "os/signals.h"

namespace sbx::image {

static constexpr std::string_view kBlanks = " \t";

static Error bad(std::string_view text, std::string_view why) {
    return Error(Error::Kind::usage, "--change '{}': {}", excerpt(text), why);
}

// A JSON array of words, or a line for the shell.
static Result<std::vector<std::string>> command_form(std::string_view text, std::string_view rest) {
    if (!rest.starts_with('[')) return std::vector<std::string>{"/bin/sh", "-c", std::string(rest)};
    const Json array = TRY(Json::parse(rest), "--change '{}'", excerpt(text));
    return TRY(Json::object().set("words", array).get<Json::Strings>("words"), "--change '{}'",
               excerpt(text));
}

// As a shell takes a line apart: quotes keep blanks in a word, a backslash any character.
static Result<std::vector<std::string>> shell_words(std::string_view text, std::string_view rest) {
    std::vector<std::string> words;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        char c = rest[i];
        if (quote == 0 && kBlanks.contains(c)) {
            in_word = false;
            continue;
        }
        if (!std::exchange(in_word, true)) words.emplace_back();
        if (c == quote || (quote == 0 && (c == '"' || c == '\''))) {
            quote = quote == 0 ? c : '\0';
            continue;
        }
        if (c == '\\' && quote != '\'' && i + 1 < rest.size()) c = rest[++i];
        words.back() += c;
    }
    if (quote != 0) return bad(text, "a quote is not closed");
    return words;
}

static Result<std::vector<std::string>> list_form(std::string_view text, std::string_view rest) {
    if (rest.starts_with('[')) return command_form(text, rest);
    return shell_words(text, rest);
}

static std::string unquoted(std::string_view text) {
    const bool quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') &&
                        text.back() == text.front();
    return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

// "NAME=VALUE ...", or docker's older "NAME VALUE" with all of the line.
using Assignments = std::vector<std::pair<std::string, std::string>>;
static Result<Assignments> assignments(std::string_view text, std::string_view rest) {
    const std::size_t end = std::min(rest.find_first_of(kBlanks), rest.size());
    if (!rest.substr(0, end).contains('=')) {
        const std::string_view value = trim(rest.substr(end));
        if (value.empty()) return bad(text, "NAME=VALUE belongs there");
        return Assignments{{std::string(rest.substr(0, end)), unquoted(value)}};
    }
    Assignments all;
    for (const std::string& word : TRY(shell_words(text, rest))) {
        const auto parts = halves(word, '=');
        if (!parts || parts->before.empty()) return bad(text, "NAME=VALUE belongs there");
        all.emplace_back(parts->before, parts->after);
    }
    return all;
}

static void set_env(const std::string& name, const std::string& value, oci::ImageDefaults& d) {
    std::erase_if(d.env, [&](const std::string& entry) { return entry.starts_with(name + "="); });
    d.env.push_back(name + "=" + value);
}

// "80", "80/udp", "8000-8010/tcp".
static Result<std::string> port_of(std::string_view text, std::string_view word) {
    constexpr std::array<std::string_view, 3> kProtocols = {"tcp", "udp", "sctp"};
    const Halves parts = halves(word, '/').value_or(Halves{.before = word, .after = "tcp"});
    const Halves range =
        halves(parts.before, '-').value_or(Halves{.before = parts.before, .after = parts.before});
    const Result<std::int64_t> first = parse_number(range.before, 1, 65535);
    const Result<std::int64_t> last = parse_number(range.after, 1, 65535);
    const std::string protocol = lower(parts.after);
    if (!first || !last || *first > *last ||
        std::ranges::find(kProtocols, protocol) == kProtocols.end())
        return bad(text, "PORT or PORT/PROTOCOL belongs there, as 80/tcp");
    return fmt::format("{}/{}", parts.before, protocol);
}

namespace {

struct Instruction {
    std::string name;  // in lower case
    std::string_view rest;
};

}  // namespace

// "CMD sh" as in a Dockerfile, or "CMD=sh".
static Result<Instruction> parse_instruction(std::string_view text) {
    const std::string_view line = trim(text);
    const std::size_t end = std::min(line.find_first_of(" \t="), line.size());
    const std::string_view rest = trim(line.substr(std::min(end + 1, line.size())));
    if (rest.empty()) return bad(text, "its value is missing");
    return Instruction{.name = lower(line.substr(0, end)), .rest = rest};
}

// Kept as it stands, but for what no build would take.
static Result<std::string> trigger_of(std::string_view text, std::string_view rest) {
    const Instruction later = TRY(parse_instruction(rest));
    for (const std::string_view refused : {"onbuild", "from", "maintainer"})
        if (later.name == refused) return bad(text, "ONBUILD takes no such instruction");
    return std::string(rest);
}

static Result<> apply(std::string_view text, const Instruction& instruction,
                      oci::ImageDefaults& d) {
    const auto& [name, rest] = instruction;
    if (name == "cmd") {
        d.cmd = TRY(command_form(text, rest));
    } else if (name == "entrypoint") {
        d.entrypoint = TRY(command_form(text, rest));
    } else if (name == "env") {
        for (const auto& [variable, value] : TRY(assignments(text, rest)))
            set_env(variable, value, d);
    } else if (name == "label") {
        for (const auto& [key, value] : TRY(assignments(text, rest)))
            d.labels[key] = value;
    } else if (name == "expose") {
        for (const std::string& word : TRY(list_form(text, rest)))
            d.exposed_ports.push_back(TRY(port_of(text, word)));
    } else if (name == "volume") {
        for (std::string& path : TRY(list_form(text, rest)))
            d.volumes.push_back(std::move(path));
    } else if (name == "onbuild") {
        d.on_build.push_back(TRY(trigger_of(text, rest)));
    } else if (name == "user") {
        d.user = rest;
    } else if (name == "workdir") {
        d.working_dir =
            rest.starts_with('/') ? std::string(rest) : fmt::format("{}/{}", d.working_dir, rest);
    } else if (name == "stopsignal") {
        (void)TRY(os::parse_signal(rest), "--change '{}'", excerpt(text));
        d.stop_signal = rest;
    } else {
        return bad(text,
                   "the instruction is none of CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, "
                   "STOPSIGNAL, USER, VOLUME, WORKDIR");
    }
    return {};
}

Result<> apply_changes(const std::vector<std::string>& changes, oci::ImageDefaults& defaults) {
    bool has_cmd = false;
    for (const std::string& text : changes) {
        const Instruction instruction = TRY(parse_instruction(text));
        TRY(apply(text, instruction, defaults));
        has_cmd = has_cmd || instruction.name == "cmd";
        if (instruction.name == "entrypoint" && !has_cmd) defaults.cmd.clear();
    }
    return {};
}

}  // namespace sbx::image
