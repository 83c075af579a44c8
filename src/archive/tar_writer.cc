#include "archive/tar_writer.h"

#include <array>

#include "archive/tar_header.h"

namespace sbx::archive {

namespace {

constexpr std::size_t kPiece = std::size_t{256} * 1024;  // given to the sink at once
constexpr std::uint64_t kMostInSeven = 07777777;         // of seven octal digits
constexpr std::uint64_t kMostInEleven = 077777777777;

using Block = std::array<char, kTarBlock>;

}  // namespace

static void place(Block& block, std::size_t at, std::string_view bytes) {
    bytes.copy(block.data() + at, bytes.size());
}

static char type_of(Entry::Kind kind) {
    switch (kind) {
        case Entry::Kind::regular: return '0';
        case Entry::Kind::hard_link: return '1';
        case Entry::Kind::symbolic_link: return '2';
        case Entry::Kind::character_device: return '3';
        case Entry::Kind::block_device: return '4';
        case Entry::Kind::directory: return '5';
        case Entry::Kind::fifo: return '6';
    }
    std::unreachable();
}

// The length that a record begins with counts its own digits.
static std::string record(std::string_view key, std::string_view value) {
    const std::size_t rest = key.size() + value.size() + 3;
    std::size_t size = rest + 1;
    while (fmt::formatted_size("{}", size) + rest != size)
        size = rest + fmt::formatted_size("{}", size);
    return fmt::format("{} {}={}\n", size, key, value);
}

// Seconds before 1970 with a fraction: -1.5 is second -2, and 500000000 nanoseconds on.
static std::string time_text(const Moment& time) {
    if (time.nanoseconds == 0) return fmt::format("{}", time.seconds);
    if (time.seconds >= 0) return fmt::format("{}.{:09}", time.seconds, time.nanoseconds);
    return fmt::format("-{}.{:09}", -(time.seconds + 1), 1'000'000'000 - time.nanoseconds);
}

namespace {

// A header block under way, and what it has no room for.
class Header {
public:
    explicit Header(const Entry& entry) : entry_(entry) {}

    Block make() {
        place_path(entry_.kind == Entry::Kind::directory ? entry_.path + "/" : entry_.path);
        place_short(157, 100, "linkpath", entry_.target);
        place_number(100, 7, entry_.mode & 07777, "");
        place_number(108, 7, entry_.uid, "uid");
        place_number(116, 7, entry_.gid, "gid");
        place_number(124, 11, entry_.kind == Entry::Kind::regular ? entry_.size : 0, "size");
        place_time();
        block_[156] = type_of(entry_.kind);
        place(block_, 257, std::string_view("ustar\00000", 8));
        place_number(329, 7, entry_.device_major, "");
        place_number(337, 7, entry_.device_minor, "");
        for (const auto& [name, value] : entry_.attributes)
            records_ += record("SCHILY.xattr." + name, value);
        sum();
        return block_;
    }
    const std::string& records() const { return records_; }

    static Block of_records(std::size_t size) {
        const Entry entry{.path = "././@PaxHeader", .mode = 0644, .size = size};
        Header header(entry);
        header.make();
        header.block_[156] = 'x';
        header.sum();
        return header.block_;
    }

private:
    void place_short(std::size_t at, std::size_t room, std::string_view key,
                     const std::string& text) {
        place(block_, at, std::string_view(text).substr(0, room));
        if (text.size() > room) records_ += record(key, text);
    }

    // Up to 100 bytes, or 155 and a '/' more where it can be parted there.
    void place_path(const std::string& path) {
        constexpr std::size_t kName = 100;
        constexpr std::size_t kPrefix = 155;
        if (path.size() > kName && path.size() <= kName + kPrefix + 1) {
            const std::size_t slash = path.find('/', path.size() - kName - 1);
            if (slash != path.npos && slash > 0 && slash <= kPrefix && slash + 1 < path.size()) {
                place(block_, 0, std::string_view(path).substr(slash + 1));
                place(block_, 345, std::string_view(path).substr(0, slash));
                return;
            }
        }
        place_short(0, kName, "path", path);
    }

    void place_number(std::size_t at, int digits, std::uint64_t number, std::string_view key) {
        const bool fits = number <= (digits == 7 ? kMostInSeven : kMostInEleven);
        if (!fits && !key.empty()) records_ += record(key, fmt::format("{}", number));
        place(block_, at, fmt::format("{:0{}o}", fits ? number : 0, digits));
    }

    void place_time() {
        const Moment& time = entry_.modified;
        const bool fits =
            time.seconds >= 0 && static_cast<std::uint64_t>(time.seconds) <= kMostInEleven;
        place_number(136, 11, fits ? static_cast<std::uint64_t>(time.seconds) : 0, "");
        if (!fits || time.nanoseconds != 0) records_ += record("mtime", time_text(time));
    }

    // Counted with blanks in its own place.
    void sum() {
        place(block_, 148, "        ");
        unsigned sum = 0;
        for (const char c : block_)
            sum += static_cast<unsigned char>(c);
        place(block_, 148, fmt::format("{:06o}", sum));
        block_[154] = '\0';
    }

    const Entry& entry_;
    Block block_{};
    std::string records_ = {};
};

}  // namespace

Result<> TarWriter::put(std::string_view bytes) {
    waiting_ += bytes;
    if (waiting_.size() < kPiece) return {};
    TRY(sink_(waiting_));
    waiting_.clear();
    return {};
}

Result<> TarWriter::pad() {
    const std::uint64_t missing = padded_to_block(in_entry_) - in_entry_;
    in_entry_ = 0;
    return put(std::string(static_cast<std::size_t>(missing), '\0'));
}

Result<> TarWriter::begin(const Entry& entry) {
    TRY(pad());
    Header header(entry);
    const Block block = header.make();
    if (const std::string& records = header.records(); !records.empty()) {
        const Block before = Header::of_records(records.size());
        TRY(put({before.data(), before.size()}));
        TRY(put(records));
        in_entry_ = records.size();
        TRY(pad());
    }
    return put({block.data(), block.size()});
}

Result<> TarWriter::add_content(std::string_view bytes) {
    in_entry_ += bytes.size();
    return put(bytes);
}

Result<> TarWriter::finish() {
    TRY(pad());
    TRY(put(std::string(2 * kTarBlock, '\0')));
    TRY(sink_(waiting_));
    waiting_.clear();
    return {};
}

}  // namespace sbx::archive
