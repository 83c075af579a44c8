// A cgroup of version 2 that holds a container: cgroups(7), admin-guide/cgroup-v2.rst.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/error.h"
#include "base/json.h"
#include "os/fd.h"
#include "sandbox/cgroup_plan.h"
#include "sandbox/cgroup_stats.h"

namespace sbx::sandbox {

// Where a cgroup is, to be found again by another process.
struct CgroupPlace {
    std::string path = {};  // below the mount: "/user.slice/.../container"; empty: there is none
    std::string unit = {};  // of systemd's, where systemd made it
    std::optional<os::BusPlace> bus = {};
    std::uint64_t inode = 0;  // of its folder: another one by that path is not this one

    Json to_json() const;
    static Result<CgroupPlace> from_json(const Json& json);
};

class Cgroup {
public:
    // Makes it, with its limits, before any process is in it. Where systemd makes it, this process
    // is moved beside it, into the same scope: only from there may a user put others in it. Its
    // neighbours in a cgroup that is to be divided are moved aside, too.
    static Result<Cgroup> make(const CgroupPlan& plan);

    // One that was made before; Kind::not_found where it is gone.
    static Result<Cgroup> open(const CgroupPlace& place);

    const CgroupPlace& place() const { return place_; }
    os::FdView folder() const { return folder_; }          // for CLONE_INTO_CGROUP
    Result<std::vector<std::string>> controllers() const;  // whose files it has

    Result<> write(const std::vector<CgroupWrite>& writes) const;
    Result<> filter_devices(const std::vector<os::DeviceRule>& rules) const;

    Result<> freeze() const;  // returns once all of it stands still
    Result<> thaw() const;
    Result<bool> is_frozen() const;
    Result<> kill() const;  // all of it but this process, also what is in cgroups below

    Result<std::vector<pid_t>> pids() const;  // also of those below
    Result<CgroupStats> stats() const;
    bool had_oom_kill() const;  // a process of it was killed because its memory was used up

    // Removes it and what is below it, waiting a little for processes that are ending.
    Result<> remove() &&;

private:
    Cgroup(CgroupPlace place, os::Fd folder)
        : place_(std::move(place)), folder_(std::move(folder)) {}

    static Result<Cgroup> make_in_scope(const Scope& scope);
    static Result<Cgroup> make_folders(const CgroupPlan& plan);
    Result<> write_share(const CgroupWrite& share) const;
    Result<> kill_others() const;
    Result<std::string> read(const std::string& file) const;

    CgroupPlace place_;
    os::Fd folder_;
};

}  // namespace sbx::sandbox
