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
#include "os/caps.h"
#include "os/ids.h"
#include "os/mount.h"
#include "os/path.h"
#include "os/seccomp.h"

namespace sbx::sandbox {

// The root file system, a variant of ways to have one. Paths in the first three are relative to
// `directory`, a path of the host.

// Layers under an upper folder, mounted by the kernel, which takes one page of options.
struct OverlayRoot {
    std::string directory;
    std::string options;  // "userxattr,lowerdir=...,upperdir=...,workdir=..."
    std::string mount_point;
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
    bool read_only_below = false;  // what is mounted in it already
};

using Root = std::variant<OverlayRoot, FuseRoot, CopiedRoot, DirectoryRoot>;

// Mounts, each kind with exactly its own fields.

struct Bind {
    std::string from;          // on the host
    os::InnerPath below = {};  // below `from`, resolved inside it: a volume's subpath
    os::InnerPath to;
    os::Attributes attributes = {};
    os::Depth depth = os::Depth::and_below;
    bool copy_up = false;   // an empty `from` gets what the image has at `to` first
    bool optional = false;  // nothing at `from`, or no way to `to`, is no failure
};

struct Tmpfs {
    os::InnerPath to;
    std::vector<os::MountOption> options = {};
    std::uint64_t attributes = 0;
    bool copy_up = false;  // begins with what the image has at `to`
};

// proc, sysfs, devpts, mqueue, cgroup2: file systems without content of their own.
struct Special {
    std::string type;
    os::InnerPath to;
    std::vector<os::MountOption> options = {};
    std::uint64_t attributes = 0;
};

// sbx's own /dev, never the image's: the devices of null(4), random(4) and tty(4), bound from the
// host, and the usual links. What a terminal needs (pts) is mounted in it like anything else.
struct Dev {
    os::InnerPath to;
};

// Another image's layers, topmost first, relative to `directory`; read-only.
struct Layers {
    std::string directory;
    std::vector<std::string> names;
    os::InnerPath to;
};

using Mount = std::variant<Bind, Tmpfs, Special, Dev, Layers>;

struct Device {
    std::string from;
    os::InnerPath to;
};

struct Sysctl {
    std::string name = {};  // "net.ipv4.ip_forward"
    std::string file;       // "net/ipv4/ip_forward"
    std::string value;
};

struct ResourceLimit {
    std::string name;  // "RLIMIT_NOFILE"
    int resource = 0;
    rlimit limit = {};
};

// Who runs the program: names are looked up in the image, where alone they mean something.
struct Identity {
    std::string user = {};                 // "", "name", "1000", "name:group", "1000:1000"
    std::vector<std::string> groups = {};  // more of them, by name or number
    bool keep_groups = false;              // those of the caller stay
};

struct Plan {
    std::uint64_t namespaces = 0;  // CLONE_NEW*
    os::IdMap ids = {};
    Root root = DirectoryRoot{};
    bool root_read_only = false;
    std::vector<Mount> mounts = {};  // in order, under root
    std::vector<Device> devices = {};
    std::vector<os::InnerPath> masked = {};
    std::vector<os::InnerPath> read_only = {};
    std::vector<Sysctl> sysctls = {};
    std::string hostname = {};
    std::string domainname = {};
    std::string keyring = {};

    Identity identity = {};
    os::InnerPath cwd = {};
    std::vector<std::string> argv = {};
    std::vector<std::string> env = {};
    os::CapabilitySet capabilities = 0;  // bounding, and of user 0 permitted
    os::CapabilitySet ambient = 0;       // what another user than 0 has of them
    bool no_new_privileges = false;
    std::optional<os::Filter> filter = {};
    std::vector<ResourceLimit> limits = {};
    std::optional<int> oom_score_adj = {};
    mode_t umask = 0022;

    bool terminal = false;
    bool init = false;              // a reaper is process 1, the program its child
    bool dies_with_parent = false;  // set by whoever launches it
    int kept_descriptors = 0;       // 3, 4, ... are the program's

    std::vector<std::string> warnings = {};  // for the person; what was asked and cannot be had
};

// One fact a line, for golden tests and for --explain.
std::string explain(const Plan& plan);

// "bind '/home/u/src' on '/src' (read-only)": the words of errors and of --explain alike.
std::string describe(const Mount& mount);
std::string describe(const Root& root);

}  // namespace sbx::sandbox
