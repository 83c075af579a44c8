// What this machine allows, in words: for `sbx info` and `sbx doctor`.
#pragma once

#include <string>
#include <vector>

#include "sandbox/host.h"

namespace sbx::sandbox {

struct Finding {
    enum class Verdict : std::uint8_t {
        good,
        less,     // sbx works, and does without something
        missing,  // sbx cannot run containers
    };

    std::string subject;  // "user namespaces"
    Verdict verdict = Verdict::good;
    std::string found;      // what is there
    std::string mend;       // the command that changes it; empty where all is well
    std::string keep = {};  // the command that makes that last; empty where it lasts as it is
};

std::string_view name_of(Finding::Verdict verdict);

// What is looked at beside the Host. Texts of /proc are empty where the kernel has no such file.
struct Machine {
    std::string release = {};                    // uname -r
    std::string max_user_namespaces = {};        // user.max_user_namespaces
    std::string unprivileged_userns_clone = {};  // Debian's switch
    std::string apparmor_restriction = {};       // Ubuntu's, since 23.10
    std::uint64_t free_ids = 100000;  // from here up nobody's in /etc/subuid and /etc/subgid
    bool id_helpers = true;           // newuidmap and newgidmap are there
    bool fuse_device = true;          // /dev/fuse can be opened
    bool tun_device = true;           // /dev/net/tun can be opened
    std::string cgroup = {};          // this process's
    int landlock = 0;                 // its version
    bool systemd = false;             // it runs the machine
    bool lingers = true;              // what the user has started stays when they log out
};

// The first id above all that are granted: two users with ids in common could reach each other's
// files.
std::uint64_t first_free_id(std::string_view subuid, std::string_view subgid);

// Pure: one finding for each subject, always the same ones, but for those that are tried in
// namespaces: of layers, fuse-overlayfs and /proc nothing is known where there are none.
std::vector<Finding> judge(const Host& host, const Machine& machine);

// Looks at all of it; `host` was found anew.
std::vector<Finding> check_up(const Host& host);

}  // namespace sbx::sandbox
