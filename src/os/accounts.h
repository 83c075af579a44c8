// The text of /etc/passwd, /etc/group, /etc/subuid and /etc/subgid: passwd(5), group(5),
// subuid(5). Parsed here, as no name service module may be loaded, the less so from an image.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::os {

struct PasswdEntry {
    std::string name;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string home;
};

struct GroupEntry {
    std::string name;
    std::uint32_t gid = 0;
    std::vector<std::string> members;
};

constexpr std::size_t kLargestAccountFile = std::size_t{10} << 20;

// Lines that are not as the manual says (too few fields, an id that is no number, a comment, NIS's
// '+' and '-') are passed over, as the C library does.
std::optional<PasswdEntry> find_user(std::string_view passwd, std::string_view name);
std::optional<PasswdEntry> find_user(std::string_view passwd, std::uint32_t uid);
std::optional<GroupEntry> find_group(std::string_view group, std::string_view name);
std::vector<std::uint32_t> groups_of(std::string_view group, std::string_view user);

// The whole of `text` as a user or group id: 0 to 4294967294.
Result<std::uint32_t> parse_id(std::string_view text);

struct SubordinateRange {
    std::uint32_t start = 0;
    std::uint32_t count = 0;
};
std::vector<SubordinateRange> subordinate_ranges(std::string_view text, std::string_view user,
                                                 std::uint32_t uid);

}  // namespace sbx::os
