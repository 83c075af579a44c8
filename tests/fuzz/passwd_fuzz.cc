#include "fuzz.h"

#include "os/accounts.h"

void sbx::fuzz::one(std::string_view text) {
    constexpr std::uint32_t kNobody = 0xffffffff;
    if (const auto user = os::find_user(text, "root")) must(user->name == "root");
    if (const auto user = os::find_user(text, 0U)) must(user->uid == 0 && !user->name.empty());
    must(!os::find_user(text, kNobody));
    if (const auto group = os::find_group(text, "root")) must(group->gid != kNobody);
    for (const std::uint32_t gid : os::groups_of(text, "root"))
        must(gid != kNobody);
}
