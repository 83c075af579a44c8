#include "runtime/features.h"

#include "oci/hooks.h"
#include "oci/spec.h"
#include "os/caps.h"
#include "os/namespaces.h"
#include "os/scheduling.h"
#include "os/seccomp.h"
#include "sandbox/mount_options.h"
#include "sandbox/seccomp_words.h"

namespace sbx::runtime {

static Json list_of(const auto& words) {
    Json list = Json::array();
    for (const auto& word : words)
        list.push(word);
    return list;
}

static Json enabled() { return Json::object().set("enabled", true); }

static Json namespaces() {
    Json list = Json::array();
    for (const os::NamespaceKind& kind : os::namespace_kinds())
        list.push(kind.name);
    return list;
}

static Json cgroup() {
    return Json::object()
        .set("v1", false)
        .set("v2", true)
        .set("systemd", true)
        .set("systemdUser", true)
        .set("rdma", true);
}

static Json seccomp() {
    const std::vector<std::string> flags = sandbox::seccomp_flag_words();
    return enabled()
        .set("actions", list_of(sandbox::seccomp_action_words()))
        .set("operators", list_of(sandbox::seccomp_comparison_words()))
        .set("archs", list_of(os::seccomp_architectures()))
        .set("knownFlags", list_of(flags))
        .set("supportedFlags", list_of(flags));
}

static Json memory_policy() {
    return Json::object()
        .set("modes", list_of(os::memory_modes()))
        .set("flags", list_of(os::memory_flags()));
}

static Json intel_rdt() { return enabled().set("schemata", true).set("monitoring", true); }

static Json linux_features() {
    return Json::object()
        .set("namespaces", namespaces())
        .set("capabilities", list_of(os::capability_names(os::known_capabilities())))
        .set("cgroup", cgroup())
        .set("seccomp", seccomp())
        .set("apparmor", enabled())
        .set("selinux", enabled())
        .set("memoryPolicy", memory_policy())
        .set("intelRdt", intel_rdt())
        .set("mountExtensions", Json::object().set("idmap", enabled()))
        .set("netDevices", enabled());
}

Json features() {
    Json annotations = Json::object();
    annotations.set("io.github.seccomp.libseccomp.version", os::seccomp_library());
    // What changes in a container by them: place_program.cc, place_cgroup.cc, systemd.cc.
    Json unsafe = Json::array();
    unsafe.push("run.oci.keep_original_groups")
        .push("run.oci.systemd.subgroup")
        .push("org.systemd.property.");
    return Json::object()
        .set("ociVersionMin", "1.0.0")
        .set("ociVersionMax", oci::kRuntimeSpecVersion)
        .set("hooks", list_of(oci::kHookNames))
        .set("mountOptions", list_of(sandbox::mount_option_words()))
        .set("linux", linux_features())
        .set("annotations", std::move(annotations))
        .set("potentiallyUnsafeConfigAnnotations", std::move(unsafe));
}

}  // namespace sbx::runtime
