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

// Where the group that is `asked` for will be, and what of it is made for the container: this goes
// on record first, so that it is removed whenever its making is cut off. Without a closID its name
// is `id`, and it may not be there: Kind::exists. A group that was named and is there has to have
// the lines already. The one that all begin in gets none: Kind::denied.
Result<ResctrlPlace> place_resctrl_group(os::FdView resctrl, const oci::IntelRdt& asked,
                                         const std::string& id);

// Its folder, where it is still to be made. Kind::exists if it is there by now, as another's.
Result<> make_resctrl_group(os::FdView resctrl, ResctrlPlace& place);

// What is asked for, in the group's files. A group with a name stays for others from then on.
Result<> fill_resctrl_group(os::FdView resctrl, const oci::IntelRdt& asked, ResctrlPlace& place);

// Other lines for it; those that are not among them stay. The kernel takes all of them or says why
// not. Kind::denied for the group that all begin in, which is the whole machine's.
Result<> write_schemata(os::FdView resctrl, const ResctrlPlace& place,
                        const std::vector<std::string>& lines);

// Its children will be there, too. Kind::not_found where the group is gone.
Result<> join_resctrl_group(os::FdView resctrl, const ResctrlPlace& place, pid_t process);

// What was made for the container; that it is gone already is no failure.
Result<> remove_resctrl_group(os::FdView resctrl, const ResctrlPlace& place);

// The same, of the file system: where that is mounted no more its groups have gone with it.
Result<> remove_resctrl(const ResctrlPlace& place);

}  // namespace sbx::runtime
