// What is asked of the sandbox: an OCI Spec, and what OCI has no words for.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "oci/spec.h"
#include "os/seccomp.h"
#include "sandbox/cgroup_plan.h"
#include "sandbox/host.h"
#include "sandbox/plan.h"

namespace sbx::sandbox {

// The layers of an image as the root file system. Where Spec::root_path is set instead, that folder
// of the host is the root.
struct ImageRoot {
    std::string layers_directory;     // on the host; the other paths are relative to it
    std::vector<std::string> layers;  // topmost first
    std::string container;            // a folder that has the folders upper and work
    std::string mount_points = {};    // a layer below all others for what images lack; or none
    bool lasting = true;              // the changes outlive the container's end
    // Which its changes were made with, and are read with: the host's may be another by now.
    std::optional<Driver> driver = {};
};

// Which ids the container's are outside.
struct OwnIds {};  // root inside is the person outside: default_ids()
struct KeepId {    // the person is `uid` and `gid` inside, too
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
};
struct AsSpecified {};  // namespaces and mappings of the Spec, and no others but of need
using UserNamespace = std::variant<OwnIds, KeepId, AsSpecified>;

struct DefaultFilter {};
struct Unconfined {};
using SeccompChoice = std::variant<DefaultFilter, Unconfined, os::SeccompProfile, oci::Seccomp>;

struct Request {
    oci::Spec spec = {};
    // The spec is all there is, as of a bundle: the words of its mounts mean what the OCI runtime
    // specification says, where those of sbx's own specs mean what docker's do.
    bool exact = false;
    std::optional<ImageRoot> image = {};
    Identity identity = {};
    UserNamespace user_namespace = OwnIds{};
    SeccompChoice seccomp = DefaultFilter{};
    os::CapabilitySet added_capabilities = 0;  // by name; a user other than 0 keeps these, too
    CgroupWish cgroup = {};
    std::string keyring = {};
    bool init = false;
    int kept_descriptors = 0;
};

}  // namespace sbx::sandbox
