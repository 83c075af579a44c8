#include "sandbox/cgroup_watch.h"

#include <algorithm>

#include <fcntl.h>
#include <poll.h>

#include "sandbox/cgroup_file.h"

namespace sbx::sandbox {

Result<CgroupWatch> CgroupWatch::begin(const Cgroup& cgroup) {
    const auto open = [&](const char* file) {
        return os::Fd(::openat(cgroup.folder().get(), file, O_RDONLY | O_CLOEXEC));
    };
    os::Fd members = open("cgroup.events");
    if (!members) return Error::from_errno(errno, "open 'cgroup.events' of a cgroup");
    CgroupWatch watch(std::move(members), open("memory.events"));
    watch.kills_ = TRY(watch.count_kills());
    return watch;
}

Result<std::uint64_t> CgroupWatch::count_kills() const {
    if (!memory_) return std::uint64_t{0};
    Result<std::string> text = read_again(memory_);
    if (text.failed_with(std::errc::no_such_device)) return kills_;  // is gone
    return counters_in(TRY(std::move(text)))["oom_kill"];
}

Result<bool> CgroupWatch::is_empty() const {
    Result<std::string> text = read_again(members_);
    if (text.failed_with(std::errc::no_such_device)) return true;
    return counters_in(TRY(std::move(text)))["populated"] == 0;
}

Result<CgroupWatch::Event> CgroupWatch::wait(Clock::time_point deadline) {
    for (;;) {
        if (const std::uint64_t kills = TRY(count_kills()); kills > kills_) {
            kills_ = kills;
            return Event::oom_kill;
        }
        if (TRY(is_empty())) return Event::emptied;
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return Event::time_is_up;
        pollfd changes[] = {{.fd = members_.get(), .events = POLLPRI, .revents = 0},
                            {.fd = memory_ ? memory_.get() : -1, .events = POLLPRI, .revents = 0}};
        ::poll(changes, std::size(changes), static_cast<int>(std::min<std::int64_t>(left, 60'000)));
    }
}

}  // namespace sbx::sandbox
