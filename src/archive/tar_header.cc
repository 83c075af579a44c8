#include "archive/tar_header.h"

#include <optional>

#include "archive/pax.h"
#include "base/text.h"

namespace sbx::archive {

namespace {

struct Field {
    std::size_t at;
    std::size_t size;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kUid{108, 8};
constexpr Field kGid{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kModified{136, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kType = 156;
constexpr Field kTarget{157, 100};
constexpr Field kMagic{257, 8};
constexpr Field kMajor{329, 8};
constexpr Field kMinor{337, 8};
constexpr Field kPrefix{345, 155};
constexpr Field kGnuRealSize{483, 12};

constexpr std::string_view kGnu{"ustar  \0", 8};
constexpr std::string_view kPosix{"ustar\0", 6};

// What the headers before an entry's own say about it.
struct Extensions {
    std::optional<std::string> long_name = {};
    std::optional<std::string> long_target = {};
    std::optional<PaxValues> pax = {};
};

}  // namespace

static std::string_view bytes_of(std::string_view block, Field field) {
    return block.substr(field.at, field.size);
}

static std::string_view text_of(std::string_view block, Field field) {
    const std::string_view bytes = bytes_of(block, field);
    return bytes.substr(0, bytes.find('\0'));
}

std::string_view rough_name(std::string_view blocks) {
    return blocks.size() < kTarBlock ? std::string_view() : text_of(blocks, kName);
}

static Error error_in(std::string_view block, Field field, std::string_view what) {
    return Error(Error::Kind::failed, "its {} is not a number that may stand there: '{}'", what,
                 excerpt(bytes_of(block, field)));
}

// Two's complement in all bits but the first, most significant byte first: GNU's way to write what
// octal digits have no room for.
static std::optional<std::int64_t> base_256(std::string_view bytes) {
    const bool negative = (bytes[0] & 0x40) != 0;
    std::int64_t value = negative ? -1 : 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto byte = static_cast<unsigned char>(bytes[i]);
        if (i == 0) byte = static_cast<unsigned char>(negative ? byte | 0x80 : byte & 0x7f);
        if (__builtin_mul_overflow(value, 256, &value) ||
            __builtin_add_overflow(value, byte, &value))
            return std::nullopt;
    }
    return value;
}

static std::optional<std::int64_t> octal(std::string_view bytes) {
    const std::size_t first = bytes.find_first_not_of(' ');
    if (first == bytes.npos) return 0;
    bytes.remove_prefix(first);
    std::int64_t value = 0;
    while (!bytes.empty() && bytes[0] >= '0' && bytes[0] <= '7') {
        value = value * 8 + (bytes[0] - '0');  // twelve digits are 36 bits
        bytes.remove_prefix(1);
    }
    constexpr std::string_view kPadding(" \0", 2);
    if (bytes.find_first_not_of(kPadding) != bytes.npos) return std::nullopt;
    return value;
}

namespace {

struct Bounds {
    std::int64_t least;
    std::int64_t most;
};

}  // namespace

static Result<std::int64_t> number_in(std::string_view block, Field field, Bounds bounds,
                                      std::string_view what) {
    const std::string_view bytes = bytes_of(block, field);
    const std::optional<std::int64_t> value =
        (bytes[0] & 0x80) != 0 ? base_256(bytes) : octal(bytes);
    if (!value || *value < bounds.least || *value > bounds.most)
        return error_in(block, field, what);
    return *value;
}

// The sum of all bytes with blanks for itself; historic tars added them as signed.
static Result<> check_sum(std::string_view block) {
    std::int64_t plain = 0;
    std::int64_t with_sign = 0;
    for (std::size_t i = 0; i < kTarBlock; ++i) {
        const bool own = i >= kChecksum.at && i < kChecksum.at + kChecksum.size;
        const char c = own ? ' ' : block[i];
        plain += static_cast<unsigned char>(c);
        with_sign += static_cast<signed char>(c);
    }
    const std::optional<std::int64_t> stated = octal(bytes_of(block, kChecksum));
    if (stated && (*stated == plain || *stated == with_sign)) return {};
    return Error(Error::Kind::failed, "the checksum of its header is wrong");
}

static Result<std::uint64_t> size_in(std::string_view block) {
    return static_cast<std::uint64_t>(
        TRY(number_in(block, kSize, {.least = 0, .most = INT64_MAX}, "size")));
}

// A GNU header's body is one name with a NUL behind it.
static Result<> take_long(std::optional<std::string>& to, std::string_view body) {
    if (to) return Error(Error::Kind::failed, "it has two long names");
    const std::string_view name = body.substr(0, body.find('\0'));
    if (body.find_first_not_of('\0', name.size()) != body.npos)
        return Error(Error::Kind::failed, "its long name '{}' contains a NUL byte", excerpt(name));
    to = name;
    return {};
}

static Result<> extend(Extensions& extensions, char type, std::string_view body) {
    switch (type) {
        case 'L': return take_long(extensions.long_name, body);
        case 'K': return take_long(extensions.long_target, body);
        case 'x':
            if (extensions.pax) return Error(Error::Kind::failed, "it has two pax headers");
            extensions.pax = TRY(parse_pax(body));
            return {};
        default: return {};  // 'g'
    }
}

static Result<Entry::Kind> kind_of(char type) {
    switch (type) {
        case '\0':
        case '0':
        case '7':
        case 'S': return Entry::Kind::regular;
        case '1': return Entry::Kind::hard_link;
        case '2': return Entry::Kind::symbolic_link;
        case '3': return Entry::Kind::character_device;
        case '4': return Entry::Kind::block_device;
        case '5': return Entry::Kind::directory;
        case '6': return Entry::Kind::fifo;
        default:
            return Error(Error::Kind::unsupported, "it is of type '{}', which no layer may have",
                         printable({&type, 1}));
    }
}

static std::string ustar_name(std::string_view block) {
    const std::string_view name = text_of(block, kName);
    const bool posix = bytes_of(block, kMagic).starts_with(kPosix);
    const std::string_view prefix = posix ? text_of(block, kPrefix) : std::string_view();
    return prefix.empty() ? std::string(name) : fmt::format("{}/{}", prefix, name);
}

static Result<> name_entry(Entry& entry, std::string_view block, const Extensions& extensions) {
    const PaxValues none;
    const PaxValues& pax = extensions.pax ? *extensions.pax : none;
    if ((extensions.long_name && (pax.path || pax.sparse_path)) ||
        (extensions.long_target && pax.target))
        return Error(Error::Kind::failed, "it has two long names");
    entry.path = pax.sparse_path        ? *pax.sparse_path
                 : pax.path             ? *pax.path
                 : extensions.long_name ? *extensions.long_name
                                        : ustar_name(block);
    entry.target = pax.target               ? *pax.target
                   : extensions.long_target ? *extensions.long_target
                                            : std::string(text_of(block, kTarget));
    if (entry.path.empty()) return Error(Error::Kind::failed, "it has no name");
    if (entry.path.size() > kLongestPath || entry.target.size() > kLongestPath)
        return Error(Error::Kind::failed, "its name or its link's is longer than {} bytes",
                     kLongestPath);
    return {};
}

static Result<> number_entry(Entry& entry, std::string_view block) {
    constexpr Bounds kId{.least = 0, .most = kGreatestId};
    constexpr Bounds kDevice{.least = 0, .most = UINT32_MAX};
    constexpr Bounds kAnyMode{.least = 0, .most = INT32_MAX};
    const auto number = [&](Field field, Bounds bounds,
                            std::string_view what) -> Result<std::uint32_t> {
        return static_cast<std::uint32_t>(TRY(number_in(block, field, bounds, what)));
    };
    entry.mode = TRY(number(kMode, kAnyMode, "mode")) & 07777;
    entry.uid = TRY(number(kUid, kId, "user id"));
    entry.gid = TRY(number(kGid, kId, "group id"));
    entry.modified.seconds =
        TRY(number_in(block, kModified, {.least = kEarliest, .most = kLatest}, "time"));
    if (entry.kind == Entry::Kind::character_device || entry.kind == Entry::Kind::block_device) {
        entry.device_major = TRY(number(kMajor, kDevice, "device number"));
        entry.device_minor = TRY(number(kMinor, kDevice, "device number"));
    }
    return {};
}

static void override_numbers(Entry& entry, PaxValues& pax) {
    if (pax.uid) entry.uid = *pax.uid;
    if (pax.gid) entry.gid = *pax.gid;
    if (pax.modified) entry.modified = *pax.modified;
    entry.attributes = std::move(pax.attributes);
}

// A pax size beats the header's, for what is read and what is passed over alike. What is no regular
// file has no content, whatever its header says: so do docker and podman have it.
static Result<> size_entry(TarHeader& header, std::string_view block,
                           const std::optional<PaxValues>& pax) {
    Entry& entry = header.entry;
    std::uint64_t stored = TRY(size_in(block));
    if (pax && pax->size) stored = *pax->size;
    if (entry.kind != Entry::Kind::regular) return {};
    header.stored = stored;
    entry.size = stored;
    const bool gnu_sparse = block[kType] == 'S';
    if (gnu_sparse)
        entry.size = static_cast<std::uint64_t>(TRY(
            number_in(block, kGnuRealSize, {.least = 0, .most = INT64_MAX}, "size with holes")));
    else if (pax && pax->sparse_size)
        entry.size = *pax->sparse_size;
    header.map_in_content = pax && pax->sparse_size;
    header.sparse = gnu_sparse || header.map_in_content;
    return {};
}

static Result<> shape_entry(Entry& entry) {
    // Archives from before there was a type for them end the names of folders like this.
    if (entry.kind == Entry::Kind::regular && entry.path.ends_with('/')) {
        if (entry.size != 0)
            return Error(Error::Kind::failed, "its name is a folder's, and it has content");
        entry.kind = Entry::Kind::directory;
    }
    const bool link =
        entry.kind == Entry::Kind::hard_link || entry.kind == Entry::Kind::symbolic_link;
    if (link && entry.target.empty()) return Error(Error::Kind::failed, "it links to nothing");
    if (!link) entry.target.clear();
    return {};
}

static Result<TarHeader> read_entry(std::string_view block, Extensions extensions) {
    TarHeader header;
    header.entry.kind = TRY(kind_of(block[kType]));
    if (block[kType] == 'S' && bytes_of(block, kMagic) != kGnu)
        return Error(Error::Kind::unsupported, "it is sparse in a way that GNU tar's is not");
    TRY(name_entry(header.entry, block, extensions));
    TRY(number_entry(header.entry, block));
    TRY(size_entry(header, block, extensions.pax));
    if (extensions.pax) override_numbers(header.entry, *extensions.pax);
    TRY(shape_entry(header.entry));
    return header;
}

Result<TarHeader> read_tar_header(std::string_view blocks) {
    Extensions extensions;
    for (std::size_t at = 0; at + kTarBlock <= blocks.size();) {
        const std::string_view block = blocks.substr(at, kTarBlock);
        TRY(check_sum(block));
        const char type = block[kType];
        at += kTarBlock;
        if (type != 'x' && type != 'g' && type != 'L' && type != 'K') {
            TarHeader header = TRY(read_entry(block, std::move(extensions)));
            header.length = at;
            return header;
        }
        const std::uint64_t size = TRY(size_in(block));
        if (size > kLargestExtension)
            return Error(Error::Kind::failed, "a header before it has {} bytes, more than {}", size,
                         kLargestExtension);
        if (padded_to_block(size) > blocks.size() - at) break;
        TRY(extend(extensions, type, blocks.substr(at, size)));
        at += padded_to_block(size);
    }
    return Error(Error::Kind::failed, "its headers are cut short");
}

}  // namespace sbx::archive
