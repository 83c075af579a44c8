#include "os/orphan.h"

#include <array>
#include <cstring>

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "os/pipe.h"
#include "os/process.h"

namespace sbx::os {

namespace {

// While this lives, orphans go to somebody else.
class NoAdoption {
public:
    NoAdoption() {
        ::prctl(PR_GET_CHILD_SUBREAPER, &adopts_, 0, 0, 0);
        if (adopts_ != 0) ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    }
    NoAdoption(const NoAdoption&) = delete;
    NoAdoption& operator=(const NoAdoption&) = delete;
    ~NoAdoption() {
        if (adopts_ != 0) ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    }

private:
    int adopts_ = 0;
};

}  // namespace

static constexpr int kFailed = 1;  // and told is why
static constexpr int kLost = 2;

// Its parent, which ends at once.
[[noreturn]] static void give_birth(const std::function<void()>& child, const Pipe& told) {
    Result<Process> born = spawn(0, child);
    if (!born) {
        const std::string why = born.error().pack();
        (void)!::write(told.write_end.get(), why.data(), why.size());  // there is room
        ::_exit(kFailed);
    }
    const pid_t pid = std::move(*born).disown();
    const bool known = ::write(told.write_end.get(), &pid, sizeof pid) == sizeof pid;
    ::_exit(known ? 0 : kLost);
}

Result<pid_t> spawn_orphan(const std::function<void()>& child) {
    const Pipe told = TRY(open_pipe());
    TRY(do_not_wait(told.read_end));  // by the time it is read all is there
    const NoAdoption none;
    Process between = TRY(spawn(0, [&] { give_birth(child, told); }));
    const ExitStatus status = TRY(between.wait());
    const bool is_told = status.code == 0 || status.code == kFailed;
    std::array<char, std::size_t{16} * 1024> bytes{};
    const ssize_t size = is_told ? ::read(told.read_end.get(), bytes.data(), bytes.size()) : -1;
    pid_t pid = -1;
    if (size <= 0 || (status.code == 0 && size != sizeof pid))
        return Error(Error::Kind::failed, "a process cannot be started");
    if (status.code == kFailed)
        return Error::unpack({bytes.data(), static_cast<std::size_t>(size)});
    std::memcpy(&pid, bytes.data(), sizeof pid);
    return pid;
}

}  // namespace sbx::os
