#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/error.h"
#include "cli/args.h"

namespace sbx::cli {

class App;  // the opened store, the configuration, the streams to print on

// One command of sbx: a struct whose members are its options, in a file of its own name.
class Command {
public:
    Command() = default;
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;
    virtual ~Command() = default;

    virtual void declare(Args& args) = 0;
    virtual Result<int> run(App& app) = 0;  // the exit status
};

struct CommandEntry {
    std::string_view group;    // heading in `sbx help`; empty: not shown
    std::string_view name;     // "images", "image inspect"
    std::string_view aliases;  // "image ls,image list"
    std::string_view summary;
    std::unique_ptr<Command> (*make)();
};

// Of the commands behind "sbx oci": one page of the manual, and one line of `sbx help`, is of them
// all.
constexpr std::string_view kOciGroup = "OCI runtime";

std::span<const CommandEntry> commands();

// Whether nothing that a container's files say runs because of the command, so that the program
// need not be sealed for it: os/sealed_self.h.
bool starts_nothing(const CommandEntry& entry);

// Whether it has its use where sbx.toml cannot be read: to say what is wrong, or how it is done.
bool works_unconfigured(const CommandEntry& entry);

// The entry that the first words name, and how many of them. Kind::usage with a suggestion.
struct Found {
    const CommandEntry* entry;
    std::size_t words;
};
Result<Found> find_command(std::span<const std::string> words);

// Parses the words behind its name and runs it, sealed where it starts programs; or prints its help
// where that is asked for. The exit status.
Result<int> run_command(App& app, const Found& found, std::span<const std::string> words);

}  // namespace sbx::cli
