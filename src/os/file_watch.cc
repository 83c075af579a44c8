#include "os/file_watch.h"

#include <array>
#include <string>

#include <sys/inotify.h>
#include <unistd.h>

namespace sbx::os {

Result<FileWatch> FileWatch::open(FdView folder) {
    Fd fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    const std::string path = fmt::format("/proc/self/fd/{}", folder.get());
    constexpr std::uint32_t kEvents = IN_MODIFY | IN_CREATE | IN_MOVED_TO;
    if (!fd || ::inotify_add_watch(fd.get(), path.c_str(), kEvents) < 0)
        return Error::from_errno(errno, "watch a folder");
    return FileWatch(std::move(fd));
}

void FileWatch::forget() {
    alignas(inotify_event) std::array<char, 4096> events;
    while (::read(fd_.get(), events.data(), events.size()) > 0) {
    }
}

}  // namespace sbx::os
