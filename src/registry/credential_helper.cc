#include "registry/credential_helper.h"

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "os/file.h"
#include "os/poll.h"
#include "os/process.h"
#include "os/signals.h"

namespace sbx::registry {

static constexpr std::chrono::seconds kPatience{10};
static constexpr std::size_t kLargestAnswer = std::size_t{1} << 20;

Result<Credentials> parse_helper_answer(std::string_view bytes) {
    const Result<Json> json = Json::parse(trim(bytes));
    const std::string* user = json ? (*json)["Username"].as_string() : nullptr;
    const std::string* secret = json ? (*json)["Secret"].as_string() : nullptr;
    if (!user || !secret)
        return Error(Error::Kind::failed, "it did not answer with a user name and a secret");
    if (*user == "<token>") return Credentials{.identity_token = *secret};
    return Credentials{.user = *user, .password = *secret};
}

static Result<std::string> find_program(const Environment& environment, std::string_view name) {
    const bool plain = std::ranges::all_of(
        name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
    if (name.empty() || !plain)
        return Error(Error::Kind::usage, "'{}' is not the name of a credential helper",
                     excerpt(name));
    const std::string directories = environment.get("PATH");
    for (const std::string_view directory : split(directories, ':')) {
        std::string path = fmt::format("{}/docker-credential-{}", directory, name);
        if (path.starts_with('/') && ::access(path.c_str(), X_OK) == 0) return path;
    }
    return Error(Error::Kind::not_found, "'docker-credential-{}' is not in $PATH", name);
}

namespace {

struct Pipe {
    os::Fd read;
    os::Fd write;
};

}  // namespace

static Result<Pipe> open_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return Error::from_errno(errno, "make a pipe");
    return Pipe{.read = os::Fd(ends[0]), .write = os::Fd(ends[1])};
}

static Result<> take_places(os::FdView input, os::FdView output) {
    TRY(os::place_at(input, 0));
    TRY(os::place_at(output, 1));
    const os::Fd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (!null) return Error::from_errno(errno, "open '/dev/null'");
    return os::place_at(null, 2);
}

static Result<os::Process> start_helper(const std::string& path, const Environment& environment,
                                        os::FdView input, os::FdView output) {
    const std::vector<std::string> argv{path, "get"};
    const std::vector<std::string> lines = environment.lines();
    return os::spawn(0, [&] {
        os::reset_signals();
        if (take_places(input, output)) (void)os::execute(path, argv, lines);
        ::_exit(127);  // the parent reads it as any other failure of the helper
    });
}

static Result<> read_available(os::FdView output, std::string& bytes) {
    char buffer[4096];
    for (ssize_t n; (n = ::read(output.get(), buffer, sizeof buffer)) > 0;) {
        bytes.append(buffer, static_cast<std::size_t>(n));
        if (bytes.size() > kLargestAnswer)
            return Error(Error::Kind::failed, "it answered with more than {} bytes",
                         kLargestAnswer);
    }
    return {};
}

// Until the program ends, not until its output does: a daemon it left behind may hold that open.
static Result<std::string> answer_of(const os::Process& helper, os::FdView output) {
    std::string bytes;
    bool ended = false;
    os::Poll poll;
    poll.watch(helper.pidfd(), POLLIN, [&](short) -> Result<> {
        ended = true;
        return {};
    });
    poll.watch(output, POLLIN, [&](short events) -> Result<> {
        TRY(read_available(output, bytes));
        if ((events & POLLIN) == 0) poll.unwatch(output);
        return {};
    });
    const auto deadline = os::Poll::Clock::now() + kPatience;
    while (!ended)
        if (TRY(poll.wait(deadline)) == os::Poll::Outcome::deadline_passed)
            return Error(Error::Kind::failed, "it did not answer within {} s", kPatience.count());
    TRY(read_available(output, bytes));
    return bytes;
}

static Result<std::optional<Credentials>> converse(const std::string& path,
                                                   const Environment& environment,
                                                   std::string_view server) {
    Pipe input = TRY(open_pipe());
    Pipe output = TRY(open_pipe());
    TRY(os::write_all(input.write, server));  // before there is a reader: a pipe holds 64 KiB
    input.write.reset();
    // The program expects pipes that wait.
    for (const os::Fd* end : {&input.read, &output.write})
        ::fcntl(end->get(), F_SETFL, 0);
    os::Process helper = TRY(start_helper(path, environment, input.read, output.write));
    output.write.reset();
    const std::string bytes = TRY(answer_of(helper, output.read));
    const os::ExitStatus status = TRY(helper.wait());
    if (status.code == 0) return std::optional(TRY(parse_helper_answer(bytes)));
    if (bytes.contains("credentials not found")) return std::optional<Credentials>{};
    return Error(Error::Kind::failed, "it failed with status {}: {}", status.code,
                 excerpt(trim(bytes), 200));
}

Result<std::optional<Credentials>> ask_credential_helper(const Environment& environment,
                                                         std::string_view name,
                                                         std::string_view server) {
    const std::string path = TRY(find_program(environment, name));
    return TRY(converse(path, environment, server), "asking '{}'", path);
}

}  // namespace sbx::registry
