#include "archive/decompress.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "archive/gzip.h"
#include "archive/zstd.h"

namespace sbx::archive {

using namespace std::string_view_literals;

namespace {

struct Magic {
    std::string_view bytes;
    Compression compression;
    std::string_view refused;  // the name of what is not supported
};

constexpr Magic kMagic[] = {
    {.bytes = "\x1f\x8b"sv, .compression = Compression::gzip, .refused = {}},
    {.bytes = "\x28\xb5\x2f\xfd"sv, .compression = Compression::zstd, .refused = {}},
    {.bytes = "\xfd"
              "7zXZ\0"sv,
     .compression = Compression::none,
     .refused = "xz"},
    {.bytes = "BZh"sv, .compression = Compression::none, .refused = "bzip2"},
    {.bytes = "\x5d\0\0"sv, .compression = Compression::none, .refused = "lzma"},
    {.bytes = "\x04\x22\x4d\x18"sv, .compression = Compression::none, .refused = "lz4"},
    {.bytes = "PK\x03\x04"sv, .compression = Compression::none, .refused = "zip"},
};
constexpr std::size_t kLongestMagic = 6;

// The first bytes of a stream, which somebody looked at, and the rest of it.
class PeekedReader final : public Reader {
public:
    PeekedReader(std::string head, std::unique_ptr<Reader> rest)
        : head_(std::move(head)), rest_(std::move(rest)) {}

    Result<std::size_t> read(std::span<char> into) override {
        if (at_ == head_.size()) return rest_->read(into);
        const std::size_t size = std::min(into.size(), head_.size() - at_);
        std::memcpy(into.data(), head_.data() + at_, size);
        at_ += size;
        return size;
    }

private:
    std::string head_;
    std::size_t at_ = 0;
    std::unique_ptr<Reader> rest_;
};

}  // namespace

// RFC 8878 3.1.2: sixteen magic numbers begin frames that are to be skipped.
static bool is_skippable_frame(std::string_view head) {
    return head.size() >= 4 && (head[0] & 0xf0) == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18";
}

Result<Compression> compression_of(std::string_view head) {
    if (is_skippable_frame(head)) return Compression::zstd;
    for (const Magic& magic : kMagic) {
        if (!head.starts_with(magic.bytes)) continue;
        if (magic.refused.empty()) return magic.compression;
        return Error(Error::Kind::unsupported, "the data are compressed with {}", magic.refused)
            .hint("layers may be plain tar, gzip or zstd");
    }
    return Compression::none;
}

Result<std::unique_ptr<Reader>> decompress(std::unique_ptr<Reader> from) {
    std::string head(kLongestMagic, '\0');
    head.resize(TRY(read_full(*from, head)));
    const Compression compression = TRY(compression_of(head));
    std::unique_ptr<Reader> whole =
        std::make_unique<PeekedReader>(std::move(head), std::move(from));
    if (compression == Compression::gzip) return std::make_unique<GzipReader>(std::move(whole));
    if (compression == Compression::zstd) return std::make_unique<ZstdReader>(std::move(whole));
    return whole;
}

}  // namespace sbx::archive
