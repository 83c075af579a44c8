#include "os/rotated_lines.h"

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

#include "os/file.h"

namespace sbx::os {

static std::string name_of(const std::string& name, int age) {
    return age == 0 ? name : fmt::format("{}.{}", name, age);
}

Result<Fd> RotatedLines::file_of(int age) const {
    const std::string name = name_of(name_, age);
    Fd file(::openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file && errno != ENOENT) return Error::from_errno(errno, "open '{}'", name);
    return file;
}

Result<Fd> RotatedLines::open_oldest() const {
    int age = 0;
    while (exists_at(folder_, name_of(name_, age + 1)))
        ++age;
    return file_of(age);
}

Result<RotatedLines> RotatedLines::open(FdView folder, std::string name) {
    RotatedLines lines(TRY(duplicate(folder)), std::move(name));
    lines.file_ = TRY(lines.open_oldest());
    return lines;
}

void RotatedLines::go_on_at(Fd file) {
    file_ = std::move(file);
    buffer_.clear();
    read_ = 0;
}

static bool is_same(const struct stat& one, const struct stat& other) {
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

// -1: it is none of them any more.
Result<int> RotatedLines::age_of_file() const {
    const struct stat own = TRY(status_of(file_));
    for (int age = 0;; ++age) {
        const Result<struct stat> status = status_at(folder_, name_of(name_, age));
        if (status && is_same(own, *status)) return age;
        if (!status && age > 0) return -1;
    }
}

Result<bool> RotatedLines::open_newer() {
    const int age = file_ ? TRY(age_of_file()) : -1;
    if (age == 0) return false;
    Fd newer = age < 0 ? TRY(open_oldest()) : TRY(file_of(age - 1));
    if (!newer) return false;
    file_ = std::move(newer);
    return true;
}

static Result<bool> read_block(const Fd& file, std::string& buffer) {
    constexpr std::size_t kBlock = std::size_t{64} * 1024;
    const std::size_t size = buffer.size();
    buffer.resize(size + kBlock);
    const ssize_t n = ::read(file.get(), buffer.data() + size, kBlock);
    buffer.resize(size + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    if (n < 0) return Error::from_errno(errno, "read lines");
    return n > 0;
}

Result<bool> RotatedLines::fill() {
    buffer_.erase(0, std::exchange(read_, 0));
    if (file_ && TRY(read_block(file_, buffer_))) return true;
    // It may have been rotated since; then what it lacked is in it now, as nobody writes to it.
    if (file_ && TRY(age_of_file()) == 0) return false;
    if (file_ && TRY(read_block(file_, buffer_))) return true;
    return TRY(open_newer()) && TRY(read_block(file_, buffer_));
}

Result<std::optional<std::string_view>> RotatedLines::next() {
    std::size_t searched = read_;
    for (;;) {
        const std::size_t end = buffer_.find('\n', searched);
        if (end != buffer_.npos) {
            const std::string_view line = std::string_view(buffer_).substr(read_, end - read_);
            read_ = end + 1;
            return std::optional(line);
        }
        searched = buffer_.size() - read_;
        if (!TRY(fill())) return std::optional<std::string_view>();
    }
}

}  // namespace sbx::os
