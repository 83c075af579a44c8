#include "support/tar_writer.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace sbx::test {

static constexpr std::size_t kBlock = 512;

static void put(std::string& block, std::size_t at, std::string_view bytes) {
    block.replace(at, bytes.size(), bytes);
}

static std::string octal(std::uint64_t value, std::size_t digits) {
    return fmt::format("{:0{}o}", value, digits);
}

static std::string padding(std::size_t size) {
    return std::string((kBlock - size % kBlock) % kBlock, '\0');
}

static void put_checksum(std::string& block) {
    put(block, 148, "        ");
    unsigned sum = 0;
    for (const char c : block)
        sum += static_cast<unsigned char>(c);
    put(block, 148, octal(sum, 6) + '\0');
}

std::string tar_entry(const TarHeader& header, std::string_view content) {
    std::string block(kBlock, '\0');
    put(block, 0, header.name.substr(0, 100));
    put(block, 100, octal(header.mode, 7));
    put(block, 108, octal(header.uid, 7));
    put(block, 116, octal(header.gid, 7));
    put(block, 124, octal(content.size(), 11));
    put(block, 136, octal(header.mtime, 11));
    block[156] = header.type;
    put(block, 157, header.target.substr(0, 100));
    put(block, 257, header.magic);
    put(block, 329, octal(header.device_major, 7));
    put(block, 337, octal(header.device_minor, 7));
    put(block, 345, header.prefix);
    for (const auto& [at, bytes] : header.patches)
        put(block, at, bytes);
    put_checksum(block);
    for (const auto& [at, bytes] : header.damage)
        put(block, at, bytes);
    return block + std::string(content) + padding(content.size());
}

std::string tar_file(const std::string& name, std::string_view content) {
    return tar_entry({.name = name}, content);
}

std::string tar_folder(const std::string& name) {
    return tar_entry({.name = name, .type = '5', .mode = 0755});
}

std::string tar_symlink(const std::string& name, const std::string& target) {
    return tar_entry({.name = name, .type = '2', .target = target, .mode = 0777});
}

std::string tar_hard_link(const std::string& name, const std::string& target) {
    return tar_entry({.name = name, .type = '1', .target = target});
}

std::string tar_end() { return std::string(2 * kBlock, '\0'); }

std::string pax_record(const std::string& key, const std::string& value) {
    const std::string rest = fmt::format(" {}={}\n", key, value);
    std::size_t length = rest.size();
    while (length != rest.size() + fmt::format("{}", length).size())
        length = rest.size() + fmt::format("{}", length).size();
    return fmt::format("{}{}", length, rest);
}

std::string tar_pax(const PaxRecords& records, char type) {
    std::string body;
    for (const auto& [key, value] : records)
        body += pax_record(key, value);
    return tar_entry({.name = "PaxHeaders/x", .type = type}, body);
}

std::string tar_long_name(const std::string& name, char type) {
    const TarHeader header{
        .name = "././@LongLink", .type = type, .magic = std::string("ustar  \0", 8)};
    return tar_entry(header, name + '\0');
}

static std::string little_endian(std::uint64_t value, std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i)
        text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
}

static std::uint32_t crc32(std::string_view bytes) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t i = 0; i < made.size(); ++i) {
            made[i] = i;
            for (int bit = 0; bit < 8; ++bit)
                made[i] = (made[i] >> 1) ^ ((made[i] & 1) != 0 ? 0xedb88320U : 0U);
        }
        return made;
    }();
    std::uint32_t crc = ~0U;
    for (const char c : bytes)
        crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xff];
    return ~crc;
}

std::string gzip_stored(std::string_view bytes) {
    std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    std::string_view left = bytes;
    do {
        const std::string_view part = left.substr(0, 65535);
        left.remove_prefix(part.size());
        out += left.empty() ? '\1' : '\0';
        out += little_endian(part.size(), 2) + little_endian(~part.size(), 2);
        out += part;
    } while (!left.empty());
    return out + little_endian(crc32(bytes), 4) + little_endian(bytes.size(), 4);
}

// A frame with a window of 128 KiB, no content size and no checksum.
static constexpr std::string_view kZstdFrame("\x28\xb5\x2f\xfd\x00\x38", 6);
static constexpr std::size_t kLargestZstdBlock = 128 * 1024;

static std::string zstd_block_header(std::size_t size, unsigned type, std::uint64_t left) {
    return little_endian((left == 0 ? 1 : 0) | type << 1 | size << 3, 3);
}

std::string zstd_stored(std::string_view bytes) {
    std::string out(kZstdFrame);
    do {
        const std::string_view part = bytes.substr(0, kLargestZstdBlock);
        bytes.remove_prefix(part.size());
        out += zstd_block_header(part.size(), 0, bytes.size());
        out += part;
    } while (!bytes.empty());
    return out;
}

std::string zstd_zeros(std::uint64_t size) {
    std::string out(kZstdFrame);
    do {
        const std::uint64_t part = std::min<std::uint64_t>(size, kLargestZstdBlock);
        size -= part;
        out += zstd_block_header(part, 1, size) + '\0';
    } while (size != 0);
    return out;
}

}  // namespace sbx::test
