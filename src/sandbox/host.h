// What this machine and this user allow, found out once and then passed around as data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/accounts.h"
#include "os/fd.h"
#include "os/ids.h"
#include "sandbox/cgroup_host.h"

namespace sbx::sandbox {

// How the layers of an image become one root file system, best first.
enum class Driver : std::uint8_t { overlay, fuse_overlayfs, copy };

std::string_view name_of(Driver driver);
Result<Driver> parse_driver(std::string_view name);

struct Host {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string user = {};  // empty where /etc/passwd does not name it
    std::vector<os::SubordinateRange> subuids = {};
    std::vector<os::SubordinateRange> subgids = {};

    // Root of its user namespace may map every id that exists there, and needs no helper for it.
    bool privileged = false;
    std::vector<os::IdRange> uids_here = {};  // where privileged: what exists
    std::vector<os::IdRange> gids_here = {};

    std::string no_namespaces = {};  // why no user namespace can be had; empty where it can
    std::string no_id_range = {};    // why the ranges above cannot be used; empty where they can
    bool own_proc = true;            // a new proc may be mounted: /proc here is not masked
    bool own_sysfs = true;
    bool pure_cgroup2 = true;  // cgroup v2 alone, so its tree may be shown inside
    CgroupHost cgroups = {};   // looked at each time: they are of the process, not of the machine
    Driver driver = Driver::overlay;
    std::string fuse_program = {};
};

// Whether a container can be made here, or a layer unpacked: Kind::unsupported, and who knows more.
Result<> check_namespaces(const Host& host);

// The ids that images are unpacked with, and that containers have unless told otherwise: root
// inside is the person outside, the others come from the ranges in /etc/subuid and /etc/subgid.
os::IdMap default_ids(const Host& host);
bool has_id_range(const Host& host);

struct HostQuery {
    os::FdView cache;    // a folder that a reboot empties, or that is marked with the boot
    std::string layers;  // where layers are kept: its file system decides on the driver
};

// Asks the kernel by trying, in a child, what it allows (some milliseconds), and remembers the
// answer in `cache`, so that the next call reads one small file. An answer that lacks something is
// not remembered: whatever stood in the way may be gone the next time.
Result<Host> find_host(const HostQuery& query);
Result<Host> find_host_anew(const HostQuery& query);  // without what was remembered

}  // namespace sbx::sandbox
