// A command's options, declared once. The parser, --help, the man page and the shell completions
// are all derived from this declaration, which is why commands do not see the parsing library
// itself.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;       // seen only by args.cc: including it costs 3 s a file
}

namespace sbx::cli {

// What an option's value or an operand is, for completion.
enum class Complete : std::uint8_t {
    nothing,
    files,
    directories,
    images,
    containers,
    running_containers,
    stopped_containers,
    oci_containers,
    pods,
    volumes,
    secrets,
    networks,
    signals,
    capabilities,
    ulimits,
    commands,
    paths,          // files, told by sbx itself: what is behind "oci:"
    image_sources,  // images, and files behind the word of a transport
    mount_sources,  // volumes, and files of the host
    copy_ends,      // containers, with ":" behind them, and files of the host
    inspected,      // containers, images, volumes and networks
    words,          // those of the declaration alone
};

// What is offered for a value: words, and what is live. Behind a word such as "container:" a
// container is.
struct Offer {
    Offer(Complete live = Complete::nothing) : kind(live) {}  // NOLINT(google-explicit-constructor)
    template <std::size_t N>
    Offer(const std::string_view (&some)[N],  // NOLINT(google-explicit-constructor)
          Complete live = Complete::words)
        : kind(live), words(some) {}

    Complete kind;
    std::span<const std::string_view> words = {};
};

struct OptionInfo {
    std::string long_name;                 // "--env"
    std::string short_name = {};           // "-e"
    std::vector<std::string> others = {};  // further spellings, "--net" of "--network"
    std::string value = {};                // "NAME=VALUE"; empty for a flag
    std::string help;
    std::string fallback = {};  // what holds without it, for the reader
    Complete complete = Complete::nothing;
    std::vector<std::string_view> words = {};
    bool repeats = false;
};

struct OperandInfo {
    std::string name;  // "IMAGE"
    std::string help;
    Complete complete = Complete::nothing;
    std::vector<std::string_view> words = {};
    bool optional = false;
    bool repeats = false;
    bool verbatim = false;  // takes all that follows, options of its own as well
};

class Args {
public:
    Args() { flag("-h,--help", help_, "Show this help"); }
    Args(const Args&) = delete;
    Args& operator=(const Args&) = delete;

    // `names` is "-e,--env" or "--env"; further long ones, "--network,--net", are other spellings.
    // `operands` is what the command's operands are where the flag is given, if that differs.
    void flag(std::string_view names, bool& into, std::string_view help,
              Complete operands = Complete::nothing);
    void option(std::string_view names, std::string_view value, std::string& into,
                std::string_view help, Offer offer = {});
    void option(std::string_view names, std::string_view value, std::optional<std::string>& into,
                std::string_view help, Offer offer = {});
    void option(std::string_view names, std::string_view value, int& into, std::string_view help);
    // Refuses an empty value: a limit in a variable that is not set is not one that is not wanted.
    void filled_option(std::string_view names, std::string_view value, std::string& into,
                       std::string_view help);
    void list(std::string_view names, std::string_view value, std::vector<std::string>& into,
              std::string_view help, Offer offer = {});
    // One of `words`, and nothing else.
    void choice(std::string_view names, std::span<const std::string_view> words, std::string& into,
                std::string_view help);

    void operand(std::string_view name, std::string& into, std::string_view help,
                 Complete complete = Complete::nothing);
    void operand(std::string_view name, std::span<const std::string_view> words, std::string& into,
                 std::string_view help);
    void optional_operand(std::string_view name, std::string& into, std::string_view help,
                          Complete complete = Complete::nothing);
    void operands(std::string_view name, std::vector<std::string>& into, std::string_view help,
                  Complete complete = Complete::nothing);
    void optional_operands(std::string_view name, std::vector<std::string>& into,
                           std::string_view help, Complete complete = Complete::nothing);
    // What follows the other operands, options included, as it stands: a command to run. One that
    // is needed and missing is for the command to refuse, as its place may be another's.
    enum class Presence : std::uint8_t { optional, needed };
    void verbatim(std::string_view name, std::vector<std::string>& into, std::string_view help,
                  Presence presence = Presence::optional);

    // Options of docker and podman, "--ip" or "-p", for which no other is to be suggested.
    void absent(std::span<const std::string_view> names) {
        absent_.assign(names.begin(), names.end());
    }

    // Said of an operand too many, which it is given as {}.
    void surplus_hint(std::string_view hint) { surplus_hint_ = hint; }

    void example(std::string_view command, std::string_view explanation);

    // Kind::usage with words and a suggestion. `help` asks for the help text instead of a run.
    Result<> parse(const std::vector<std::string>& words);
    bool help_wanted() const { return help_; }

    const std::vector<OptionInfo>& options() const { return options_; }
    const std::vector<OperandInfo>& operand_list() const { return operands_; }

    struct Example {
        std::string command;
        std::string explanation;
    };
    const std::vector<Example>& examples() const { return examples_; }

private:
    // How an option is told its value; a flag's is "true" or "false".
    using Set = std::function<Result<>(const std::string& value)>;
    struct Binding {
        std::string names;
        bool* flag = nullptr;
        Set set = {};
    };

    void add_option(OptionInfo info, std::string_view names, Set set);
    void declare_meant(CLI::App& app, const std::vector<std::string>& words) const;
    void add_operand(OperandInfo info, std::vector<std::string>* many, std::string* one);
    Result<> place_operands(const std::vector<std::string>& words);
    Error unknown_option(std::string_view word) const;
    bool has_verbatim() const;
    std::vector<std::string> operand_words(std::vector<std::string> left) const;

    struct Target {
        std::vector<std::string>* many;
        std::string* one;
    };

    std::vector<OptionInfo> options_;
    std::vector<Binding> bindings_;  // of each option
    std::vector<OperandInfo> operands_;
    std::vector<Target> targets_;
    std::vector<Example> examples_;
    std::vector<std::string_view> absent_;
    std::string surplus_hint_;
    bool help_ = false;
};

}  // namespace sbx::cli
