#include "cli/create_words.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/command.h"
#include "cli/globals.h"
#include "os/file.h"

namespace sbx::cli {

std::vector<std::string> own_words() {
    const Result<std::string> text = os::read_proc("/proc/self/cmdline");
    if (!text) return {};
    std::vector<std::string> words;
    for (const std::string_view word : split(*text, '\0'))
        words.emplace_back(word);
    if (words.size() < 2) return {};
    words.erase(words.begin());
    words.pop_back();  // each ends with a zero
    if (words.empty() || !words.front().starts_with('-')) return words;
    Globals globals;
    Args args;
    globals.declare(args);
    if (!args.parse(words)) return {};
    return std::move(globals.command);
}

namespace {

// Options that a unit has no use for, or says itself.
bool is_left_out(const OptionInfo& option) {
    constexpr std::array<std::string_view, 9> kNames = {"--detach", "--rm",      "--replace",
                                                        "--name",   "--cidfile", "--restart",
                                                        "--attach", "--explain", "--interactive"};
    return std::ranges::find(kNames, option.long_name) != kNames.end();
}

// Goes through the options of a command line, and takes those that stay.
class Rewriter {
public:
    Rewriter(const std::vector<OptionInfo>& options, std::vector<std::string> words)
        : options_(options), left_(std::move(words)) {}

    std::vector<std::string> run() {
        while (!left_.empty() && left_.front().starts_with('-') && left_.front() != "--") {
            const std::string word = take();
            if (word.starts_with("--"))
                take_long(word);
            else
                take_short(word);
        }
        kept_.insert(kept_.end(), left_.begin(), left_.end());
        return std::move(kept_);
    }

private:
    std::string take() {
        if (left_.empty()) return "";
        std::string word = std::move(left_.front());
        left_.erase(left_.begin());
        return word;
    }

    const OptionInfo* find(std::string_view name) const {
        const auto found = std::ranges::find_if(options_, [&](const OptionInfo& option) {
            return option.long_name == name || option.short_name == name ||
                   std::ranges::find(option.others, name) != option.others.end();
        });
        return found == options_.end() ? nullptr : &*found;
    }

    void take_long(const std::string& word) {
        const auto sides = halves(word, '=');
        const OptionInfo* option = find(sides ? sides->before : word);
        const bool separate = option && !option->value.empty() && !sides;
        const std::string value = separate ? take() : std::string(sides ? sides->after : "");
        if (option && is_left_out(*option)) return;
        // systemd sees to that, once it has ended.
        if (option && option->long_name == "--health-on-failure" && value == "restart") {
            kept_.insert(kept_.end(), {"--health-on-failure", "kill"});
            return;
        }
        kept_.push_back(word);
        if (separate) kept_.push_back(value);
    }

    // "-dit", "-eA=b", "-v SOURCE:TARGET"; behind "=" stands the value of a flag.
    void take_short(const std::string& word) {
        std::string letters = "-";
        for (std::size_t i = 1; i < word.size(); ++i) {
            const OptionInfo* option = find(std::string{'-', word[i]});
            const bool has_value = option && !option->value.empty();
            const bool ends = has_value || (i + 1 < word.size() && word[i + 1] == '=');
            const bool separate = has_value && i + 1 == word.size();
            const std::string value = separate ? take() : "";
            if (!option || !is_left_out(*option)) {
                letters += ends ? word.substr(i) : std::string(1, word[i]);
                if (separate) {
                    kept_.insert(kept_.end(), {letters, value});
                    return;
                }
            }
            if (ends) break;
        }
        if (letters != "-") kept_.push_back(letters);
    }

    const std::vector<OptionInfo>& options_;
    std::vector<std::string> left_;
    std::vector<std::string> kept_ = {};
};

}  // namespace

static Error unknown_command() {
    return {Error::Kind::usage, "it is not known by which command it was made"};
}

Result<std::vector<std::string>> words_for_unit(const std::vector<std::string>& words,
                                                const std::string& name) {
    if (words.empty()) return unknown_command();
    const Result<Found> found = find_command(words);
    if (!found || (found->entry->name != "run" && found->entry->name != "create"))
        return unknown_command();
    const std::unique_ptr<Command> command = found->entry->make();
    Args args;
    command->declare(args);
    const auto behind = words.begin() + static_cast<std::ptrdiff_t>(found->words);
    std::vector<std::string> unit = {"run", "--rm", "--replace", "--name", name};
    for (std::string& word : Rewriter(args.options(), {behind, words.end()}).run())
        unit.push_back(std::move(word));
    return unit;
}

}  // namespace sbx::cli
