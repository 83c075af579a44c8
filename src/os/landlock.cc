#include "os/landlock.h"

#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "os/caps.h"

namespace sbx::os {

// Rights that are newer than the headers of Debian 12 (Linux 6.1).
static constexpr std::uint64_t kTruncate = 1ULL << 14;     // version 3
static constexpr std::uint64_t kIoctlDevice = 1ULL << 15;  // version 5

int landlock_version() {
    const long version =
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : static_cast<int>(version);
}

static std::uint64_t rights_of(int version) {
    std::uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;  // all of version 1
    rights |= LANDLOCK_ACCESS_FS_REFER;                             // version 2
    if (version >= 3) rights |= kTruncate;
    if (version >= 5) rights |= kIoctlDevice;
    return rights;
}

Result<Confinement> confine_to(const std::vector<FdView>& writable) {
    const int version = landlock_version();
    if (version < 2) return Confinement::none;
    const std::uint64_t rights = rights_of(version);
    landlock_ruleset_attr attr{};
    attr.handled_access_fs = rights;
    const Fd ruleset(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0)));
    if (!ruleset) return Error::from_errno(errno, "make a Landlock ruleset");
    for (const FdView directory : writable) {
        const landlock_path_beneath_attr rule{
            .allowed_access = rights & ~LANDLOCK_ACCESS_FS_EXECUTE & ~kIoctlDevice,
            .parent_fd = directory.get()};
        if (::syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) !=
            0)
            return Error::from_errno(errno, "add a Landlock rule");
    }
    TRY(forbid_new_privileges());
    if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
        return Error::from_errno(errno, "put the Landlock ruleset in force");
    return Confinement::in_force;
}

}  // namespace sbx::os
