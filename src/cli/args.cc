#include "cli/args.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "base/text.h"

namespace sbx::cli {

struct Args::Parser {
    CLI::App app;
};

static OptionInfo info_of(std::string_view names, std::string_view value, std::string_view help) {
    OptionInfo info{.long_name = "", .value = std::string(value), .help = std::string(help)};
    for (const std::string_view name : split(names, ','))
        (name.starts_with("--") ? info.long_name : info.short_name) = name;
    return info;
}

Args::Args() : parser_(std::make_unique<Parser>()) {
    parser_->app.set_help_flag("");
    parser_->app.allow_extras();
    flag("--help", help_, "Show this help");
}

Args::~Args() = default;

void Args::flag(std::string_view names, bool& into, std::string_view help) {
    OptionInfo info = info_of(names, "", help);
    if (into) info.fallback = "true";
    options_.push_back(std::move(info));
    parser_->app.add_flag(std::string(names), into);
}

static void add_text(CLI::App& app, std::string_view names, std::string_view value,
                     std::function<void(const std::string&)> set) {
    app.add_option_function<std::string>(std::string(names), std::move(set))
        ->type_name(std::string(value))
        ->trigger_on_parse();
}

void Args::option(std::string_view names, std::string_view value, std::string& into,
                  std::string_view help, Complete complete) {
    OptionInfo info = info_of(names, value, help);
    info.complete = complete;
    info.fallback = into;
    options_.push_back(std::move(info));
    add_text(parser_->app, names, value, [&into](const std::string& text) { into = text; });
}

void Args::option(std::string_view names, std::string_view value, std::optional<std::string>& into,
                  std::string_view help, Complete complete) {
    OptionInfo info = info_of(names, value, help);
    info.complete = complete;
    options_.push_back(std::move(info));
    add_text(parser_->app, names, value, [&into](const std::string& text) { into = text; });
}

void Args::option(std::string_view names, std::string_view value, int& into,
                  std::string_view help) {
    OptionInfo info = info_of(names, value, help);
    info.fallback = fmt::format("{}", into);
    const std::string name = info.long_name;
    options_.push_back(std::move(info));
    add_text(parser_->app, names, value, [&into, name](const std::string& text) {
        const Result<std::int64_t> number = parse_number(text, 0, INT32_MAX);
        if (!number) throw CLI::ValidationError(name, number.error().text());
        into = static_cast<int>(*number);
    });
}

void Args::list(std::string_view names, std::string_view value, std::vector<std::string>& into,
                std::string_view help, Complete complete) {
    OptionInfo info = info_of(names, value, help);
    info.complete = complete;
    info.repeats = true;
    options_.push_back(std::move(info));
    add_text(parser_->app, names, value,
             [&into](const std::string& text) { into.push_back(text); });
}

void Args::choice(std::string_view names, std::span<const std::string_view> words,
                  std::string& into, std::string_view help) {
    OptionInfo info = info_of(names, "", help);
    info.value = "WORD";
    info.complete = Complete::words;
    info.words.assign(words.begin(), words.end());
    info.fallback = into;
    const std::string name = info.long_name;
    options_.push_back(std::move(info));
    add_text(parser_->app, names, "WORD", [&into, name, words](const std::string& text) {
        if (std::ranges::find(words, text) == words.end()) {
            const std::vector<std::string> known(words.begin(), words.end());
            throw CLI::ValidationError(
                name, fmt::format("'{}' is none of {}", excerpt(text), join(known, ", ")));
        }
        into = text;
    });
}

void Args::add_operand(OperandInfo info, std::vector<std::string>* many, std::string* one) {
    if (info.verbatim) parser_->app.prefix_command();
    operands_.push_back(std::move(info));
    targets_.push_back({.many = many, .one = one});
}

void Args::operand(std::string_view name, std::string& into, std::string_view help,
                   Complete complete) {
    add_operand({.name = std::string(name), .help = std::string(help), .complete = complete},
                nullptr, &into);
}

void Args::optional_operand(std::string_view name, std::string& into, std::string_view help,
                            Complete complete) {
    add_operand({.name = std::string(name),
                 .help = std::string(help),
                 .complete = complete,
                 .optional = true},
                nullptr, &into);
}

void Args::operands(std::string_view name, std::vector<std::string>& into, std::string_view help,
                    Complete complete) {
    add_operand({.name = std::string(name),
                 .help = std::string(help),
                 .complete = complete,
                 .repeats = true},
                &into, nullptr);
}

void Args::optional_operands(std::string_view name, std::vector<std::string>& into,
                             std::string_view help, Complete complete) {
    add_operand({.name = std::string(name),
                 .help = std::string(help),
                 .complete = complete,
                 .optional = true,
                 .repeats = true},
                &into, nullptr);
}

void Args::verbatim(std::string_view name, std::vector<std::string>& into, std::string_view help) {
    add_operand({.name = std::string(name),
                 .help = std::string(help),
                 .complete = Complete::nothing,
                 .optional = true,
                 .repeats = true,
                 .verbatim = true},
                &into, nullptr);
}

void Args::example(std::string_view command, std::string_view explanation) {
    examples_.push_back({.command = std::string(command), .explanation = std::string(explanation)});
}

bool Args::has_verbatim() const {
    return std::ranges::any_of(operands_, [](const OperandInfo& info) { return info.verbatim; });
}

Error Args::unknown_option(std::string_view word) const {
    const std::string_view name = word.substr(0, word.find('='));
    std::vector<std::string_view> names;
    for (const OptionInfo& info : options_)
        names.push_back(info.long_name);
    Error error(Error::Kind::usage, "unknown option '{}'", excerpt(name));
    const auto near = nearest(name, names);
    if (!near) return error;
    return std::move(error).hint(fmt::format("did you mean '{}'?", *near));
}

Result<> Args::place_operands(const std::vector<std::string>& words) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < operands_.size(); ++i) {
        const OperandInfo& info = operands_[i];
        if (next == words.size() && !info.optional && !help_)
            return Error(Error::Kind::usage, "{} is missing", info.name);
        if (info.repeats) {
            targets_[i].many->assign(words.begin() + static_cast<std::ptrdiff_t>(next),
                                     words.end());
            next = words.size();
        } else if (next < words.size()) {
            *targets_[i].one = words[next++];
        }
    }
    if (next < words.size())
        return Error(Error::Kind::usage, "'{}' is one argument too many", excerpt(words[next]));
    return {};
}

// CLI11 hands back what it did not take: with `prefix_command` all from the first operand on,
// without it the operands and, among them, options that nobody declared. A "--" before operands
// means nothing else; one behind the first of a verbatim command is the command's own.
std::vector<std::string> Args::operand_words(std::vector<std::string> left) const {
    const auto end =
        has_verbatim() ? left.begin() + std::min<std::ptrdiff_t>(1, std::ssize(left)) : left.end();
    const auto separator = std::find(left.begin(), end, "--");
    if (separator != end) left.erase(separator);
    return left;
}

Result<> Args::parse(const std::vector<std::string>& words) {
    try {
        parser_->app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ArgumentMismatch& e) {
        const std::string_view what = e.what();
        return Error(Error::Kind::usage, "{}: its value is missing",
                     what.substr(0, what.find(':')));
    } catch (const CLI::ConversionError& e) {
        const std::string_view what = e.what();
        return Error(Error::Kind::usage, "{}: neither true nor false",
                     printable(what.substr(what.find("--"))));
    } catch (const CLI::ParseError& e) {
        return Error(Error::Kind::usage, "{}", e.what());
    }
    std::vector<std::string> left = parser_->app.remaining();
    const std::size_t checked =
        has_verbatim() ? std::min<std::size_t>(1, left.size()) : left.size();
    for (std::size_t i = 0; i < checked && left[i] != "--"; ++i)
        if (left[i].size() > 1 && left[i].starts_with('-')) return unknown_option(left[i]);
    return place_operands(operand_words(std::move(left)));
}

}  // namespace sbx::cli
