#include "os/orphan.h"

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

// Its parent, which ends at once.
[[noreturn]] static void give_birth(const std::function<void()>& child, const Pipe& told) {
    Result<Process> born = spawn(0, child);
    const pid_t pid = born ? std::move(*born).disown() : -1;
    const bool known = ::write(told.write_end.get(), &pid, sizeof pid) == sizeof pid;
    ::_exit(known && pid > 0 ? 0 : 1);
}

Result<pid_t> spawn_orphan(const std::function<void()>& child) {
    const Pipe told = TRY(open_pipe());
    const NoAdoption none;
    Process between = TRY(spawn(0, [&] { give_birth(child, told); }));
    const ExitStatus status = TRY(between.wait());
    pid_t pid = -1;
    if (status.code == 0 && ::read(told.read_end.get(), &pid, sizeof pid) == sizeof pid) return pid;
    return Error(Error::Kind::failed, "a process cannot be started");
}

}  // namespace sbx::os
