#include "container/log_reader.h"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <unistd.h>

#include "os/file.h"

namespace sbx::container {

static constexpr std::size_t kBlock = std::size_t{64} * 1024;

static std::string name_of(const std::string& name, int age) {
    return age == 0 ? name : fmt::format("{}.{}", name, age);
}

// Nothing where it is not there.
static Result<os::Fd> open_log(os::FdView folder, const std::string& name) {
    os::Fd file(
        ::openat(folder.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file && errno != ENOENT) return Error::from_errno(errno, "open the log '{}'", name);
    return file;
}

static Result<os::Fd> open_oldest(os::FdView folder, const std::string& name) {
    int age = 0;
    while (os::exists_at(folder, name_of(name, age + 1)))
        ++age;
    return open_log(folder, name_of(name, age));
}

Result<LogReader> LogReader::open(os::FdView folder, std::string name) {
    LogReader reader(TRY(os::duplicate(folder)), std::move(name));
    reader.file_ = TRY(open_oldest(reader.folder_, reader.name_));
    return reader;
}

static bool is_whole(const os::Fd& file, off_t start) {
    constexpr std::size_t kLongestBegin = 64;  // up to the tag
    std::array<char, kLongestBegin> bytes{};
    const ssize_t n = ::pread(file.get(), bytes.data(), bytes.size(), start);
    const std::string_view text(bytes.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
    const std::optional<LogLine> line = parse_log_line(text.substr(0, text.find('\n')));
    return !line || line->whole;
}

namespace {

// The starts of a file's lines, from the last one to the first.
class Starts {
public:
    Starts(const os::Fd& file, off_t size) : file_(&file), at_(size), block_start_(size) {}

    std::optional<off_t> next() {
        if (at_ == 0) return std::nullopt;
        --at_;  // the line break of the line before, or of this file's end
        while (at_ > 0 && byte_before(at_) != '\n')
            --at_;
        return at_;
    }

private:
    char byte_before(off_t position) {
        if (position <= block_start_) load(position);
        return block_[static_cast<std::size_t>(position - 1 - block_start_)];
    }

    void load(off_t end) {
        block_start_ = std::max<off_t>(0, end - static_cast<off_t>(kBlock));
        block_.assign(static_cast<std::size_t>(end - block_start_), '\0');
        (void)::pread(file_->get(), block_.data(), block_.size(), block_start_);
    }

    const os::Fd* file_;
    off_t at_;
    off_t block_start_;
    std::string block_ = {};
};

struct LastLines {
    off_t start = 0;
    std::uint64_t missing = 0;  // the file has so many less
};

}  // namespace

// A line that was written in parts counts once, and so does one that is not whole yet.
static Result<LastLines> find_last(const os::Fd& file, std::uint64_t lines) {
    const off_t size = TRY(os::status_of(file)).st_size;
    Starts starts(file, size);
    std::uint64_t seen = 0;
    off_t start = size;
    while (const std::optional<off_t> before = starts.next()) {
        const bool ends_one = start == size || is_whole(file, *before);
        if (ends_one && seen++ == lines) return LastLines{.start = start};
        start = *before;
    }
    return LastLines{.start = 0, .missing = lines - seen};
}

Result<> LogReader::keep_last(std::uint64_t lines) {
    for (int age = 0;; ++age) {
        os::Fd file = TRY(open_log(folder_, name_of(name_, age)));
        if (!file) return {};  // all of them have fewer
        const LastLines found = TRY(find_last(file, lines));
        file_ = std::move(file);
        if (::lseek(file_.get(), found.start, SEEK_SET) < 0)
            return Error::from_errno(errno, "read the log '{}'", name_);
        lines = found.missing;
        if (lines == 0) return {};
    }
}

static bool is_same(const struct stat& one, const struct stat& other) {
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

// -1: it is none of the log's any more.
Result<int> LogReader::age_of_file() const {
    const struct stat own = TRY(os::status_of(file_));
    for (int age = 0;; ++age) {
        const Result<struct stat> status = os::status_at(folder_, name_of(name_, age));
        if (status && is_same(own, *status)) return age;
        if (!status && age > 0) return -1;
    }
}

Result<bool> LogReader::open_newer() {
    const int age = file_ ? TRY(age_of_file()) : -1;
    if (age == 0) return false;
    os::Fd newer = age < 0 ? TRY(open_oldest(folder_, name_))
                           : TRY(open_log(folder_, name_of(name_, age - 1)));
    if (!newer) return false;
    file_ = std::move(newer);
    return true;
}

static Result<bool> read_block(const os::Fd& file, std::string& buffer) {
    const std::size_t size = buffer.size();
    buffer.resize(size + kBlock);
    const ssize_t n = ::read(file.get(), buffer.data() + size, kBlock);
    buffer.resize(size + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    if (n < 0) return Error::from_errno(errno, "read the log");
    return n > 0;
}

Result<bool> LogReader::fill() {
    buffer_.erase(0, std::exchange(read_, 0));
    if (file_ && TRY(read_block(file_, buffer_))) return true;
    // It may have been rotated since; then what it lacked is in it now, as nobody writes to it.
    if (file_ && TRY(age_of_file()) == 0) return false;
    if (file_ && TRY(read_block(file_, buffer_))) return true;
    return TRY(open_newer()) && TRY(read_block(file_, buffer_));
}

Result<std::optional<LogLine>> LogReader::next() {
    for (;;) {
        const std::size_t end = buffer_.find('\n', read_);
        if (end == buffer_.npos) {
            if (!TRY(fill())) return std::optional<LogLine>();
            continue;
        }
        const std::string_view line = std::string_view(buffer_).substr(read_, end - read_);
        std::optional<LogLine> parsed = parse_log_line(line);
        read_ = end + 1;
        if (parsed) return parsed;
    }
}

}  // namespace sbx::container
