#include "cli/app.h"

#include <cstdlib>

#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/terminal.h"
#include "store/layers.h"

namespace sbx::cli {

std::optional<std::string> environment_variable(const char* name) {
    const char* value = std::getenv(name);
    if (!value || *value == '\0') return std::nullopt;
    return std::string(value);
}

void write_to_stderr(std::string_view text) { (void)os::write_all(os::FdView::number(2), text); }

// The words in front of what is told have colours where a terminal shows them: ECMA-48, "SGR".
// https://no-color.org
static std::string coloured(std::string_view word, std::string_view sgr) {
    const auto terminal = environment_variable("TERM");
    const bool plain = environment_variable("NO_COLOR") || !terminal || *terminal == "dumb";
    if (plain || !App::stderr_is_terminal()) return std::string(word);
    return fmt::format("\x1b[{}m{}\x1b[0m", sgr, word);
}

static constexpr std::string_view kRed = "1;31";
static constexpr std::string_view kYellow = "1;33";
static constexpr std::string_view kBold = "1";

Result<const store::Store*> App::store() {
    if (!store_) {
        const store::Places places = TRY(store::find_places(config_.root, environment_variable));
        store_.emplace(TRY(store::Store::open(places)));
    }
    return &*store_;
}

Result<const sandbox::Host*> App::host() {
    if (!host_) {
        const store::Store* opened = TRY(store());
        TRY(store::Layers::open(*opened));
        host_ = TRY(sandbox::find_host(
            {.cache = opened->runtime(), .layers = opened->places().data + "/layers"}));
        if (!config_.storage_driver.empty())
            host_->driver = TRY(sandbox::parse_driver(config_.storage_driver));
    }
    return &*host_;
}

Result<os::IdMap> App::ids() { return sandbox::default_ids(*TRY(host())); }

void App::print(std::string_view line) { out_ += printable(line) + "\n"; }

void App::print_raw(std::string_view bytes) { out_ += bytes; }

void App::warn(std::string_view text) const {
    if (!log::enabled(log::Level::warning)) return;
    write_to_stderr(fmt::format("{} {}\n", coloured("warning:", kYellow), printable(text)));
    if (log_) log_->write(log::Level::warning, text, sbx::now());
}

void App::note(std::string_view text) { write_to_stderr(printable(text) + "\n"); }

void App::complain(const Error& error) {
    std::string text = fmt::format("{} {}\n", coloured("sbx:", kRed), printable(error.text()));
    if (!error.hint().empty())
        text += fmt::format("{} {}\n", coloured("hint:", kBold), printable(error.hint()));
    write_to_stderr(text);
}

// Byte by byte: what follows the line belongs to whoever reads next.
Result<App::Answer> App::ask(std::string_view question) const {
    constexpr std::size_t kLongest = 80;
    write_to_stderr(printable(question) + " [y/N] ");
    std::string line;
    char letter = 0;
    while (line.size() < kLongest) {
        const ssize_t got = ::read(STDIN_FILENO, &letter, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Error::from_errno(errno, "read the answer");
        if (got == 0 || letter == '\n') break;
        line += letter;
    }
    const std::string answer = lower(trim(line));
    return answer == "y" || answer == "yes" ? Answer::yes : Answer::no;
}

Result<> App::flush() {
    const std::string bytes = std::exchange(out_, {});
    TRY(os::write_all(os::FdView::number(1), bytes), "standard output");
    return {};
}

bool App::stdout_is_terminal() { return os::is_terminal(os::FdView::number(1)); }
bool App::stderr_is_terminal() { return os::is_terminal(os::FdView::number(2)); }

}  // namespace sbx::cli
