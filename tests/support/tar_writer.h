// Tar archives for tests, well-formed or not: every field of a header can be made to say anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sbx::test {

struct TarHeader {
    std::string name;
    char type = '0';
    std::string target = {};
    std::uint64_t mode = 0644;
    std::uint64_t uid = 0;
    std::uint64_t gid = 0;
    std::uint64_t mtime = 1'000'000'000;
    std::uint64_t device_major = 0;
    std::uint64_t device_minor = 0;
    std::string magic = std::string(
        "ustar\0"
        "00",
        8);
    std::string prefix = {};

    // Bytes put over the header at an offset, before its checksum is made, or behind it.
    std::vector<std::pair<std::size_t, std::string>> patches = {};
    std::vector<std::pair<std::size_t, std::string>> damage = {};
};

// The header, `content`, and padding. The size is the content's, unless a patch says otherwise.
std::string tar_entry(const TarHeader& header, std::string_view content = {});

std::string tar_file(const std::string& name, std::string_view content);
std::string tar_folder(const std::string& name);
std::string tar_symlink(const std::string& name, const std::string& target);
std::string tar_hard_link(const std::string& name, const std::string& target);
std::string tar_end();

using PaxRecords = std::vector<std::pair<std::string, std::string>>;
std::string pax_record(const std::string& key, const std::string& value);
std::string tar_pax(const PaxRecords& records, char type = 'x');
std::string tar_long_name(const std::string& name, char type = 'L');

// `bytes` as gzip data of one member, stored as they are; and as a zstd frame.
std::string gzip_stored(std::string_view bytes);
std::string zstd_stored(std::string_view bytes);

// A zstd frame of `size` zero bytes in a few: RFC 8878 3.1.1.2.2, RLE blocks.
std::string zstd_zeros(std::uint64_t size);

}  // namespace sbx::test
