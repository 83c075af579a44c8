#include "image/changes.h"

#include <algorithm>

#include "base/text.h"
#include "os/signals.h"

namespace sbx::image {

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

static Result<std::vector<std::string>> list_form(std::string_view text, std::string_view rest) {
    if (rest.starts_with('[')) return command_form(text, rest);
    std::vector<std::string> words;
    for (const std::string_view word : split(rest, ' '))
        if (!word.empty()) words.emplace_back(word);
    return words;
}

static std::string unquoted(std::string_view text) {
    const bool quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') &&
                        text.back() == text.front();
    return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

// "NAME=VALUE", or docker's older "NAME VALUE".
static Result<std::pair<std::string, std::string>> assignment(std::string_view text,
                                                              std::string_view rest) {
    const std::size_t at = rest.find_first_of("= ");
    if (at == rest.npos || at == 0) return bad(text, "NAME=VALUE belongs there");
    return std::pair(std::string(rest.substr(0, at)), unquoted(trim(rest.substr(at + 1))));
}

static Result<> set_env(std::string_view text, std::string_view rest, oci::ImageDefaults& d) {
    const auto [name, value] = TRY(assignment(text, rest));
    std::erase_if(d.env, [&](const std::string& entry) { return entry.starts_with(name + "="); });
    d.env.push_back(name + "=" + value);
    return {};
}

Result<> apply_change(std::string_view text, oci::ImageDefaults& d) {
    const std::string_view line = trim(text);
    // "CMD sh" as in a Dockerfile, or "CMD=sh".
    const std::size_t end = std::min(line.find_first_of(" ="), line.size());
    const std::string name = lower(line.substr(0, end));
    const std::string_view rest = trim(line.substr(std::min(end + 1, line.size())));
    if (rest.empty()) return bad(text, "its value is missing");
    if (name == "cmd") {
        d.cmd = TRY(command_form(text, rest));
    } else if (name == "entrypoint") {
        d.entrypoint = TRY(command_form(text, rest));
    } else if (name == "env") {
        return set_env(text, rest, d);
    } else if (name == "label") {
        const auto [key, value] = TRY(assignment(text, rest));
        d.labels[key] = value;
    } else if (name == "expose") {
        for (const std::string& port : TRY(list_form(text, rest)))
            d.exposed_ports.push_back(port.contains('/') ? port : port + "/tcp");
    } else if (name == "volume") {
        for (std::string& path : TRY(list_form(text, rest)))
            d.volumes.push_back(std::move(path));
    } else if (name == "user") {
        d.user = rest;
    } else if (name == "workdir") {
        d.working_dir = rest;
    } else if (name == "stopsignal") {
        TRY(os::parse_signal(rest), "--change '{}'", excerpt(text));
        d.stop_signal = rest;
    } else {
        return bad(text,
                   "the instruction is none of CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, "
                   "STOPSIGNAL, USER, VOLUME, WORKDIR");
    }
    return {};
}

}  // namespace sbx::image
