// What a command may reach: the store, the machine, the configuration, and the streams.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cli/config.h"
#include "cli/oci_globals.h"
#include "runtime/log_file.h"
#include "sandbox/host.h"
#include "store/store.h"

namespace sbx::cli {

class App {
public:
    explicit App(Config config) : config_(std::move(config)) {}

    const Config& config() const { return config_; }

    // The command line, from the command on.
    const std::vector<std::string>& words() const { return words_; }
    void told(std::vector<std::string> words) { words_ = std::move(words); }

    // Why the configuration could not be read, where it could not: defaults hold then. Few commands
    // go on all the same: works_unconfigured().
    const std::optional<Error>& mistake() const { return mistake_; }
    std::optional<Error> take_mistake() { return std::exchange(mistake_, std::nullopt); }
    void misconfigured(Error why) { mistake_ = std::move(why); }

    // What stood before a command of the OCI runtime.
    const OciGlobals& oci() const { return oci_; }
    void serve_oci(OciGlobals globals) { oci_ = std::move(globals); }
    void log_to(const runtime::LogFile& log) { log_ = &log; }  // warnings, too

    // Opened when first asked for.
    Result<const store::Store*> store();
    Result<const sandbox::Host*> host();
    Result<os::IdMap> ids();  // of layers, and of what containers leave behind

    void print(std::string_view line);       // on standard output, made safe for a terminal
    void print_raw(std::string_view bytes);  // as they are: documents, tables already made safe
    void warn(std::string_view text) const;  // on standard error, and in the runtime's log

    static void note(std::string_view text);   // on standard error, without being a warning
    static void complain(const Error& error);  // there, too, with its hint

    // "QUESTION [y/N] ", answered by a line on standard input; its end means no.
    enum class Answer : std::uint8_t { no, yes };
    Result<Answer> ask(std::string_view question) const;

    // What was printed reached its reader, or why not (a full disk, a closed pipe).
    Result<> flush();

    static bool stdout_is_terminal();
    static bool stderr_is_terminal();

private:
    Config config_;
    std::vector<std::string> words_ = {};
    std::optional<Error> mistake_ = {};
    OciGlobals oci_ = {};
    const runtime::LogFile* log_ = nullptr;
    std::optional<store::Store> store_ = {};
    std::optional<sandbox::Host> host_ = {};
    std::string out_ = {};
};

// To standard error, as it stands. Where nobody can be told that it cannot be told, it is lost.
void write_to_stderr(std::string_view text);

// An environment variable of this process; nothing where it is not set or empty.
std::optional<std::string> environment_variable(const char* name);

}  // namespace sbx::cli
