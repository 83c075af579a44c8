// The records of a pax extended header: POSIX.1-2017, pax, "pax Extended Header".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/tar_entry.h"
#include "base/error.h"

namespace sbx::archive {

// What the records of one header say; what they do not mention, or unset, is absent. Keys that mean
// nothing here are passed over.
struct PaxValues {
    std::optional<std::string> path = {};
    std::optional<std::string> target = {};
    std::optional<std::uint64_t> size = {};
    std::optional<std::uint32_t> uid = {};
    std::optional<std::uint32_t> gid = {};
    std::optional<Moment> modified = {};
    std::optional<std::uint64_t> sparse_size = {};  // of a sparse file, with its holes
    std::optional<std::string> sparse_path = {};
    std::optional<std::uint64_t> sparse_major = {};
    std::optional<std::uint64_t> sparse_minor = {};
    std::vector<std::pair<std::string, std::string>> attributes = {};
};

// Errors name the record. Lengths have to be exact, names and numbers well-formed.
Result<PaxValues> parse_pax(std::string_view records);

// The greatest ids and times that are believed: ids as chown(2) takes them, the years 0 to 9999.
constexpr std::uint64_t kGreatestId = 4294967294;
constexpr std::int64_t kEarliest = -62167219200;
constexpr std::int64_t kLatest = 253402300799;

}  // namespace sbx::archive
