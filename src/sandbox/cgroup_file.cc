#include "sandbox/cgroup_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"

namespace sbx::sandbox {

Result<std::string> read_cgroup_file(os::FdView folder, const std::string& file) {
    constexpr std::size_t kLargest = std::size_t{4} << 20;
    const os::Fd fd(::openat(folder.get(), file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) return Error::from_errno(errno, "open '{}' of a cgroup", file);
    return os::read_to_end(fd, kLargest);
}

Result<> write_cgroup_file(os::FdView folder, const std::string& file, std::string_view value) {
    const os::Fd fd(::openat(folder.get(), file.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) return Error::from_errno(errno, "open '{}' of a cgroup", file);
    if (::write(fd.get(), value.data(), value.size()) >= 0) return {};
    return Error::from_errno(errno, "write '{}' to '{}' of a cgroup", excerpt(value), file);
}

Result<std::string> read_again(os::FdView file) {
    char bytes[4096];
    const ssize_t size = ::pread(file.get(), bytes, sizeof bytes, 0);
    if (size < 0) return Error::from_errno(errno, "read a file of a cgroup");
    return std::string(bytes, static_cast<std::size_t>(size));
}

std::map<std::string, std::uint64_t> counters_in(std::string_view text) {
    std::map<std::string, std::uint64_t> counters;
    for (const std::string_view line : split(text, '\n'))
        if (const auto sides = halves(line, ' '))
            if (const Result<std::int64_t> number = parse_number(sides->after, 0, INT64_MAX))
                counters[std::string(sides->before)] = static_cast<std::uint64_t>(*number);
    return counters;
}

}  // namespace sbx::sandbox
