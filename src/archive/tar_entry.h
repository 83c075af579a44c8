// What a tar archive says about one file: names as bytes, numbers in the ranges that Linux has.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sbx::archive {

struct Moment {
    std::int64_t seconds = 0;  // since 1970; negative before it
    std::uint32_t nanoseconds = 0;

    friend bool operator==(const Moment&, const Moment&) = default;
};

struct Entry {
    enum class Kind : std::uint8_t {
        regular,
        hard_link,
        symbolic_link,
        character_device,
        block_device,
        directory,
        fifo,
    };

    Kind kind = Kind::regular;
    std::string path = {};    // never empty, no NUL; else as it stands in the archive
    std::string target = {};  // of a link
    std::uint32_t mode = 0;   // permissions and the set-id and sticky bits
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::uint64_t size = 0;  // of a regular file, holes included
    Moment modified = {};
    std::uint32_t device_major = 0;
    std::uint32_t device_minor = 0;
    std::vector<std::pair<std::string, std::string>> attributes = {};  // extended ones
    std::uint64_t number = 0;                                          // in the archive, from 1
    std::uint64_t offset = 0;  // of its first header block in the archive
};

}  // namespace sbx::archive
