#include "cli/complete.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "cli/command.h"
#include "cli/globals.h"
#include "cli/oci_globals.h"
#include "os/caps.h"
#include "os/rlimits.h"
#include "os/signals.h"

namespace sbx::cli {

namespace {

constexpr std::string_view kContainer = "container:";

class Completer {
public:
    Completer(const std::vector<std::string>& words, const LiveValues& live)
        : begun_(words.empty() ? "" : words.back()),
          before_(words.begin(), words.empty() ? words.end() : words.end() - 1),
          live_(live) {}

    Completion run() {
        if (belongs_before_command()) return std::move(completion_);
        const Result<Found> found = before_.empty()
                                        ? Result<Found>(Error(Error::Kind::usage, "none"))
                                        : find_command(before_);
        if (!found) {
            command_names();
        } else {
            const std::unique_ptr<Command> command = found->entry->make();
            Args args;
            command->declare(args);
            before_.erase(before_.begin(),
                          before_.begin() + static_cast<std::ptrdiff_t>(found->words));
            arguments(args);
        }
        return std::move(completion_);
    }

private:
    // Whether what is typed is an option that stands before a command, or its value. Those before
    // are taken off: `sbx --root DIR run`, `sbx oci --log FILE create`.
    bool belongs_before_command() {
        Args args;
        Globals globals;
        globals.declare(args);
        if (is_option_at(0, args)) return true;
        if (before_.empty() || before_.front() != "oci") return false;
        Args oci_args;
        OciGlobals oci_globals;
        oci_globals.declare(oci_args);
        return is_option_at(1, oci_args);
    }

    bool is_option_at(std::size_t at, const Args& args) {
        while (before_.size() > at && before_[at].starts_with('-')) {
            const OptionInfo* awaiting = option_awaiting_value(args, before_[at]);
            if (awaiting && before_.size() == at + 1) {
                value(awaiting->complete, awaiting->words);
                return true;
            }
            const auto begin = before_.begin() + static_cast<std::ptrdiff_t>(at);
            before_.erase(begin, begin + (awaiting ? 2 : 1));
        }
        if (before_.size() != at || !begun_.starts_with('-')) return false;
        options(args);
        return true;
    }

    void add(std::string_view text, std::string_view help = "") {
        if (text.starts_with(begun_))
            completion_.candidates.push_back({std::string(text), std::string(help)});
    }

    void command_names() {
        std::set<std::string> groups;
        for (const CommandEntry& entry : commands()) {
            if (entry.group.empty()) continue;
            name(entry.name, entry.summary, groups);
            if (!entry.aliases.empty())
                for (const std::string_view alias : split(entry.aliases, ','))
                    name(alias, entry.summary, groups);
        }
        if (before_.empty())
            for (const std::string& group : groups)
                add(group, "");
    }

    // "image inspect" is a group at first, and "inspect" once the group is there.
    void name(std::string_view name, std::string_view summary, std::set<std::string>& groups) {
        const auto parts = halves(name, ' ');
        if (!parts && before_.empty()) add(name, summary);
        if (parts) groups.insert(std::string(parts->before));
        if (parts && before_.size() == 1 && before_[0] == parts->before) add(parts->after, summary);
    }

    static const OptionInfo* find_option(const Args& args, std::string_view name) {
        for (const OptionInfo& option : args.options())
            if (option.long_name == name || option.short_name == name ||
                std::ranges::find(option.others, name) != option.others.end())
                return &option;
        return nullptr;
    }

    static bool takes_value(const OptionInfo& option) { return !option.value.empty(); }

    // Of "-it" the last letter alone may take a value.
    static const OptionInfo* option_awaiting_value(const Args& args, const std::string& word) {
        if (!word.starts_with('-') || word.contains('=')) return nullptr;
        const OptionInfo* option = find_option(args, word);
        if (!option && !word.starts_with("--") && word.size() > 2)
            option = find_option(args, fmt::format("-{}", word.back()));
        return option && takes_value(*option) ? option : nullptr;
    }

    void arguments(const Args& args) {
        std::size_t operands = 0;
        for (std::size_t i = 0; i < before_.size(); ++i) {
            if (verbatim_at(args, operands)) {  // the container's own command line
                completion_.files = true;
                return;
            }
            const OptionInfo* option = option_awaiting_value(args, before_[i]);
            if (option && i + 1 == before_.size()) return value(option->complete, option->words);
            if (option)
                ++i;
            else if (!before_[i].starts_with('-'))
                ++operands;
        }
        if (verbatim_at(args, operands))
            completion_.files = true;
        else if (begun_.starts_with('-'))
            options(args);
        else
            operand(args, operands);
    }

    // What operands are where a flag says so: "run --rootfs".
    std::optional<Complete> operands_by_flag(const Args& args) const {
        for (const OptionInfo& option : args.options())
            if (!takes_value(option) && option.complete != Complete::nothing &&
                std::ranges::find(before_, option.long_name) != before_.end())
                return option.complete;
        return std::nullopt;
    }

    static bool verbatim_at(const Args& args, std::size_t index) {
        const auto& list = args.operand_list();
        return index < list.size() && list[index].verbatim;
    }

    void options(const Args& args) {
        if (const auto parts = halves(begun_, '=')) {
            const OptionInfo* option = find_option(args, parts->before);
            if (!option) return;
            const std::string prefix = std::string(parts->before) + "=";
            begun_.erase(0, prefix.size());
            value(option->complete, option->words);
            for (Candidate& candidate : completion_.candidates)
                candidate.text.insert(0, prefix);
            return;
        }
        for (const OptionInfo& option : args.options()) {
            add(option.long_name, option.help);
            if (!option.short_name.empty() && begun_ == "-") add(option.short_name, option.help);
        }
    }

    void operand(const Args& args, std::size_t index) {
        const auto& list = args.operand_list();
        if (list.empty()) return;
        if (index >= list.size() && !list.back().repeats) return;
        const OperandInfo& info = list[std::min(index, list.size() - 1)];
        value(operands_by_flag(args).value_or(info.complete), info.words);
    }

    void value(Complete kind, const std::vector<std::string_view>& words) {
        if (std::ranges::find(words, kContainer) != words.end() && begun_.starts_with(kContainer))
            return behind(kContainer, Complete::containers);
        all(words);
        switch (kind) {
            case Complete::nothing:
            case Complete::words: return;
            case Complete::files: completion_.files = true; return;
            case Complete::directories: completion_.directories = true; return;
            case Complete::signals: return signals();
            case Complete::ulimits: return with_suffix(os::all_rlimit_names(), "=");
            case Complete::capabilities: return capabilities();
            case Complete::commands: return command_names();
            case Complete::image_sources: return image_sources();
            case Complete::copy_ends: return copy_ends();
            case Complete::mount_sources: completion_.files = true; return live(Complete::volumes);
            case Complete::inspected:
                for (const Complete each : {Complete::containers, Complete::images,
                                            Complete::volumes, Complete::networks})
                    live(each);
                return;
            case Complete::images:
            case Complete::containers:
            case Complete::running_containers:
            case Complete::stopped_containers:
            case Complete::oci_containers:
            case Complete::pods:
            case Complete::volumes:
            case Complete::secrets:
            case Complete::networks:
            case Complete::paths: return live(kind);
        }
    }

    void live(Complete kind) {
        for (const Candidate& candidate : live_(kind, begun_))
            add(candidate.text, candidate.help);
    }

    // What is live behind a word that remains in front of it: "container:NAME".
    void behind(std::string_view word, Complete kind) {
        begun_.erase(0, word.size());
        live(kind);
        for (Candidate& candidate : completion_.candidates)
            candidate.text.insert(0, word);
    }

    void copy_ends() {
        completion_.files = true;
        for (const Candidate& candidate : live_(Complete::containers, begun_))
            add(candidate.text + ":", candidate.help);
    }

    void image_sources() {
        constexpr std::string_view kTransports[] = {"oci:", "oci-archive:", "docker-archive:"};
        for (const std::string_view transport : kTransports)
            if (begun_.starts_with(transport)) return behind(transport, Complete::paths);
        live(Complete::images);
        all(kTransports);
    }

    void all(std::span<const std::string_view> words) {
        for (const std::string_view word : words)
            add(word);
    }

    void with_suffix(std::span<const std::string_view> words, std::string_view suffix) {
        for (const std::string_view word : words)
            add(fmt::format("{}{}", word, suffix));
    }

    void signals() {
        for (const std::string_view name : os::all_signal_names())
            add(begun_.starts_with("SIG") ? fmt::format("SIG{}", name) : name);
    }

    void capabilities() {
        add("ALL");
        for (const std::string& name : os::capability_names(os::all_capabilities()))
            add(begun_.starts_with("CAP_") ? name : name.substr(4));
    }

    std::string begun_;
    std::vector<std::string> before_;
    const LiveValues& live_;
    Completion completion_ = {};
};

}  // namespace

Completion complete(const std::vector<std::string>& words, const LiveValues& live) {
    return Completer(words, live).run();
}

}  // namespace sbx::cli
