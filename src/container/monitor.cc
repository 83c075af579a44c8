#include "container/monitor.h"

#include <array>
#include <cstring>

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "container/supervise.h"
#include "os/file.h"
#include "os/poll.h"
#include "store/containers.h"

namespace sbx::container {

static constexpr const char* kSocketName = "attach";

Result<> send_word(os::FdView socket, Word word, int number, const std::vector<os::FdView>& fds) {
    std::string bytes(1, static_cast<char>(word));
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
    return os::send_message(socket, bytes, fds);
}

Result<std::optional<HeardWord>> hear_word(os::FdView socket) {
    std::optional<os::Message> message = TRY(os::receive_message(socket));
    if (!message) return std::optional<HeardWord>();
    const auto word = static_cast<Word>(message->bytes.front());
    if (word == Word::failed) return Error::unpack(std::string_view(message->bytes).substr(1));
    HeardWord heard{.word = word, .number = 0, .fds = std::move(message->fds)};
    if (message->bytes.size() == 1 + sizeof heard.number)
        std::memcpy(&heard.number, message->bytes.data() + 1, sizeof heard.number);
    return std::optional(std::move(heard));
}

static void report(os::FdView socket, const Error& error) {
    (void)os::send_message(socket, std::string(1, static_cast<char>(Word::failed)) + error.pack());
}

Result<os::Fd> connect_to_monitor(os::FdView runtime_folder) {
    return os::connect_at(runtime_folder, kSocketName);
}

namespace {

class Monitor {
public:
    Monitor(Life& life, sandbox::Running running, os::Fd client)
        : life_(life), running_(std::move(running)), client_(std::move(client)) {}

    Result<> run(os::FdView runtime_folder, const std::optional<Orphans>& orphans) {
        listener_ = TRY(os::listen_at(runtime_folder, kSocketName));
        leave_the_terminal();
        watch_all();
        greet();
        while (!ended_)
            if (TRY(poll_.wait(deadline_)) == os::Poll::Outcome::deadline_passed) {
                (void)running_.init.signal(SIGKILL);  // it may have ended just now
                deadline_.reset();
            }
        const os::ExitStatus status = TRY(reap(running_, orphans));
        TRY(life_.end(status.code));
        if (client_) (void)send_word(client_, Word::ended, status.code);  // it may have left
        return {};
    }

private:
    // What the person's shell or pipe waits for the end of must not be held open here.
    static void leave_the_terminal() {
        const os::Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
        for (int fd = 0; fd <= 2; ++fd)
            (void)os::place_at(null, fd);  // at worst they stay what they were
        (void)os::enter_directory("/");
    }

    void watch_all() {
        deadline_ = life_.deadline();
        poll_.watch(running_.init.pidfd(), POLLIN, [this](short) -> Result<> {
            ended_ = true;
            return {};
        });
        poll_.watch(listener_, POLLIN, [this](short) { return on_connection(); });
    }

    void greet() {
        poll_.unwatch(running_.terminal);
        poll_.watch(client_, POLLIN, [this](short) { return on_client(); });
        const Result<> sent = send_word(client_, Word::running, 0, {os::FdView(running_.terminal)});
        if (!sent) let_client_go();
    }

    Result<> on_client() {
        const std::optional<HeardWord> word = hear_word(client_).value_or(std::nullopt);
        if (!word)
            let_client_go();
        else if (word->word == Word::signal)
            (void)running_.init.signal(word->number);  // it may have ended just now
        return {};
    }

    // It may be gone without this loop having come to see it.
    static bool has_left(os::FdView client) {
        pollfd end{.fd = client.get(), .events = 0, .revents = 0};
        return ::poll(&end, 1, 0) > 0 && (end.revents & POLLHUP) != 0;
    }

    void let_client_go() {
        poll_.unwatch(client_);
        client_.reset();
        poll_.watch(running_.terminal, POLLIN, [this](short) { return drop_output(); });
    }

    // Nobody looks on, and a program must not wait for that.
    Result<> drop_output() {
        std::array<char, 65536> buffer{};
        const ssize_t n = ::read(running_.terminal.get(), buffer.data(), buffer.size());
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            poll_.unwatch(running_.terminal);
        return {};
    }

    Result<> on_connection() {
        os::Fd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!socket) return {};
        ucred peer{};
        socklen_t size = sizeof peer;
        const bool known = ::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
                           peer.uid == ::geteuid();
        if (!known) return {};
        if (client_ && has_left(client_)) let_client_go();
        if (client_) {
            report(socket, Error(Error::Kind::busy, "somebody else is attached to the container"));
            return {};
        }
        client_ = std::move(socket);
        greet();
        return {};
    }

    Life& life_;
    sandbox::Running running_;
    os::Fd client_;
    os::Fd listener_ = {};
    os::Poll poll_ = {};
    std::optional<os::Poll::Clock::time_point> deadline_ = {};
    bool ended_ = false;
};

}  // namespace

static Result<> start_and_watch(Life& life, const sandbox::Plan& plan,
                                const std::function<Result<>()>& meanwhile, os::Fd client) {
    const store::Containers containers = TRY(store::Containers::open(life.store()));
    const os::Fd folder = TRY(containers.runtime_folder(life.id()));
    const std::optional<Orphans> orphans = TRY(Orphans::adopt(plan));
    Monitor monitor(life, TRY(life.start(plan, meanwhile)), std::move(client));
    return monitor.run(folder, orphans);
}

[[noreturn]] static void monitor_main(Life& life, const sandbox::Plan& plan,
                                      const std::function<Result<>()>& meanwhile, os::Fd client) {
    ::setsid();
    ::signal(SIGPIPE, SIG_IGN);
    for (const int number : forwarded_signals())
        ::signal(number, SIG_IGN);  // they come by the socket, from whoever is attached
    const os::Fd for_failure = os::Fd(::fcntl(client.get(), F_DUPFD_CLOEXEC, 3));
    const Result<> outcome = start_and_watch(life, plan, meanwhile, std::move(client));
    if (!outcome) {
        const Result<> ended =
            life.end_failed(exit_code_of(outcome.error()), outcome.error().text());
        if (!ended) log::debug("{}", ended.error().text());
        report(for_failure, outcome.error());
    }
    ::_exit(outcome ? 0 : 125);
}

Result<os::Fd> start_monitored(Life& life, const sandbox::Plan& plan,
                               const std::function<Result<>()>& meanwhile) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process monitor = TRY(os::spawn(0, [&] {
        ends.one.reset();
        monitor_main(life, plan, meanwhile, std::move(ends.other));
    }));
    ends.other.reset();
    (void)std::move(monitor).disown();  // it outlives this process, and answers for itself
    return std::move(ends.one);
}

}  // namespace sbx::container
