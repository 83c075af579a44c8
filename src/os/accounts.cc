#include "os/accounts.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "base/text.h"

namespace sbx::os {

Result<std::uint32_t> parse_id(std::string_view text) {
    // (uid_t)-1 means "no change" to chown(2) and setresuid(2).
    const std::int64_t id =
        TRY(parse_number(text, 0, std::numeric_limits<std::uint32_t>::max() - 1));
    return static_cast<std::uint32_t>(id);
}

// A comment, or an entry of NIS ("+name", "-@netgroup"), which names nobody here.
static bool names_nobody(std::string_view name) {
    return name.empty() || name.starts_with('#') || name.starts_with('+') || name.starts_with('-');
}

// Calls `line` with the fields of each line until it is satisfied.
static void for_each_line(std::string_view text,
                          const std::function<bool(const std::vector<std::string_view>&)>& line) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (line(split(text.substr(0, end), ':'))) return;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

static std::optional<PasswdEntry> passwd_entry(const std::vector<std::string_view>& fields) {
    if (fields.size() < 7 || names_nobody(fields[0])) return std::nullopt;
    const Result<std::uint32_t> uid = parse_id(fields[2]);
    const Result<std::uint32_t> gid = parse_id(fields[3]);
    if (!uid || !gid) return std::nullopt;
    return PasswdEntry{
        .name = std::string(fields[0]), .uid = *uid, .gid = *gid, .home = std::string(fields[5])};
}

static std::optional<PasswdEntry> find_passwd(
    std::string_view text, const std::function<bool(const PasswdEntry&)>& wanted) {
    std::optional<PasswdEntry> found;
    for_each_line(text, [&](const auto& fields) {
        std::optional<PasswdEntry> entry = passwd_entry(fields);
        if (!entry || !wanted(*entry)) return false;
        found = std::move(entry);
        return true;
    });
    return found;
}

std::optional<PasswdEntry> find_user(std::string_view passwd, std::string_view name) {
    return find_passwd(passwd, [&](const PasswdEntry& entry) { return entry.name == name; });
}

std::optional<PasswdEntry> find_user(std::string_view passwd, std::uint32_t uid) {
    return find_passwd(passwd, [&](const PasswdEntry& entry) { return entry.uid == uid; });
}

static std::optional<GroupEntry> group_entry(const std::vector<std::string_view>& fields) {
    if (fields.size() < 4 || names_nobody(fields[0])) return std::nullopt;
    const Result<std::uint32_t> gid = parse_id(fields[2]);
    if (!gid) return std::nullopt;
    GroupEntry entry{.name = std::string(fields[0]), .gid = *gid, .members = {}};
    for (const std::string_view member : split(trim(fields[3]), ','))
        if (!member.empty()) entry.members.emplace_back(member);
    return entry;
}

std::optional<GroupEntry> find_group(std::string_view group, std::string_view name) {
    std::optional<GroupEntry> found;
    for_each_line(group, [&](const auto& fields) {
        if (fields[0] == name) found = group_entry(fields);
        return found.has_value();
    });
    return found;
}

std::vector<std::uint32_t> groups_of(std::string_view group, std::string_view user) {
    std::vector<std::uint32_t> gids;
    for_each_line(group, [&](const auto& fields) {
        const std::optional<GroupEntry> entry = group_entry(fields);
        if (entry && std::ranges::find(entry->members, user) != entry->members.end())
            gids.push_back(entry->gid);
        return false;
    });
    return gids;
}

std::vector<SubordinateRange> subordinate_ranges(std::string_view text, std::string_view user,
                                                 std::uint32_t uid) {
    std::vector<SubordinateRange> ranges;
    const std::string number = fmt::format("{}", uid);
    for_each_line(text, [&](const auto& fields) {
        if (fields.size() != 3 || (fields[0] != user && fields[0] != number)) return false;
        const Result<std::uint32_t> start = parse_id(fields[1]);
        const Result<std::uint32_t> count = parse_id(trim(fields[2]));
        const bool fits = start && count && *count > 0 &&
                          *start <= std::numeric_limits<std::uint32_t>::max() - *count;
        if (fits) ranges.push_back({.start = *start, .count = *count});
        return false;
    });
    return ranges;
}

}  // namespace sbx::os
