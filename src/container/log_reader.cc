#include "container/log_reader.h"

#include <algorithm>
#include <array>

#include <unistd.h>

#include "os/file.h"

namespace sbx::container {

static constexpr std::size_t kBlock = std::size_t{64} * 1024;

Result<LogReader> LogReader::open(os::FdView folder, std::string name) {
    return LogReader(TRY(os::RotatedLines::open(folder, std::move(name))));
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
        os::Fd file = TRY(lines_.file_of(age));
        if (!file) return {};  // all of them have fewer
        const LastLines found = TRY(find_last(file, lines));
        if (::lseek(file.get(), found.start, SEEK_SET) < 0)
            return Error::from_errno(errno, "read the log");
        lines_.go_on_at(std::move(file));
        lines = found.missing;
        if (lines == 0) return {};
    }
}

Result<std::optional<LogLine>> LogReader::next() {
    for (;;) {
        const std::optional<std::string_view> line = TRY(lines_.next());
        if (!line) return std::optional<LogLine>();
        if (std::optional<LogLine> parsed = parse_log_line(*line)) return parsed;
    }
}

}  // namespace sbx::container
