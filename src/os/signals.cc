#include "os/signals.h"

#include <array>

#include <sys/signalfd.h>

#include "base/text.h"

namespace sbx::os {

namespace {

struct Name {
    std::string_view name;
    int number;
};

// clang-format off
constexpr std::array kNames = {
    Name{"HUP", SIGHUP},   Name{"INT", SIGINT},       Name{"QUIT", SIGQUIT}, Name{"ILL", SIGILL},
    Name{"TRAP", SIGTRAP}, Name{"ABRT", SIGABRT},     Name{"BUS", SIGBUS},   Name{"FPE", SIGFPE},
    Name{"KILL", SIGKILL}, Name{"USR1", SIGUSR1},     Name{"SEGV", SIGSEGV}, Name{"USR2", SIGUSR2},
    Name{"PIPE", SIGPIPE}, Name{"ALRM", SIGALRM},     Name{"TERM", SIGTERM}, Name{"STKFLT", SIGSTKFLT},
    Name{"CHLD", SIGCHLD}, Name{"CONT", SIGCONT},     Name{"STOP", SIGSTOP}, Name{"TSTP", SIGTSTP},
    Name{"TTIN", SIGTTIN}, Name{"TTOU", SIGTTOU},     Name{"URG", SIGURG},   Name{"XCPU", SIGXCPU},
    Name{"XFSZ", SIGXFSZ}, Name{"VTALRM", SIGVTALRM}, Name{"PROF", SIGPROF}, Name{"WINCH", SIGWINCH},
    Name{"IO", SIGIO},     Name{"PWR", SIGPWR},       Name{"SYS", SIGSYS},
    // Other names of the same, which signal_name() does not give.
    Name{"IOT", SIGIOT},   Name{"CLD", SIGCLD},       Name{"POLL", SIGPOLL},
};
// clang-format on

// The kernel's range; glibc keeps the first two for itself and calls 34 SIGRTMIN.
constexpr int kFirstRealTime = 34;
constexpr int kLast = 64;

}  // namespace

static Result<int> real_time_signal(std::string_view name, std::string_view whole) {
    const bool from_first = name.starts_with("RTMIN");
    const std::string_view offset = name.substr(5);
    if (offset.empty()) return from_first ? kFirstRealTime : kLast;
    if (offset.front() == (from_first ? '+' : '-')) {
        const Result<std::int64_t> n = parse_number(offset.substr(1), 0, kLast - kFirstRealTime);
        if (n) return static_cast<int>(from_first ? kFirstRealTime + *n : kLast - *n);
    }
    return Error(Error::Kind::usage, "'{}' is not a signal", excerpt(whole));
}

Result<int> parse_signal(std::string_view text) {
    if (const Result<std::int64_t> number = parse_number(text, 1, kLast))
        return static_cast<int>(*number);
    std::string upper(text);
    for (char& c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    std::string_view name = upper;
    if (name.starts_with("SIG")) name.remove_prefix(3);
    for (const Name& known : kNames)
        if (known.name == name) return known.number;
    if (name.starts_with("RTMIN") || name.starts_with("RTMAX")) return real_time_signal(name, text);
    return Error(Error::Kind::usage, "'{}' is not a signal", excerpt(text));
}

std::string signal_name(int number) {
    for (const Name& known : kNames)
        if (known.number == number) return fmt::format("SIG{}", known.name);
    if (number >= kFirstRealTime && number <= kLast)
        return number == kFirstRealTime ? "SIGRTMIN"
                                        : fmt::format("SIGRTMIN+{}", number - kFirstRealTime);
    return fmt::format("{}", number);
}

std::span<const std::string_view> all_signal_names() {
    static const auto kAll = [] {
        std::array<std::string_view, kNames.size()> all;
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = kNames[i].name;
        return all;
    }();
    return kAll;
}

Result<SignalQueue> SignalQueue::open(std::span<const int> numbers) {
    sigset_t set;
    sigset_t before;
    ::sigemptyset(&set);
    for (const int number : numbers)
        ::sigaddset(&set, number);
    Fd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd) return Error::from_errno(errno, "open a signal queue");
    if (::sigprocmask(SIG_BLOCK, &set, &before) != 0)
        return Error::from_errno(errno, "block signals");
    return SignalQueue(std::move(fd), before);
}

SignalQueue::~SignalQueue() {
    if (fd_) ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

Result<int> SignalQueue::next() {
    signalfd_siginfo info{};
    const ssize_t n = ::read(fd_.get(), &info, sizeof info);
    if (n == sizeof info) return static_cast<int>(info.ssi_signo);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    return Error::from_errno(errno, "read a signal");
}

void reset_signals() {
    for (int number = 1; number <= kLast; ++number)
        if (number != SIGKILL && number != SIGSTOP && (number < 32 || number >= kFirstRealTime))
            ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace sbx::os
