#include "cli/create_words.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "base/text.h"
#include "cli/command.h"

namespace sbx::cli {

namespace {

enum class Purpose : std::uint8_t { record, unit };

// Options that a unit has no use for, or says itself.
constexpr std::array<std::string_view, 9> kNotForUnits = {"--detach", "--rm",      "--replace",
                                                          "--name",   "--cidfile", "--restart",
                                                          "--attach", "--explain", "--interactive"};

constexpr std::string_view kCredentials = "--creds";

// Goes through the options of a command line, and takes those that stay.
class Rewriter {
public:
    Rewriter(Purpose purpose, const std::vector<OptionInfo>& options,
             std::vector<std::string> words)
        : purpose_(purpose), options_(options), left_(std::move(words)) {}

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

    bool is_left_out(const OptionInfo& option) const {
        if (option.long_name == kCredentials) return true;
        return purpose_ == Purpose::unit &&
               std::ranges::find(kNotForUnits, option.long_name) != kNotForUnits.end();
    }

    // systemd sees to that, once it has ended.
    bool starts_again(const OptionInfo* option, std::string_view value) const {
        return purpose_ == Purpose::unit && option && option->long_name == "--health-on-failure" &&
               value == "restart";
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
        if (starts_again(option, value)) {
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

    Purpose purpose_;
    const std::vector<OptionInfo>& options_;
    std::vector<std::string> left_;
    std::vector<std::string> kept_ = {};
};

}  // namespace

static Error unknown_command() {
    return {Error::Kind::usage, "it is not known by which command it was made"};
}

static Result<std::vector<std::string>> rewritten(Purpose purpose, const Found& found,
                                                  std::span<const std::string> behind) {
    const std::unique_ptr<Command> command = found.entry->make();
    Args args;
    command->declare(args);
    return Rewriter(purpose, args.options(), {behind.begin(), behind.end()}).run();
}

Result<std::vector<std::string>> without_credentials(const std::vector<std::string>& words) {
    const bool may_have = std::ranges::any_of(
        words, [](const std::string& word) { return word.starts_with(kCredentials); });
    if (!may_have) return words;
    const Found found = TRY(find_command(words));
    const std::span<const std::string> all = words;
    std::vector<std::string> kept(words.begin(),
                                  words.begin() + static_cast<std::ptrdiff_t>(found.words));
    std::ranges::move(TRY(rewritten(Purpose::record, found, all.subspan(found.words))),
                      std::back_inserter(kept));
    return kept;
}

Result<std::vector<std::string>> words_for_unit(const std::vector<std::string>& words,
                                                const std::string& name) {
    if (words.empty()) return unknown_command();
    const Result<Found> found = find_command(words);
    if (!found || (found->entry->name != "run" && found->entry->name != "create"))
        return unknown_command();
    const std::span<const std::string> all = words;
    std::vector<std::string> unit = {"run", "--rm", "--replace", "--name", name};
    std::ranges::move(TRY(rewritten(Purpose::unit, *found, all.subspan(found->words))),
                      std::back_inserter(unit));
    return unit;
}

}  // namespace sbx::cli
