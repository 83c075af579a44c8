// Groups of the resctrl file system: processor caches and memory bandwidth that a container has.
// runtime-spec, config-linux.md, "IntelRdt"; the kernel's filesystems/resctrl.rst.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/error.h"
#include "base/json.h"
#include "oci/linux.h"
#include "os/fd.h"

namespace sbx::runtime {

// Which group a container is in, and what of it goes with the container.
struct ResctrlPlace {
    std::string group = {};    // its folder; "/": the one that all begin in; empty: none
    bool own = false;          // it was made for the container alone
    std::string monitor = {};  // a folder below the group's mon_groups; empty: none

    Json to_json() const;
    static Result<ResctrlPlace> from_json(const Json& json);
};

// Where the file system is mounted, as /proc/self/mountinfo has it; empty: nowhere.
std::string resctrl_mount(std::string_view mountinfo);

// That file system. Kind::unsupported where it is not mounted, or the caller is not root of the
// machine, who alone may write there.
Result<os::Fd> open_resctrl();

// Makes or finds the group that is `asked` for and writes its lines; without a closID its name is
// `id`. A group that was named and is there has to have those lines already. On failure nothing of
// it is left.
Result<ResctrlPlace> make_resctrl_group(os::FdView resctrl, const oci::IntelRdt& asked,
                                        const std::string& id);

// Other lines for it; those that are not among them stay. The kernel takes all of them or says why
// not.
Result<> write_schemata(os::FdView resctrl, const ResctrlPlace& place,
                        const std::vector<std::string>& lines);

// Its children will be there, too. Kind::not_found where the group is gone.
Result<> join_resctrl_group(os::FdView resctrl, const ResctrlPlace& place, pid_t process);

// What was made for the container; that it is gone already is no failure.
Result<> remove_resctrl_group(os::FdView resctrl, const ResctrlPlace& place);

}  // namespace sbx::runtime
