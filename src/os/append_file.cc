#include "os/append_file.h"

#include <fcntl.h>

namespace sbx::os {

Result<Fd> append_to(const std::string& host_path) {
    Fd file(::open(host_path.c_str(),
                   O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY,
                   0644));
    if (!file) return Error::from_errno(errno, "open '{}'", host_path);
    return file;
}

}  // namespace sbx::os
