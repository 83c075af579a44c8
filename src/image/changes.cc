#include "image/changes.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "image/shell_words.h"
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

using Env = std::vector<std::string>;

static Result<std::vector<std::string>> words_of(std::string_view text, std::string_view rest,
                                                 const Env& env) {
    return TRY(shell_words(rest, env), "--change '{}'", excerpt(text));
}

static Result<std::string> word_of(std::string_view text, std::string_view rest, const Env& env) {
    return TRY(shell_word(rest, env), "--change '{}'", excerpt(text));
}

static Result<std::vector<std::string>> list_form(std::string_view text, std::string_view rest,
                                                  const Env& env) {
    if (rest.starts_with('[')) return command_form(text, rest);
    return words_of(text, rest, env);
}

// "NAME=VALUE ...", or docker's older "NAME VALUE" with all of the line.
using Assignments = std::vector<std::pair<std::string, std::string>>;
static Result<Assignments> assignments(std::string_view text, std::string_view rest,
                                       const Env& env) {
    const std::size_t end = std::min(rest.find_first_of(kBlanks), rest.size());
    if (!rest.substr(0, end).contains('=')) {
        const std::string_view value = trim(rest.substr(end));
        if (value.empty()) return bad(text, "NAME=VALUE belongs there");
        return Assignments{{std::string(rest.substr(0, end)), TRY(word_of(text, value, env))}};
    }
    Assignments all;
    for (const std::string& word : TRY(words_of(text, rest, env))) {
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
    const Env env = d.env;  // as it is before the instruction
    if (name == "cmd") {
        d.cmd = TRY(command_form(text, rest));
    } else if (name == "entrypoint") {
        d.entrypoint = TRY(command_form(text, rest));
    } else if (name == "env") {
        for (const auto& [variable, value] : TRY(assignments(text, rest, env)))
            set_env(variable, value, d);
    } else if (name == "label") {
        for (const auto& [key, value] : TRY(assignments(text, rest, env)))
            d.labels[key] = value;
    } else if (name == "expose") {
        for (const std::string& word : TRY(list_form(text, rest, env)))
            d.exposed_ports.push_back(TRY(port_of(text, word)));
    } else if (name == "volume") {
        for (std::string& path : TRY(list_form(text, rest, env)))
            d.volumes.push_back(std::move(path));
    } else if (name == "onbuild") {
        d.on_build.push_back(TRY(trigger_of(text, rest)));
    } else if (name == "user") {
        d.user = TRY(word_of(text, rest, env));
    } else if (name == "workdir") {
        const std::string path = TRY(word_of(text, rest, env));
        d.working_dir = path.starts_with('/') ? path : fmt::format("{}/{}", d.working_dir, path);
    } else if (name == "stopsignal") {
        d.stop_signal = TRY(word_of(text, rest, env));
        (void)TRY(os::parse_signal(d.stop_signal), "--change '{}'", excerpt(text));
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
