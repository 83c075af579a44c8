// Whole files: read at once, replaced at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

// What has to hold after a power cut. What others rely on is `durable`; what means nothing after a
// reboot (a running container, a container that goes with its end) need not pay for it.
enum class Durability : std::uint8_t { durable, until_reboot };

struct WriteOptions {
    mode_t mode = 0600;
    Durability durability = Durability::durable;
};

// Replaces directory/name so that a reader, or a crash at any instant, sees the old bytes or the
// new ones, never a part: written beside, made durable, renamed over, and the rename made durable.
Result<> write_atomic(FdView directory, const std::string& name, std::string_view bytes,
                      WriteOptions options = {});

Result<> write_all(FdView fd, std::string_view bytes);
Result<> write_at(FdView fd, std::uint64_t offset, std::string_view bytes);

// The whole of the regular file directory/name, which may not be a symbolic link. Errors name
// `name`; a file larger than `limit` bytes is refused.
Result<std::string> read_file(FdView directory, const std::string& name, std::size_t limit);

// The whole of an open file that has to be a regular one; `name` is for errors.
Result<std::string> read_regular(FdView file, std::string_view name, std::size_t limit);

// The whole of what a person names to be read: a file, a pipe, "/dev/stdin".
Result<std::string> read_input(const std::string& path, std::size_t limit);

// The whole of a file of procfs or sysfs, whose sizes mean nothing.
Result<std::string> read_proc(const std::string& path);

// Reads to the end, or fails beyond `limit` bytes.
Result<std::string> read_to_end(FdView fd, std::size_t limit);

Result<> sync_file(FdView file);         // fsync(2), also for directories
Result<> sync_file_system(FdView file);  // syncfs(2): everything on the file system of `file`

Result<struct stat> status_of(FdView file);
Result<struct stat> status_at(FdView directory, const std::string& name);  // of a link itself
bool exists_at(FdView directory, const std::string& name);

Result<Fd> open_directory(FdView directory, const std::string& name);  // O_RDONLY, no link
Result<Fd> make_directory(FdView directory, const std::string& name, mode_t mode);  // or opens it
Result<> make_directories(const std::string& host_path, mode_t mode);               // as mkdir -p
Result<Fd> make_file(const std::string& host_path, mode_t mode);  // a new one, to be written to
Result<Fd> open_to_append(const std::string& host_path);          // or a new one, with mode 0644
Result<> rename_at(FdView directory, const std::string& from, const std::string& to);
Result<> remove_at(FdView directory, const std::string& name);  // a file or link; absent is fine

struct Entry {
    std::string name;
    unsigned char type;  // DT_DIR, DT_REG, ...; DT_UNKNOWN where the file system does not say
};

// What is in an open directory from where it is read next, without "." and "..", in the order of
// bytes: getdents64(2).
Result<std::vector<Entry>> read_entries(FdView directory);

// The names in a directory without "." and "..", in the order of bytes.
Result<std::vector<std::string>> names_in(FdView directory);
Result<std::string> read_link(FdView directory, const std::string& name);
// At once, in the place of one that is there already.
Result<> replace_link(FdView directory, const std::string& name, const std::string& text);

}  // namespace sbx::os
