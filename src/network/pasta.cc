#include "network/pasta.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "network/confinement.h"
#include "network/stack_process.h"
#include "os/memory.h"
#include "os/namespaces.h"
#include "os/orphan.h"
#include "os/pipe.h"
#include "os/process.h"
#include "os/socket.h"

namespace sbx::network {

static constexpr const char* kUp = "up";

// Fixed places: what is run with rights in the container's namespaces is the host's.
static Result<std::string> find_program() {
    for (const char* path : {"/usr/bin/pasta", "/usr/local/bin/pasta"}) {
        struct stat status{};
        if (::stat(path, &status) == 0 && S_ISREG(status.st_mode)) return std::string(path);
    }
    return Error(Error::Kind::not_found, "'pasta' is not installed")
        .hint(
            "install it with `sudo apt-get install passt`, or do without: --network slirp, the "
            "default, needs no program");
}

// --- what it says --------------------------------------------------------------------------------

static bool is_number(std::string_view line) {
    return !line.empty() && line.find_first_not_of("0123456789") == line.npos;
}

bool says_up(std::string_view said) {
    const std::size_t end = said.rfind('\n');  // the line behind it may not be whole
    if (end == said.npos) return false;
    return std::ranges::any_of(split(said.substr(0, end), '\n'), is_number);
}

std::string reason_in(std::string_view said) {
    for (std::string_view line : split(said, '\n')) {
        constexpr std::string_view kOwn = "pasta: ";
        if (const std::size_t at = line.find(kOwn); at != line.npos)
            line.remove_prefix(at + kOwn.size());
        // Where nothing listens at /dev/log; and to root, before the reason.
        const bool is_noise = line.ends_with("to syslog") || line.starts_with("Don't run as root");
        if (!trim(line).empty() && !is_noise) return printable(trim(line));
    }
    return "it ended and gave no reason";
}

static Error refusal(std::string_view said) {
    Error error(Error::Kind::failed, "pasta: {}", reason_in(said));
    if (!said.contains("Changing to nobody")) return error;
    return std::move(error).hint(
        "it gives up root's rights, and cannot enter root's containers: --network slirp, the "
        "default, serves these");
}

// --- the keeper ----------------------------------------------------------------------------------

namespace {

class Keeper {
public:
    Keeper(os::Process pasta, os::Fd said, const os::Fd& line)
        : pasta_(std::move(pasta)), said_(std::move(said)), line_(line) {}

    Result<> await_network() {
        std::string text;
        while (!says_up(text)) {
            if (!TRY(wait())) return {};  // it was not to be
            if (!read_into(text)) return refusal(text);
        }
        TRY(os::send_message(line_, kUp));
        os::forget_program_pages();
        return {};
    }

    // What it writes from now on is nobody's concern, and is not to hold it up.
    Result<> watch() {
        std::string text;
        while (TRY(wait()) && read_into(text))
            text.clear();
        return {};
    }

    // The container has ended. What it sent last is in its device, and pasta about to read it.
    Result<> finish() {
        constexpr std::chrono::milliseconds kMoment(200);
        pollfd end{.fd = pasta_.pidfd().get(), .events = POLLIN, .revents = 0};
        (void)::poll(&end, 1, static_cast<int>(kMoment.count()));
        (void)pasta_.signal(SIGKILL);  // it may have ended
        (void)TRY(pasta_.wait());
        return {};
    }

private:
    // Whether it is pasta that has something to say; else the other end of the line is closed.
    Result<bool> wait() {
        std::array<pollfd, 2> both{pollfd{.fd = line_.get(), .events = POLLIN, .revents = 0},
                                   pollfd{.fd = said_.get(), .events = POLLIN, .revents = 0}};
        while (::poll(both.data(), both.size(), -1) < 0)
            if (errno != EINTR) return Error::from_errno(errno, "wait for pasta");
        return both[0].revents == 0;
    }

    // False once there is no more: pasta has ended, which alone has the other end.
    bool read_into(std::string& text) {
        constexpr std::size_t kMost = std::size_t{16} * 1024;
        std::array<char, 1024> buffer{};
        const ssize_t size = ::read(said_.get(), buffer.data(), buffer.size());
        if (size > 0 && text.size() < kMost)
            text.append(buffer.data(), static_cast<std::size_t>(size));
        return size > 0 || (size < 0 && (errno == EINTR || errno == EAGAIN));
    }

    os::Process pasta_;
    os::Fd said_;
    const os::Fd& line_;
};

}  // namespace

// It enters that namespace, and nobody can enter the one that they are in.
static Result<> check_apart(const os::Fd& user) {
    const os::Fd own = TRY(os::own_user_namespace());
    struct stat one{};
    struct stat other{};
    const bool known = ::fstat(own.get(), &one) == 0 && ::fstat(user.get(), &other) == 0;
    if (!known || one.st_ino != other.st_ino) return {};
    return Error(Error::Kind::unsupported,
                 "pasta is for containers in a user namespace of their own, as those of an "
                 "ordinary user are")
        .hint("--network slirp, the default, needs none");
}

static Result<Keeper> run(std::vector<std::string> command, os::Message namespaces,
                          const os::Fd& line) {
    TRY(check_apart(namespaces.fds.front()));
    os::Pipe told = TRY(os::open_pipe());
    os::Process pasta = TRY(os::start({.argv = std::move(command),
                                       .input = namespaces.fds.front(),
                                       .output = namespaces.fds.back(),
                                       .errors = told.write_end}));
    return Keeper(std::move(pasta), std::move(told.read_end), line);
}

static Result<> keep(std::vector<std::string> command, const os::Fd& line) {
    forget_environment();
    TRY(leave_all_but({line}));
    std::optional<os::Message> namespaces = TRY(os::receive_message(line));
    if (!namespaces || namespaces->fds.size() != 2) return {};  // it was not to be
    Keeper keeper = TRY(run(std::move(command), *std::move(namespaces), line));
    TRY(keeper.await_network());
    TRY(keeper.watch());
    return keeper.finish();
}

Result<Pasta> Pasta::start(const PastaOptions& options) {
    std::vector<std::string> command = {TRY(find_program())};
    std::ranges::move(options.arguments(), std::back_inserter(command));
    os::SocketPair ends = TRY(os::open_socket_pair());
    const pid_t pid = TRY(os::spawn_orphan([&] {
        ends.one.reset();
        const Result<> kept = keep(std::move(command), ends.other);
        if (!kept) (void)os::send_message(ends.other, kept.error().pack());  // or it has left
        ::_exit(kept ? 0 : 1);
    }));
    return Pasta(pid, std::move(ends.one));
}

Result<> Pasta::serve(const os::Fd& user, const os::Fd& network) {
    return os::send_message(line_, "namespaces", {os::FdView(user), os::FdView(network)});
}

Result<> Pasta::await() {
    const std::optional<os::Message> message = TRY(os::receive_message(line_), "the network");
    if (!message) return Error(Error::Kind::failed, "the network's process has ended early");
    if (message->bytes == kUp) return {};
    return Error::unpack(message->bytes).context("--network pasta");
}

}  // namespace sbx::network
