#include "archive/tar.h"

#include <cstring>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <iconv.h>

#include "archive/tar_header.h"
#include "base/text.h"

// Names are bytes, and sbx converts no character sets. libarchive would have names in pax headers
// converted by iconv(3), for which glibc loads modules at run time, also into a static program;
// these take its place. Names are then taken from tar_header.h, as they stand in the archive.
extern "C" {
iconv_t iconv_open(const char*, const char*) {
    errno = EINVAL;
    return reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr): iconv_open(3)
}
size_t iconv(iconv_t, char**, size_t*, char**, size_t*) {
    errno = EINVAL;
    return static_cast<size_t>(-1);
}
int iconv_close(iconv_t) { return 0; }
}

namespace sbx::archive {

static constexpr std::size_t kPiece = std::size_t{256} * 1024;  // read at once
static constexpr std::size_t kLargestHeaders = 3 * kLargestExtension;

namespace {

struct FreeArchive {
    void operator()(::archive* reader) const { ::archive_read_free(reader); }
};

}  // namespace

std::string describe(const Entry& entry) {
    return fmt::format("entry {} at offset {:#x} '{}'", entry.number, entry.offset,
                       excerpt(entry.path));
}

struct TarReader::State {
    explicit State(Reader& reader_of_bytes) : from(&reader_of_bytes) {}

    Reader* from;
    std::unique_ptr<::archive, FreeArchive> reader{::archive_read_new()};

    // The part of the stream that libarchive may still look at, and the headers that it is in the
    // middle of: `filled` bytes, the first of which is at `window_start`.
    std::vector<char> window = std::vector<char>(kPiece);
    std::size_t filled = 0;
    std::uint64_t window_start = 0;
    bool in_headers = true;
    std::optional<Error> failure;  // of `from`, while libarchive was reading

    bool at_end = false;
    std::uint64_t number = 0;
    std::uint64_t offset = 0;        // of the current entry's headers
    std::uint64_t end_of_entry = 0;  // where the next one's have to begin
    std::string name;

    std::uint64_t consumed() const {
        return static_cast<std::uint64_t>(::archive_filter_bytes(reader.get(), 0));
    }

    std::string_view headers() const {
        const auto skip = static_cast<std::size_t>(offset - window_start);
        return std::string_view(window.data(), filled).substr(skip);
    }

    Error at_entry(Error error) const {
        return std::move(error).context(
            describe({.path = name, .number = number, .offset = offset}));
    }

    // Why libarchive failed: the stream did, or its own words.
    Error reason() {
        if (failure) return std::move(*failure);
        const char* words = ::archive_error_string(reader.get());
        return Error(Error::Kind::failed, "{}", words ? printable(words) : "it cannot be read");
    }

    Result<std::size_t> fill();
    static la_ssize_t read(::archive*, void* self, const void** bytes);
    int read_header(::archive_entry** seen);
    Result<> finish_entry();
    Result<Entry> take(::archive_entry* seen, int code);
};

// libarchive looks at the first header when it opens a stream already.
int TarReader::State::read_header(::archive_entry** seen) {
    int code = ARCHIVE_OK;
    if (number == 0) {
        ::archive_read_support_format_tar(reader.get());
        code = ::archive_read_open(reader.get(), this, nullptr, read, nullptr);
    }
    return code == ARCHIVE_OK ? ::archive_read_next_header(reader.get(), seen) : code;
}

// Reads a piece more. Bytes that libarchive is done with make room for it, except those of the
// headers it is in the middle of.
Result<std::size_t> TarReader::State::fill() {
    const std::uint64_t keep = in_headers ? offset : consumed();
    const auto done = static_cast<std::size_t>(keep - window_start);
    filled -= done;
    window_start = keep;
    if (in_headers && filled > kLargestHeaders)
        return Error(Error::Kind::failed, "its headers are longer than {} bytes", kLargestHeaders);
    std::memmove(window.data(), window.data() + done, filled);
    if (window.size() < filled + kPiece) window.resize(filled + kPiece);
    const std::size_t size = TRY(from->read(std::span(window).subspan(filled, kPiece)));
    filled += size;
    return size;
}

la_ssize_t TarReader::State::read(::archive* reader, void* self, const void** bytes) {
    auto& state = *static_cast<State*>(self);
    Result<std::size_t> size = state.fill();
    if (!size) {
        state.failure = std::move(size).error();
        ::archive_set_error(reader, EIO, "the data cannot be read");
        return -1;
    }
    *bytes = state.window.data() + state.filled - *size;
    return static_cast<la_ssize_t>(*size);
}

Result<> TarReader::State::finish_entry() {
    if (::archive_read_data_skip(reader.get()) < ARCHIVE_WARN)
        return failure ? reason() : at_entry(reason());
    if (consumed() == end_of_entry) return {};
    return at_entry(Error(Error::Kind::failed, "its content does not end where its header says"));
}

// Sparse files may have more headers than their own one, or a map in front of their content.
Result<Entry> TarReader::State::take(::archive_entry* seen, int code) {
    name = rough_name(headers());
    Result<TarHeader> header = read_tar_header(headers());
    // Of an archive that is no archive libarchive says less than the first of its headers.
    const bool readable = code >= ARCHIVE_WARN;
    if (!header && (readable || !name.empty())) return at_entry(std::move(header).error());
    if (!readable) return at_entry(reason());
    name = header->entry.path;
    const std::uint64_t length = consumed() - offset;
    const bool same_length = header->sparse ? length >= header->length : length == header->length;
    if (!same_length ||
        static_cast<std::uint64_t>(::archive_entry_size(seen)) != header->entry.size)
        return at_entry(Error(Error::Kind::failed, "its size is not certain: '{}' bytes, or '{}'",
                              header->entry.size, ::archive_entry_size(seen)));
    if (length - header->length > kLargestExtension)
        return at_entry(Error(Error::Kind::failed, "its map of holes is larger than {} bytes",
                              kLargestExtension));
    const std::uint64_t content = offset + (header->map_in_content ? header->length : length);
    end_of_entry = content + padded_to_block(header->stored);
    header->entry.number = number;
    header->entry.offset = offset;
    return std::move(header->entry);
}

TarReader::TarReader(Reader& from) : state_(std::make_unique<State>(from)) {}
TarReader::TarReader(TarReader&&) noexcept = default;
TarReader::~TarReader() = default;

Result<std::optional<Entry>> TarReader::next() {
    State& s = *state_;
    if (s.at_end) return std::optional<Entry>();
    if (s.number != 0) {
        TRY(s.finish_entry());
        s.offset = s.consumed();
    }
    s.in_headers = true;
    ::archive_entry* seen = nullptr;
    const int code = s.read_header(&seen);
    s.in_headers = false;
    const bool empty = code == ARCHIVE_FATAL && !s.failure && s.window_start + s.filled == 0;
    s.at_end = code == ARCHIVE_EOF || empty;
    if (s.at_end) return std::optional<Entry>();
    ++s.number;
    if (s.failure) return s.reason();
    return TRY(s.take(seen, code));
}

Result<std::optional<TarReader::Block>> TarReader::block() {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int code = ::archive_read_data_block(state_->reader.get(), &bytes, &size, &offset);
    if (code == ARCHIVE_EOF) return std::optional<Block>();
    if (code != ARCHIVE_OK) return state_->reason();
    return Block{.offset = static_cast<std::uint64_t>(offset),
                 .bytes = {static_cast<const char*>(bytes), size}};
}

}  // namespace sbx::archive
