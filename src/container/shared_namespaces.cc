#include "container/shared_namespaces.h"

#include "base/text.h"
#include "os/file.h"

namespace sbx::container {

bool joins_namespace(std::string_view mode) {
    return mode.starts_with(kContainerMode) || mode.starts_with(kPathMode);
}

std::string joined_namespace(const oci::Spec& spec, std::string_view type) {
    const oci::Namespace* ns = spec.find_namespace(type);
    if (!ns || ns->path.empty()) return {};
    if (ns->path.starts_with(kContainerMode)) return ns->path;
    return fmt::format("{}{}", kPathMode, ns->path);
}

static std::string id_in(std::string_view path) {
    if (!path.starts_with(kContainerMode)) return {};
    return std::string(path.substr(kContainerMode.size()));
}

std::string sharer_of(const oci::Spec& spec, std::string_view type) {
    const oci::Namespace* ns = spec.find_namespace(type);
    return ns ? id_in(ns->path) : std::string();
}

std::map<std::string, std::string> sharers_of(const oci::Spec& spec) {
    std::map<std::string, std::string> sharers;
    for (const oci::Namespace& ns : spec.namespaces)
        if (std::string id = id_in(ns.path); !id.empty()) sharers[ns.type] = std::move(id);
    return sharers;
}

oci::Spec without_sharers(oci::Spec spec) {
    for (oci::Namespace& ns : spec.namespaces)
        if (ns.path.starts_with(kContainerMode)) ns.path.clear();
    return spec;
}

void set_sharers(const std::map<std::string, std::string>& sharers, oci::Spec& spec) {
    for (oci::Namespace& ns : spec.namespaces)
        if (const auto found = sharers.find(ns.type); found != sharers.end())
            ns.path = fmt::format("{}{}", kContainerMode, found->second);
}

static Result<std::string> file_of(const store::Containers& containers,
                                   const sandbox::JoinedNamespace& ns) {
    const std::string id = id_in(ns.path);
    if (id.empty()) return ns.path;
    const store::ContainerRecord other =
        TRY(containers.read(id), "joining its {} namespace", ns.kind.name);
    const std::optional<store::LiveState> live = containers.live(id);
    if (live) return fmt::format("/proc/{}/ns/{}", live->pid, ns.kind.file);
    return Error(Error::Kind::busy,
                 "container '{}' does not run, whose {} namespace is to be joined", other.name,
                 ns.kind.name)
        .hint(other.is_infra ? "`sbx pod start` starts it"
                             : fmt::format("`sbx start {}` starts it", other.name));
}

// Of a container that has just been seen to run.
static void find_shared_memory(const store::Containers& containers, sandbox::Bind& bind) {
    const std::string id = id_in(bind.from);
    const std::optional<store::LiveState> live = id.empty() ? std::nullopt : containers.live(id);
    if (!live) return;
    bind.from = kSharedMemory;
    bind.inside = live->pid;
}

Result<> find_shared(const store::Containers& containers, sandbox::Plan& plan) {
    for (sandbox::JoinedNamespace& ns : plan.joined)
        ns.path = TRY(file_of(containers, ns));
    for (sandbox::Mount& mount : plan.mounts)
        if (auto* bind = std::get_if<sandbox::Bind>(&mount)) find_shared_memory(containers, *bind);
    return {};
}

Result<> check_still_shared(const store::Containers& containers, const sandbox::Plan& plan,
                            const sandbox::Plan& found) {
    for (std::size_t i = 0; i < plan.joined.size(); ++i) {
        const std::string file = TRY(file_of(containers, plan.joined[i]));
        if (file != found.joined[i].path)
            return Error(Error::Kind::busy,
                         "container '{}' has just ended, whose {} namespace is to be joined",
                         id_in(plan.joined[i].path).substr(0, 12), plan.joined[i].kind.name);
    }
    return {};
}

// Nothing where it has none of its own, or has not started yet.
static std::optional<std::string> file_in(os::FdView folder, const std::string& name) {
    constexpr std::size_t kLargest = std::size_t{1} << 20;
    Result<std::string> text = os::read_file(folder, name, kLargest);
    return text ? std::optional(*std::move(text)) : std::nullopt;
}

Result<NetworkFiles> shared_files(const store::Containers& containers, const oci::Spec& spec,
                                  const NetworkFiles& own) {
    NetworkFiles files = own;
    const std::string id = sharer_of(spec, "network");
    if (id.empty()) return files;
    const os::Fd folder = TRY(containers.find_runtime_folder(id));
    if (const auto hosts = file_in(folder, "hosts"); hosts && !own.hosts.empty())
        files.hosts = *hosts;
    if (const auto resolv = file_in(folder, "resolv.conf"); resolv && own.resolv)
        files.resolv = *resolv;
    return files;
}

}  // namespace sbx::container
