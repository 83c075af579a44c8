#include "cli/help_text.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "cli/config.h"
#include "cli/globals.h"
#include "cli/oci_globals.h"

namespace sbx::cli {

static constexpr std::size_t kWidth = 78;

// `text` in lines of at most `width` columns, the later ones indented.
static std::string wrap(std::string_view text, std::size_t indent) {
    std::string out;
    std::size_t column = indent;
    for (const std::string_view word : split(text, ' ')) {
        const std::size_t size = utf8::width(word);
        if (column > indent && column + 1 + size > kWidth) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        }
        if (column > indent) {
            out += ' ';
            ++column;
        }
        out += word;
        column += size;
    }
    return out;
}

static std::string in_two_columns(const std::string& left, std::string_view right,
                                  std::size_t indent) {
    std::string line = "  " + left;
    const std::size_t size = utf8::width(line);
    line += size + 2 > indent ? "\n" + std::string(indent, ' ') : std::string(indent - size, ' ');
    return line + wrap(right, indent) + "\n";
}

std::string overview() {
    constexpr std::size_t kIndent = 22;
    std::string text =
        "sbx runs containers as an ordinary user, without a daemon.\n\n"
        "Usage: sbx [--root DIR] [--log-level LEVEL] COMMAND [ARGUMENTS]\n";
    std::string_view group;
    for (const CommandEntry& entry : commands()) {
        if (entry.group.empty() || entry.group == kOciGroup) continue;
        if (entry.group != group) text += fmt::format("\n{}:\n", entry.group);
        group = entry.group;
        text += in_two_columns(std::string(entry.name), entry.summary, kIndent);
    }
    text += in_two_columns("oci", "Run bundles in the place of runc or crun", kIndent);
    return text + "\n`sbx COMMAND --help` explains a command, and shows examples.\n";
}

static std::string commands_of(std::string_view group) {
    constexpr std::size_t kIndent = 30;
    std::string text;
    const auto add = [&](std::string_view name, std::string_view summary) {
        const auto parts = halves(name, ' ');
        if (parts && parts->before == group)
            text += in_two_columns(std::string(parts->after), summary, kIndent);
    };
    for (const CommandEntry& entry : commands()) {
        add(entry.name, entry.summary);
        for (const std::string_view alias : split(entry.aliases, ','))
            add(alias, entry.summary);
    }
    return text;
}

std::string group_help(std::string_view group) {
    const std::string text = commands_of(group);
    return text.empty() ? "" : fmt::format("Usage: sbx {} COMMAND\n\nCommands:\n{}", group, text);
}

static std::string operand_words(const Args& args) {
    std::string text;
    for (const OperandInfo& operand : args.operand_list()) {
        std::string word = operand.name;
        if (operand.repeats) word += operand.verbatim ? " [ARGUMENT...]" : "...";
        text += operand.optional ? fmt::format(" [{}]", word) : " " + word;
    }
    return text;
}

// Whether it takes nothing but its words; other options have them for completion alone.
static bool is_choice(const OptionInfo& option) {
    return option.value == "WORD" && !option.words.empty();
}

static std::string option_words(const OptionInfo& option) {
    std::string words = option.short_name.empty() ? "    " : option.short_name + ", ";
    words += option.long_name;
    if (is_choice(option)) {
        const std::vector<std::string> choices(option.words.begin(), option.words.end());
        return words + " " + join(choices, "|");
    }
    return option.value.empty() ? words : words + " " + option.value;
}

static std::string explanation(const OptionInfo& option) {
    std::string text = option.help;
    for (const std::string& other : option.others)
        text += fmt::format(" (also {})", other);
    if (option.repeats) text += " (may be repeated)";
    if (!option.fallback.empty()) text += fmt::format(" (default: {})", option.fallback);
    return text;
}

static std::string options_of(const Args& args) {
    constexpr std::size_t kIndent = 30;
    std::vector<OptionInfo> options = args.options();
    std::ranges::sort(options, {}, &OptionInfo::long_name);
    std::string text = "\nOptions:\n";
    for (const OptionInfo& option : options)
        text += in_two_columns(option_words(option), explanation(option), kIndent);
    return text;
}

std::string oci_help() {
    Args args;
    OciGlobals globals;
    globals.declare(args);
    return fmt::format("Usage: sbx oci [OPTIONS] COMMAND\n\nCommands:\n{}{}", commands_of("oci"),
                       options_of(args));
}

std::string help_for(const CommandEntry& entry) {
    constexpr std::size_t kIndent = 30;
    Args args;
    const std::unique_ptr<Command> command = entry.make();
    command->declare(args);
    std::string text = fmt::format("{}.\n\nUsage: sbx {} [OPTIONS]{}\n", entry.summary, entry.name,
                                   operand_words(args));
    if (!entry.aliases.empty()) {
        std::string aliases(entry.aliases);
        for (std::size_t at = 0; (at = aliases.find(',', at)) != aliases.npos; at += 2)
            aliases.replace(at, 1, ", ");
        text += fmt::format("Also: {}\n", aliases);
    }
    if (!args.operand_list().empty()) text += "\n";
    for (const OperandInfo& operand : args.operand_list())
        text += in_two_columns(operand.name, operand.help, kIndent);
    text += options_of(args);
    if (!args.examples().empty()) text += "\nExamples:\n";
    for (const Args::Example& example : args.examples())
        text += fmt::format("  # {}\n  {}\n", example.explanation, example.command);
    return text;
}

static const char* name_of(Complete complete) {
    switch (complete) {
        case Complete::nothing: return "nothing";
        case Complete::files: return "files";
        case Complete::directories: return "directories";
        case Complete::images: return "images";
        case Complete::containers: return "containers";
        case Complete::running_containers: return "running_containers";
        case Complete::stopped_containers: return "stopped_containers";
        case Complete::oci_containers: return "oci_containers";
        case Complete::volumes: return "volumes";
        case Complete::secrets: return "secrets";
        case Complete::networks: return "networks";
        case Complete::pods: return "pods";
        case Complete::signals: return "signals";
        case Complete::capabilities: return "capabilities";
        case Complete::ulimits: return "ulimits";
        case Complete::commands: return "commands";
        case Complete::paths: return "paths";
        case Complete::image_sources: return "image_sources";
        case Complete::mount_sources: return "mount_sources";
        case Complete::copy_ends: return "copy_ends";
        case Complete::inspected: return "inspected";
        case Complete::words: return "words";
    }
    return "nothing";
}

static Json json_of(const std::vector<std::string_view>& words) {
    Json all = Json::array();
    for (const std::string_view word : words)
        all.push(word);
    return all;
}

static Json json_of(const OptionInfo& option) {
    Json others = Json::array();
    for (const std::string& other : option.others)
        others.push(other);
    return Json::object()
        .set("long", option.long_name)
        .set("short", option.short_name)
        .set("others", std::move(others))
        .set("value", option.value)
        .set("help", option.help)
        .set("default", option.fallback)
        .set("complete", name_of(option.complete))
        .set("words", is_choice(option) ? json_of(option.words) : Json::array())
        .set("repeats", option.repeats);
}

static Json json_of(const OperandInfo& operand) {
    return Json::object()
        .set("name", operand.name)
        .set("help", operand.help)
        .set("complete", name_of(operand.complete))
        .set("words", json_of(operand.words))
        .set("optional", operand.optional)
        .set("repeats", operand.repeats)
        .set("verbatim", operand.verbatim);
}

static Json json_of(const std::vector<OptionInfo>& options) {
    Json list = Json::array();
    for (const OptionInfo& option : options)
        list.push(json_of(option));
    return list;
}

static Json json_of(const CommandEntry& entry) {
    Args args;
    const std::unique_ptr<Command> command = entry.make();
    command->declare(args);
    Json operands = Json::array();
    for (const OperandInfo& operand : args.operand_list())
        operands.push(json_of(operand));
    Json examples = Json::array();
    for (const Args::Example& example : args.examples())
        examples.push(
            Json::object().set("command", example.command).set("explanation", example.explanation));
    Json aliases = Json::array();
    if (!entry.aliases.empty())
        for (const std::string_view alias : split(entry.aliases, ','))
            aliases.push(alias);
    return Json::object()
        .set("name", entry.name)
        .set("group", entry.group)
        .set("aliases", std::move(aliases))
        .set("summary", entry.summary)
        .set("options", json_of(args.options()))
        .set("operands", std::move(operands))
        .set("examples", std::move(examples));
}

static Json json_of(const ConfigKey& key) {
    return Json::object()
        .set("key", key.key)
        .set("type", key.type)
        .set("help", key.help)
        .set("default", key.fallback);
}

Json help_as_json() {
    Args args;
    Globals globals;
    globals.declare(args);
    Args oci_args;
    OciGlobals oci_globals;
    oci_globals.declare(oci_args);
    Json all = Json::array();
    for (const CommandEntry& entry : commands())
        if (!entry.group.empty()) all.push(json_of(entry));
    Json config = Json::array();
    for (const ConfigKey& key : config_keys())
        config.push(json_of(key));
    return Json::object()
        .set("version", SBX_VERSION)
        .set("global_options", json_of(args.options()))
        .set("oci_options", json_of(oci_args.options()))
        .set("commands", std::move(all))
        .set("config", std::move(config));
}

}  // namespace sbx::cli
