// A Plan: everything that will happen between clone and execve, decided beforehand and as data.
//
// compile() turns what was asked (a Request) and what this machine allows (Host) into a Plan. It
// makes no system call, so the whole of sbx's policy is tested without privileges, against golden
// files, and `sbx run --explain` prints what would happen. launch() carries a Plan out and decides
// nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <sys/resource.h>
#include <sys/types.h>

#include "base/error.h"
#include "oci/hooks.h"
#include "os/caps.h"
#include "os/ids.h"
#include "os/mount.h"
#include "os/namespaces.h"
#include "os/path.h"
#include "os/scheduling.h"
#include "os/seccomp.h"
#include "os/terminal.h"
#include "sandbox/cgroup_plan.h"

namespace sbx::sandbox {

// The root file system, a variant of ways to have one. Paths in the first three are relative to
// `directory`, a path of the host.

// Layers under an upper folder, mounted by the kernel, which takes one page of options.
struct OverlayRoot {
    std::string directory;
    std::string options;  // "userxattr,lowerdir=...,upperdir=...,workdir=..."
    std::string mount_point;
    std::string work = {};  // of one that does not last; else empty
};

// The same, by the program fuse-overlayfs, where the kernel refuses.
struct FuseRoot {
    std::string program;
    std::string directory;
    std::string options;
    std::string mount_point;
};

// Layers copied over each other, lowest first, once, into a folder that then keeps the container's
// changes.
struct CopiedRoot {
    std::string directory;
    std::vector<std::string> layers;
    std::string target;
};

struct DirectoryRoot {
    std::string path;
    bool read_only_below = false;            // what is mounted in it already
    std::uint64_t propagation = MS_PRIVATE;  // or MS_SLAVE: what the host mounts in it comes in
};

using Root = std::variant<OverlayRoot, FuseRoot, CopiedRoot, DirectoryRoot>;

// Mounts, each kind with exactly its own fields.

enum class SourceLink : std::uint8_t {
    followed,
    itself,  // is what is mounted
    copied,  // is made again at `to`: then there is no mount
};

struct Bind {
    std::string from;          // on the host
    pid_t inside = 0;          // else in the root of this process, of the same user namespace
    os::InnerPath below = {};  // below `from`, resolved inside it: a volume's subpath
    os::InnerPath to;
    os::Attributes own = {};         // of this mount alone
    os::Attributes attributes = {};  // of it and of what is mounted below it
    os::Depth depth = os::Depth::and_below;
    os::IdMap mapped = {};  // whose ids the files show, where there are any
    os::Depth mapped_depth = os::Depth::this_one;
    bool copy_up = false;   // an empty `from` gets what the image has at `to` first
    bool optional = false;  // nothing at `from`, or no way to `to`, is no failure
    SourceLink source_link = SourceLink::followed;  // where `from` is a link
    bool shared_with_host = false;                  // mounts below it are carried both ways
    bool over_link = false;                         // `to` is mounted on, also where it is a link
    bool is_volume = false;  // the content of one, beside which a copy is locked
};

struct Tmpfs {
    os::InnerPath to;
    std::vector<os::MountOption> options = {};
    std::uint64_t attributes = 0;
    bool copy_up = false;           // begins with what the image has at `to`
    std::uint64_t propagation = 0;  // MS_SHARED, ...; 0: the kernel's way, private
};

// proc, sysfs, devpts, mqueue, cgroup2: file systems without content of their own. And whatever
// else the kernel has, by its type.
struct Special {
    std::string type;
    std::string source = {};
    os::InnerPath to;
    std::vector<os::MountOption> options = {};
    std::uint64_t attributes = 0;
    std::uint64_t propagation = 0;  // as of a Tmpfs
    std::string label = {};         // SELinux's, of its root, where it takes no context=
};

// Device nodes are bound from the host, or made where the kernel lets root make them: there, a
// change of a bound one's owner would be one of the host's.
enum class Nodes : std::uint8_t { bound, made };

// sbx's own /dev: the devices of null(4), random(4) and tty(4), and the usual links. What a
// terminal needs (pts) is mounted in it like anything else. Never the image's, but in a bundle that
// mounts none: there they are made beside what is there.
struct Dev {
    os::InnerPath to;
    std::vector<os::MountOption> options = {};
    std::uint64_t attributes = 0;
    Nodes nodes = Nodes::bound;
    bool mounted = true;  // else in the root's own folder
    std::uint64_t propagation = 0;
};

// Another image's layers, topmost first, relative to `directory`; read-only.
struct Layers {
    std::string directory;
    std::vector<std::string> names;
    os::InnerPath to;
};

// A folder of the host that the container may change for itself: what it writes goes to `upper`.
struct Overlay {
    std::string from;
    os::InnerPath below = {};  // below `from`, as with a Bind
    os::InnerPath to;
    std::string upper;
    std::string work;
    bool lasting = false;  // what an earlier life has left in `upper` is there again
    std::uint64_t attributes = 0;
};

// Files in memory that the container may read and not change. What is in them is known to whoever
// carries the plan out: nothing that shows a plan has it.
struct SecretFile {
    std::string name;  // of the secret
    os::InnerPath to;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    mode_t mode = 0444;
    std::string value = {};
};
struct Secrets {
    os::InnerPath to;  // the folder that they are in; one with another place is bound there
    std::vector<SecretFile> files = {};
};

using Mount = std::variant<Bind, Tmpfs, Special, Dev, Layers, Overlay, Secrets>;

struct DeviceNode {
    mode_t kind = 0;  // S_IFCHR, S_IFBLK, S_IFIFO
    unsigned major = 0;
    unsigned minor = 0;
    mode_t mode = 0666;
    uid_t uid = 0;
    gid_t gid = 0;
};

struct Device {
    std::string from = {};  // of the host, bound; empty: made as `node`
    os::InnerPath to;
    std::optional<DeviceNode> node = {};  // what `from` has to be, where the document says
};

struct Sysctl {
    std::string name = {};  // "net.ipv4.ip_forward"
    std::string file;       // "net/ipv4/ip_forward"
    std::string value;
    std::uint64_t namespace_kind = 0;  // CLONE_NEWNET: whose own it is
};

struct ResourceLimit {
    std::string name;  // "RLIMIT_NOFILE"
    int resource = 0;
    rlimit limit = {};
};

// A namespace that exists already: the file at `path` on the host.
struct JoinedNamespace {
    os::NamespaceKind kind = {};
    std::string path;
};

// How far the clock of a time namespace is ahead: time_namespaces(7).
struct ClockOffset {
    std::string clock;  // "monotonic", "boottime"
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;
};

// Who runs the program: names are looked up in the image, where alone they mean something.
struct Identity {
    std::string user = {};                 // "", "name", "1000", "name:group", "1000:1000"
    std::vector<std::string> groups = {};  // more of them, by name or number
    bool keep_groups = false;              // those of the caller stay
};

// What runs in a container, and with which rights: its first process, or one that enters later.
struct Program {
    Identity identity = {};
    os::InnerPath cwd = {};
    std::vector<std::string> argv = {};  // empty: a Plan's init is alone
    std::vector<std::string> env = {};

    // The capabilities depend on who it runs as, which the image's files may have to tell.
    os::CapabilitySet bounding = 0;
    os::Capabilities of_root = {};
    os::Capabilities of_others = {};
    bool no_new_privileges = false;
    std::optional<os::Filter> filter = {};

    std::vector<ResourceLimit> limits = {};
    std::optional<int> oom_score_adj = {};
    mode_t umask = 0022;
    std::string keyring = {};  // the name of its session keyring; empty: the caller's stays

    std::optional<os::Scheduler> scheduler = {};
    std::optional<os::IoPriority> io_priority = {};
    std::optional<os::MemoryPolicy> memory_policy = {};
    std::optional<unsigned long> personality = {};
    std::vector<unsigned> first_processors = {};  // of a program that enters, on its way
    std::vector<unsigned> processors = {};        // and from then on; empty: all

    std::string apparmor_profile = {};  // of the program alone; empty: none is asked for
    std::string selinux_label = {};

    bool terminal = false;
    std::optional<os::WindowSize> window = {};  // of its terminal; else as large as the person's
    int kept_descriptors = 0;                   // 3, 4, ... are the program's

    std::vector<std::string> warnings = {};  // as those of a Plan
};

struct Plan {
    std::uint64_t namespaces = 0;  // CLONE_NEW*, those that are made; others are the caller's
    std::vector<JoinedNamespace> joined = {};
    std::vector<ClockOffset> clocks = {};
    os::IdMap ids = {};  // of the user namespace, where one is made
    Root root = DirectoryRoot{};
    bool root_read_only = false;
    os::Attributes root_propagation = {};  // of the root once it is entered, if any
    os::Depth root_propagation_depth = os::Depth::this_one;
    bool hears_host_mounts = false;  // what the host mounts later shows in binds that are slaves
    std::vector<Mount> mounts = {};  // in order, under root
    std::vector<Device> devices = {};
    std::vector<os::InnerPath> masked = {};
    std::vector<os::InnerPath> read_only = {};
    std::vector<Sysctl> sysctls = {};
    std::string hostname = {};
    std::string domainname = {};
    CgroupPlan cgroup = {};

    oci::Hooks hooks = {};
    Program program = {};
    bool init = false;  // a reaper is process 1, the program its child

    std::vector<std::string> warnings = {};  // for the person; what was asked and cannot be had
};

// One fact a line, for golden tests and for --explain.
std::string explain(const Plan& plan);

// "bind '/home/u/src' on '/src' (read-only)": the words of errors and of --explain alike.
std::string describe(const Mount& mount);
std::string describe(const Root& root);
std::string describe(const Device& device);

}  // namespace sbx::sandbox
