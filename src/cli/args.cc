#include "cli/args.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "base/text.h"

namespace sbx::cli {

static OptionInfo info_of(std::string_view names, std::string_view value, std::string_view help) {
    OptionInfo info{.long_name = "", .value = std::string(value), .help = std::string(help)};
    for (const std::string_view name : split(names, ','))
        if (!name.starts_with("--"))
            info.short_name = name;
        else if (info.long_name.empty())
            info.long_name = name;
        else
            info.others.emplace_back(name);
    return info;
}

static void take(const Offer& offer, OptionInfo& info) {
    info.complete = offer.kind;
    info.words.assign(offer.words.begin(), offer.words.end());
}

void Args::add_option(OptionInfo info, std::string_view names, Set set) {
    if (info.short_name == "-h" && !options_.empty()) {  // a command's own "-h" is not --help
        options_.front().short_name.clear();
        bindings_.front().names = options_.front().long_name;
    }
    options_.push_back(std::move(info));
    bindings_.push_back({.names = std::string(names), .set = std::move(set)});
}

void Args::flag(std::string_view names, bool& into, std::string_view help, Complete operands) {
    OptionInfo info = info_of(names, "", help);
    info.complete = operands;
    if (into) info.fallback = "true";
    add_option(std::move(info), names, {});
    bindings_.back().flag = &into;
}

void Args::option(std::string_view names, std::string_view value, std::string& into,
                  std::string_view help, Offer offer) {
    OptionInfo info = info_of(names, value, help);
    take(offer, info);
    info.fallback = into;
    add_option(std::move(info), names, [&into](const std::string& text) -> Result<> {
        into = text;
        return {};
    });
}

void Args::option(std::string_view names, std::string_view value, std::optional<std::string>& into,
                  std::string_view help, Offer offer) {
    OptionInfo info = info_of(names, value, help);
    take(offer, info);
    add_option(std::move(info), names, [&into](const std::string& text) -> Result<> {
        into = text;
        return {};
    });
}

void Args::filled_option(std::string_view names, std::string_view value, std::string& into,
                         std::string_view help) {
    OptionInfo info = info_of(names, value, help);
    info.fallback = into;
    add_option(std::move(info), names, [&into](const std::string& text) -> Result<> {
        if (text.empty()) return Error(Error::Kind::usage, "a value belongs there");
        into = text;
        return {};
    });
}

void Args::option(std::string_view names, std::string_view value, int& into,
                  std::string_view help) {
    OptionInfo info = info_of(names, value, help);
    info.fallback = fmt::format("{}", into);
    add_option(std::move(info), names, [&into](const std::string& text) -> Result<> {
        into = static_cast<int>(TRY(parse_number(text, 0, INT32_MAX)));
        return {};
    });
}

void Args::list(std::string_view names, std::string_view value, std::vector<std::string>& into,
                std::string_view help, Offer offer) {
    OptionInfo info = info_of(names, value, help);
    take(offer, info);
    info.repeats = true;
    add_option(std::move(info), names, [&into](const std::string& text) -> Result<> {
        into.push_back(text);
        return {};
    });
}

void Args::choice(std::string_view names, std::span<const std::string_view> words,
                  std::string& into, std::string_view help) {
    OptionInfo info = info_of(names, "WORD", help);
    info.complete = Complete::words;
    info.words.assign(words.begin(), words.end());
    info.fallback = into;
    add_option(std::move(info), names, [&into, words](const std::string& text) -> Result<> {
        if (std::ranges::find(words, text) == words.end()) {
            const std::vector<std::string> known(words.begin(), words.end());
            return Error(Error::Kind::usage, "'{}' is none of {}", excerpt(text),
                         join(known, ", "));
        }
        into = text;
        return {};
    });
}

void Args::add_operand(OperandInfo info, std::vector<std::string>* many, std::string* one) {
    operands_.push_back(std::move(info));
    targets_.push_back({.many = many, .one = one});
}

void Args::operand(std::string_view name, std::string& into, std::string_view help,
                   Complete complete) {
    add_operand({.name = std::string(name), .help = std::string(help), .complete = complete},
                nullptr, &into);
}

void Args::operand(std::string_view name, std::span<const std::string_view> words,
                   std::string& into, std::string_view help) {
    add_operand({.name = std::string(name),
                 .help = std::string(help),
                 .complete = Complete::words,
                 .words = {words.begin(), words.end()}},
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

void Args::verbatim(std::string_view name, std::vector<std::string>& into, std::string_view help,
                    Presence presence) {
    add_operand({.name = std::string(name),
                 .help = std::string(help),
                 .complete = Complete::nothing,
                 .optional = presence == Presence::optional,
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
    const std::string_view known = word.starts_with("--") ? name : word.substr(0, 2);  // of "-p80"
    if (std::ranges::find(absent_, known) != absent_.end())
        return Error(Error::Kind::usage, "there is no option '{}' in this version", known);
    std::vector<std::string_view> names;
    names.reserve(options_.size());
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
        const bool needed = !info.optional && !info.verbatim;
        if (next == words.size() && needed && !help_)
            return Error(Error::Kind::usage, "{} is missing", info.name);
        if (info.repeats) {
            targets_[i].many->assign(words.begin() + static_cast<std::ptrdiff_t>(next),
                                     words.end());
            next = words.size();
        } else if (next < words.size()) {
            *targets_[i].one = words[next++];
        }
    }
    if (next < words.size()) {
        Error error(Error::Kind::usage, "'{}' is one argument too many", excerpt(words[next]));
        if (surplus_hint_.empty()) return error;
        return std::move(error).hint(
            fmt::format(fmt::runtime(surplus_hint_), excerpt(words[next])));
    }
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

// Whether a word could give this option: "--name", "--name=value", or a letter in "-xyz".
static bool may_be_meant(const OptionInfo& info, const std::vector<std::string>& words) {
    return std::ranges::any_of(words, [&](const std::string& word) {
        const std::string_view name = std::string_view(word).substr(0, word.find('='));
        if (std::ranges::find(info.others, name) != info.others.end()) return true;
        if (word.starts_with("--")) return name == info.long_name;
        return !info.short_name.empty() && word.starts_with('-') &&
               word.contains(info.short_name.back());
    });
}

// CLI11 takes the word after "--name=" for its value. A value that no command line can hold stands
// for the empty one meanwhile.
constexpr std::string_view kEmpty("\0", 1);

static std::string without_empty_value(std::string word) {
    const std::size_t equals = word.find('=');
    if (word.starts_with("--") && equals + 1 == word.size()) word += kEmpty;
    return word;
}

static std::string with_empty_value(std::string word) {
    if (word.ends_with(kEmpty)) word.resize(word.size() - kEmpty.size());
    return word;
}

static std::vector<std::string> each(const std::vector<std::string>& words,
                                     std::string (*change)(std::string)) {
    std::vector<std::string> changed;
    changed.reserve(words.size());
    for (const std::string& word : words)
        changed.push_back(change(word));
    return changed;
}

// Throws CLI::ParseError.
static void tell_value(const std::function<Result<>(const std::string&)>& set,
                       const std::string& name, const std::string& value) {
    const Result<> done = set(with_empty_value(value));
    if (!done) throw CLI::ValidationError(name, done.error().text());
}

// "-p=80" is "-p 80" to docker's users. CLI11 takes the '=' for a part of the value.
static std::string without_equals(const OptionInfo& info, const std::vector<std::string>& words,
                                  const std::string& value) {
    const bool attached = !info.short_name.empty() && value.starts_with('=') &&
                          std::ranges::find(words, info.short_name + value) != words.end();
    return attached ? value.substr(1) : value;
}

// Each of a flag's values, as CLI11 shows them all together. Throws CLI::ParseError.
static void check_flag(const std::string& name, const std::string& value) {
    bool unused = false;
    if (CLI::detail::lexical_cast(value, unused)) return;
    throw CLI::ConversionError(
        fmt::format("{}={}: true or false belongs there", name, printable(with_empty_value(value))),
        CLI::ExitCodes::ConversionError);
}

// CLI11 spends microseconds on each option it is told of, and a command line names few of many.
void Args::declare_meant(CLI::App& app, const std::vector<std::string>& words) const {
    app.set_help_flag("");
    app.allow_extras();
    if (has_verbatim()) app.prefix_command();
    for (std::size_t i = 0; i < options_.size(); ++i) {
        const OptionInfo& info = options_[i];
        const Binding& binding = bindings_[i];
        if (!may_be_meant(info, words)) continue;
        if (binding.flag) {
            app.add_flag(binding.names, *binding.flag)->each([&](const std::string& value) {
                check_flag(info.long_name, value);
            });
            continue;
        }
        app.add_option_function<std::string>(binding.names,
                                             [&](const std::string& value) {
                                                 tell_value(binding.set, info.long_name,
                                                            without_equals(info, words, value));
                                             })
            ->trigger_on_parse();
    }
}

Result<> Args::parse(const std::vector<std::string>& words) {
    CLI::App app;
    try {
        declare_meant(app, words);
        std::vector<std::string> last_first = each(words, without_empty_value);
        std::ranges::reverse(last_first);
        app.parse(std::move(last_first));
    } catch (const CLI::ArgumentMismatch& e) {
        const std::string_view what = e.what();
        return Error(Error::Kind::usage, "{}: its value is missing",
                     what.substr(0, what.find(':')));
    } catch (const CLI::ParseError& e) {
        return Error(Error::Kind::usage, "{}", e.what());
    }
    std::vector<std::string> left = each(app.remaining(), with_empty_value);
    const std::size_t checked =
        has_verbatim() ? std::min<std::size_t>(1, left.size()) : left.size();
    for (std::size_t i = 0; i < checked && left[i] != "--"; ++i)
        if (left[i].size() > 1 && left[i].starts_with('-')) return unknown_option(left[i]);
    return place_operands(operand_words(std::move(left)));
}

}  // namespace sbx::cli
