#include "os/file.h"

#include <algorithm>
#include <array>

#include <dirent.h>
#include <limits.h>
#include <stdio.h>

namespace sbx::os {

Result<> write_all(FdView fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return Error::from_errno(errno, "write {} bytes", bytes.size());
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

Result<> write_at(FdView fd, std::uint64_t offset, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n =
            ::pwrite(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return Error::from_errno(errno, "write {} bytes", bytes.size());
        bytes.remove_prefix(static_cast<std::size_t>(n));
        offset += static_cast<std::uint64_t>(n);
    }
    return {};
}

Result<> sync_file(FdView file) {
    if (::fsync(file.get()) == 0) return {};
    return Error::from_errno(errno, "make durable");
}

Result<> sync_file_system(FdView file) {
    if (::syncfs(file.get()) == 0) return {};
    return Error::from_errno(errno, "make the file system durable");
}

// Whatever the umask: a file that a container's users read stays readable to them.
static Result<> set_mode(FdView file, mode_t mode) {
    if (::fchmod(file.get(), mode) == 0) return {};
    return Error::from_errno(errno, "set the mode");
}

static Fd create_file(FdView directory, const std::string& name, mode_t mode) {
    return Fd(
        ::openat(directory.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
}

Result<> write_atomic(FdView directory, const std::string& name, std::string_view bytes,
                      WriteOptions options) {
    const bool durable = options.durability == Durability::durable;
    const std::string beside = fmt::format(".{}.{}", name, ::getpid());
    Fd file = create_file(directory, beside, options.mode);
    if (!file && errno == EEXIST && ::unlinkat(directory.get(), beside.c_str(), 0) == 0)
        file = create_file(directory, beside, options.mode);  // that was of a process that died
    if (!file) return Error::from_errno(errno, "create '{}'", beside);

    Result<> written = set_mode(file, options.mode);
    if (written) written = write_all(file, bytes);
    if (written && durable) written = sync_file(file);
    if (written && ::renameat(directory.get(), beside.c_str(), directory.get(), name.c_str()) != 0)
        written = Error::from_errno(errno, "rename '{}' to '{}'", beside, name);
    if (!written) {
        (void)::unlinkat(directory.get(), beside.c_str(), 0);
        return std::move(written).error().context(fmt::format("writing '{}'", name));
    }
    return durable ? sync_file(directory) : Result<>();
}

Result<std::string> read_to_end(FdView fd, std::size_t limit) {
    std::string bytes;
    for (;;) {
        const std::size_t before = bytes.size();
        // One byte more than may be there, to see that it is not.
        const std::size_t room = std::min(std::max<std::size_t>(4095, before), limit - before) + 1;
        bytes.resize(before + room);
        const ssize_t n = ::read(fd.get(), bytes.data() + before, room);
        bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return Error::from_errno(errno, "read");
        if (bytes.size() > limit) return Error(Error::Kind::failed, "larger than {} bytes", limit);
        if (n == 0) return bytes;
    }
}

Result<std::string> read_regular(FdView file, std::string_view name, std::size_t limit) {
    const struct stat status = TRY(status_of(file), "reading '{}'", name);
    if (!S_ISREG(status.st_mode))
        return Error(Error::Kind::failed, "reading '{}': not a regular file", name);
    return TRY(read_to_end(file, limit), "reading '{}'", name);
}

Result<std::string> read_file(FdView directory, const std::string& name, std::size_t limit) {
    const Fd file(::openat(directory.get(), name.c_str(),
                           O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    if (!file) return Error::from_errno(errno, "open '{}'", name);
    return read_regular(file, name, limit);
}

Result<std::string> read_input(const std::string& path, std::size_t limit) {
    const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file) return Error::from_errno(errno, "open '{}'", path);
    return TRY(read_to_end(file, limit), "reading '{}'", path);
}

Result<std::string> read_proc(const std::string& path) {
    constexpr std::size_t kLimit = std::size_t{16} << 20;
    const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return Error::from_errno(errno, "open '{}'", path);
    return TRY(read_to_end(file, kLimit), "reading '{}'", path);
}

Result<struct stat> status_of(FdView file) {
    struct stat status{};
    if (::fstat(file.get(), &status) == 0) return status;
    return Error::from_errno(errno, "inspect");
}

Result<struct stat> status_at(FdView directory, const std::string& name) {
    struct stat status{};
    if (::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return status;
    return Error::from_errno(errno, "inspect '{}'", name);
}

bool exists_at(FdView directory, const std::string& name) {
    return ::faccessat(directory.get(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<Fd> open_directory(FdView directory, const std::string& name) {
    Fd opened(
        ::openat(directory.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!opened) return Error::from_errno(errno, "open directory '{}'", name);
    return opened;
}

Result<Fd> make_directory(FdView directory, const std::string& name, mode_t mode) {
    if (::mkdirat(directory.get(), name.c_str(), mode) != 0 && errno != EEXIST)
        return Error::from_errno(errno, "make directory '{}'", name);
    return open_directory(directory, name);
}

Result<Fd> make_file(const std::string& host_path, mode_t mode) {
    Fd file(::open(host_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file) return Error::from_errno(errno, "make file '{}'", host_path);
    return file;
}

Result<> make_directories(const std::string& host_path, mode_t mode) {
    std::size_t end = 0;
    while (end != host_path.npos) {
        end = host_path.find('/', end + 1);
        const std::string part = host_path.substr(0, end);
        if (::mkdir(part.c_str(), mode) != 0 && errno != EEXIST)
            return Error::from_errno(errno, "make directory '{}'", part);
    }
    // What was there already may be something else.
    const Fd made(::open(host_path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!made) return Error::from_errno(errno, "make directory '{}'", host_path);
    return {};
}

Result<Fd> open_to_append(const std::string& host_path) {
    Fd file(::open(host_path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644));
    if (!file) return Error::from_errno(errno, "open '{}'", host_path);
    return file;
}

Result<> rename_at(FdView directory, const std::string& from, const std::string& to) {
    if (::renameat(directory.get(), from.c_str(), directory.get(), to.c_str()) == 0) return {};
    return Error::from_errno(errno, "rename '{}' to '{}'", from, to);
}

Result<> remove_at(FdView directory, const std::string& name) {
    if (::unlinkat(directory.get(), name.c_str(), 0) == 0 || errno == ENOENT) return {};
    return Error::from_errno(errno, "remove '{}'", name);
}

Result<std::vector<Entry>> read_entries(FdView directory) {
    alignas(dirent64) std::array<char, std::size_t{32} << 10> buffer;
    std::vector<Entry> entries;
    for (;;) {
        const ssize_t n = ::getdents64(directory.get(), buffer.data(), buffer.size());
        if (n < 0) return Error::from_errno(errno, "list a directory");
        if (n == 0) break;
        for (std::size_t at = 0; at < static_cast<std::size_t>(n);) {
            const auto* entry = reinterpret_cast<const dirent64*>(&buffer[at]);
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") entries.emplace_back(std::string(name), entry->d_type);
            at += entry->d_reclen;
        }
    }
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
}

Result<std::vector<std::string>> names_in(FdView directory) {
    const Fd fd(::openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return Error::from_errno(errno, "list a directory");
    std::vector<std::string> names;
    for (Entry& entry : TRY(read_entries(fd)))
        names.push_back(std::move(entry.name));
    return names;
}

Result<std::string> read_link(FdView directory, const std::string& name) {
    std::string target(PATH_MAX, '\0');
    const ssize_t n = ::readlinkat(directory.get(), name.c_str(), target.data(), target.size());
    if (n < 0) return Error::from_errno(errno, "read link '{}'", name);
    target.resize(static_cast<std::size_t>(n));
    return target;
}

Result<> replace_link(FdView directory, const std::string& name, const std::string& text) {
    const std::string beside = fmt::format(".{}.{}", name.substr(0, 200), ::getpid());
    TRY(remove_at(directory, beside));
    if (::symlinkat(text.c_str(), directory.get(), beside.c_str()) != 0)
        return Error::from_errno(errno, "make the link '{}'", name);
    return rename_at(directory, beside, name);
}

}  // namespace sbx::os
