#include "sandbox/identity.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "os/accounts.h"

namespace sbx::sandbox {

static bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

static Result<std::uint32_t> group_id(std::string_view text, std::string_view group) {
    if (is_number(text)) return os::parse_id(text);
    const std::optional<os::GroupEntry> entry = os::find_group(group, text);
    if (entry) return entry->gid;
    return Error(Error::Kind::not_found, "the image's /etc/group has no group '{}'", excerpt(text));
}

static Result<std::optional<os::PasswdEntry>> find_user(std::string_view text,
                                                        std::string_view passwd) {
    if (is_number(text)) return os::find_user(passwd, TRY(os::parse_id(text)));
    std::optional<os::PasswdEntry> entry = os::find_user(passwd, text);
    if (entry) return entry;
    return Error(Error::Kind::not_found, "the image's /etc/passwd has no user '{}'", excerpt(text));
}

static void add_group(std::vector<std::uint32_t>& groups, std::uint32_t gid) {
    if (std::ranges::find(groups, gid) == groups.end()) groups.push_back(gid);
}

Result<ResolvedIdentity> resolve_identity(const Identity& identity, std::string_view passwd,
                                          std::string_view group) {
    const auto parts = halves(identity.user, ':');
    const std::string_view named_user = parts ? parts->before : std::string_view(identity.user);
    const std::string_view user = named_user.empty() ? "0" : named_user;
    const std::string_view named_group = parts ? parts->after : "";

    const std::optional<os::PasswdEntry> entry = TRY(find_user(user, passwd));
    ResolvedIdentity resolved;
    resolved.uid = entry ? entry->uid : TRY(os::parse_id(user));
    resolved.gid = entry ? entry->gid : 0;
    if (!named_group.empty()) resolved.gid = TRY(group_id(named_group, group));
    // Also among the supplementary ones: a set-group-ID program could shed it otherwise, and what
    // is forbidden to the group be allowed (CVE-2022-2989).
    add_group(resolved.groups, resolved.gid);
    if (named_group.empty() && entry)
        for (const std::uint32_t gid : os::groups_of(group, entry->name))
            add_group(resolved.groups, gid);
    for (const std::string& extra : identity.groups)
        add_group(resolved.groups, TRY(group_id(extra, group)));
    if (entry && !entry->home.empty())
        resolved.home = entry->home;
    else if (resolved.uid == 0)
        resolved.home = "/root";
    return resolved;
}

static Result<std::string> account_file(const os::Root& root, const char* name) {
    const os::InnerPath path = os::InnerPath::clean(name);
    Result<std::string> text = root.read_file(path, os::kLargestAccountFile);
    if (text.failed_with(std::errc::no_such_file_or_directory)) return std::string();
    return text;
}

Result<ResolvedIdentity> resolve_identity(const Identity& identity, const os::Root& root) {
    const std::string passwd = TRY(account_file(root, "/etc/passwd"));
    const std::string group = TRY(account_file(root, "/etc/group"));
    return resolve_identity(identity, passwd, group);
}

}  // namespace sbx::sandbox
