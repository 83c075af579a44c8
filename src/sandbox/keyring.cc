#include "sandbox/keyring.h"

#include <algorithm>
#include <chrono>

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/poll.h"

namespace sbx::sandbox {

// Kernels without keyrings have none to share. A filter of an outer container's that refuses
// keyctl(2) refuses it to all that runs in this one, too.
static bool is_session_keyring_in_reach() {
    constexpr int kNotMade = 0;
    const long id =
        ::syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, kNotMade);
    return id >= 0 || (errno != ENOSYS && errno != EPERM);
}

// 0, or why not.
static int join(const std::string& name) {
    return ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name.c_str()) < 0 ? errno : 0;
}

// The quota is that of the real user id, which says nothing of rights: those go with the effective
// one.
static int join_as_another(const std::string& name) {
    constexpr auto kSame = static_cast<uid_t>(-1);
    constexpr uid_t kLast = 32'768;
    const uid_t self = ::getuid();
    if (::setresuid(self, kSame, kSame) != 0) return EDQUOT;  // there would be no way back
    for (uid_t id = 1; id <= kLast; id *= 2) {
        if (::setresuid(id, kSame, kSame) != 0) continue;  // none of the namespace's
        const int err = join(name);
        if (::setresuid(self, kSame, kSame) != 0) return errno;
        if (err != EDQUOT) return err;
    }
    return EDQUOT;
}

// A process that has ended has its keyring until its parent has asked how: where many containers
// come and go below a slow one, that uses up the quota.
static int join_within_quota(const std::string& name) {
    using std::chrono::milliseconds;
    constexpr milliseconds kPatience(5000);
    constexpr milliseconds kLongestStep(50);
    milliseconds waited(0);
    for (milliseconds step(1);; step = std::min(2 * step, kLongestStep)) {
        int err = join(name);
        if (err == EDQUOT) err = join_as_another(name);
        if (err != EDQUOT || waited >= kPatience) return err;
        os::sleep_for(step);
        waited += step;
    }
}

Result<> begin_session_keyring(const std::string& name) {
    if (name.empty()) return {};
    const int err = join_within_quota(name);
    if (err == 0) return {};
    if ((err == ENOSYS || err == EPERM) && !is_session_keyring_in_reach()) return {};
    Error error = Error::from_errno(err, "begin a session keyring");
    if (err != EDQUOT) return error;
    return std::move(error).hint("root can raise /proc/sys/kernel/keys/maxkeys and maxbytes");
}

}  // namespace sbx::sandbox
