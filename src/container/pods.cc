#include "container/pods.h"

#include <algorithm>

#include <signal.h>

#include "base/log.h"
#include "container/blueprint.h"
#include "container/ending.h"
#include "container/inspect_host.h"
#include "container/life.h"
#include "container/ports.h"
#include "store/events.h"

namespace sbx::container {

const Listed* ListedPod::infra() const {
    const auto found =
        std::ranges::find_if(containers, [](const Listed& one) { return one.record.is_infra; });
    return found == containers.end() ? nullptr : &*found;
}

std::vector<const Listed*> ListedPod::members() const {
    std::vector<const Listed*> members;
    for (const Listed& one : containers)
        if (!one.record.is_infra) members.push_back(&one);
    return members;
}

static ListedPod listed_pod(store::Pod pod, const std::vector<Listed>& all) {
    ListedPod listed{.pod = std::move(pod)};
    for (const Listed& one : all)
        if (one.record.pod == listed.pod.id) listed.containers.push_back(one);
    std::ranges::reverse(listed.containers);  // they come newest first
    return listed;
}

Result<std::vector<ListedPod>> list_pods(const store::Store& store, const os::IdMap& ids) {
    const store::Pods pods = TRY(store::Pods::open(store));
    const std::vector<Listed> all = TRY(list(store, ids));
    std::vector<ListedPod> found;
    for (store::Pod& pod : TRY(pods.all()))
        found.push_back(listed_pod(std::move(pod), all));
    std::ranges::reverse(found);
    return found;
}

Result<ListedPod> find_pod(const store::Store& store, const os::IdMap& ids,
                           const std::string& text) {
    const store::Pods pods = TRY(store::Pods::open(store));
    store::Pod pod = TRY(pods.find(text));
    const std::vector<Listed> all = TRY(list(store, ids));
    return listed_pod(std::move(pod), all);
}

std::string_view state_of(const ListedPod& pod) {
    const auto count = [&](auto condition) {
        return static_cast<std::size_t>(std::ranges::count_if(
            pod.containers, [&](const Listed& one) { return condition(one.status); }));
    };
    const std::size_t all = pod.containers.size();
    const auto running = count([](const Status& s) { return s.is_active() && !s.paused; });
    const auto paused = count([](const Status& s) { return s.paused; });
    const auto exited =
        count([](const Status& s) { return s.state == State::exited && !s.is_active(); });
    if (all == 0) return "Created";
    if (running == all) return "Running";
    if (running > 0) return "Degraded";
    if (paused == all) return "Paused";
    if (exited == all) return "Exited";
    return exited > 0 ? "Stopped" : "Created";
}

// What its infra was made with.
static Result<Json> infra_config_of(const store::Store& store, const ListedPod& pod) {
    const Listed* infra = pod.infra();
    if (!infra) return Json();
    const store::Containers containers = TRY(store::Containers::open(store));
    const Blueprint blueprint = TRY(read_blueprint(containers, infra->record.id));
    const Json host = host_config_of(blueprint);
    Json json = Json::object();
    if (blueprint.egress) json.set("Egress", to_json(*blueprint.egress));
    return std::move(json)
        .set("PortBindings", port_bindings_of(blueprint.ports))
        .set("HostNetwork", !blueprint.request.spec.find_namespace("network"))
        .set("NetworkMode", host["NetworkMode"])
        .set("NoManageHosts", blueprint.files.hosts.empty())
        .set("NoManageResolvConf", !blueprint.files.resolv.has_value());
}

Result<Json> inspect_pod(const store::Store& store, const ListedPod& pod) {
    const Json config = TRY(infra_config_of(store, pod));
    Json containers = Json::array();
    for (const Listed& one : pod.containers)
        containers.push(Json::object()
                            .set("Id", one.record.id)
                            .set("Name", one.record.name)
                            .set("State", name_of(one.status)));
    Json json = Json::object();
    json.set("Id", pod.pod.id)
        .set("Name", pod.pod.name)
        .set("Created", rfc3339(pod.pod.created))
        .set("State", state_of(pod))
        .set("ExitPolicy", pod.pod.exit == store::Pod::Exit::stops ? "stop" : "continue")
        .set("Hostname", pod.pod.hostname)
        .set("Labels", pod.pod.labels)
        .set("CreateInfra", !pod.pod.infra.empty())
        .set("InfraContainerID", pod.pod.infra)
        .set("SharedNamespaces", pod.pod.shared)
        .set("Volumes", pod.pod.volumes)
        .set("NumContainers", std::uint64_t{pod.containers.size()})
        .set("Containers", std::move(containers));
    if (!pod.pod.infra.empty()) json.set("InfraConfig", config);
    return json;
}

static Result<> share_with_infra(const store::Pod& pod, const char* word, const char* flag,
                                 std::string& mode) {
    if (std::ranges::find(pod.shared, word) == pod.shared.end()) return {};
    const std::string infra = "container:" + pod.infra;
    if (mode.empty() || mode == infra) {
        mode = infra;
        return {};
    }
    return Error(Error::Kind::usage, "--{} {} and --pod exclude each other: the pod '{}' shares it",
                 flag, mode, pod.name);
}

// What its infra has for all of them.
static Result<> check_is_of_pod(const store::Pod& pod, const Options& o) {
    struct Asked {
        const char* flag;
        const char* shared;
        bool asked;
    };
    const Asked all[] = {{"--publish", "net", !o.publish.empty()},
                         {"--publish-all", "net", o.publish_all},
                         {"--dns", "net", !o.dns.empty()},
                         {"--dns-search", "net", !o.dns_search.empty()},
                         {"--dns-option", "net", !o.dns_options.empty()},
                         {"--add-host", "net", !o.hosts.empty()},
                         {"--hostname", "net", !o.hostname.empty()},
                         {"--net-allow", "net", !o.egress.allow.empty()},
                         {"--net-deny", "net", !o.egress.deny.empty()},
                         {"--net-log", "net", !o.egress.log.empty()},
                         {"--hostname", "uts", !o.hostname.empty()}};
    for (const Asked& one : all)
        if (one.asked && std::ranges::find(pod.shared, one.shared) != pod.shared.end())
            return Error(Error::Kind::usage, "{} and --pod {} exclude each other: the pod has it",
                         one.flag, pod.name)
                .hint(one.flag == std::string_view("--publish-all")
                          ? "`sbx pod create --publish` names the ports of a pod"
                          : fmt::format("`sbx pod create` takes {}", one.flag));
    return {};
}

Result<> enter_pod(const store::Pod& pod, Options& options) {
    options.volumes.insert(options.volumes.begin(), pod.volumes.begin(), pod.volumes.end());
    if (pod.infra.empty()) return {};
    TRY(check_is_of_pod(pod, options));
    std::string& network = options.networks.empty() ? options.network : options.networks.front();
    TRY(share_with_infra(pod, "net", "network", network));
    TRY(share_with_infra(pod, "ipc", "ipc", options.ipc));
    TRY(share_with_infra(pod, "uts", "uts", options.uts));
    TRY(share_with_infra(pod, "pid", "pid", options.pid));
    return share_with_infra(pod, "user", "userns", options.userns);
}

// The first failure is the one to report; the others still have their turn.
static void keep_first(Result<>& first, Result<> outcome) {
    if (first && !outcome) first = std::move(outcome);
}

static Result<> wait_for_all(Ending& ending, const Warn& warn) {
    Result<> first;
    TRY(ending.wait({.warn = warn, .ended = [&](const std::string&, Result<> how) {
                         if (!how.failed_as(Error::Kind::not_found))  // it went with its end
                             keep_first(first, std::move(how));
                     }}));
    return first;
}

Result<> stop_pod(const store::Store& store, const ListedPod& pod,
                  std::optional<std::chrono::seconds> patience, const Warn& warn) {
    Result<> first;
    Ending ending = TRY(Ending::open(store));  // the infra last
    for (const Listed& one : pod.containers)   // the infra may be on its way back
        if (one.status.is_active() || one.record.is_infra)
            keep_first(first, ending.ask(one.record.id, patience));
    keep_first(first, wait_for_all(ending, warn));
    if (first)
        store::note(store, {.type = "pod",
                            .action = "stop",
                            .id = pod.pod.id,
                            .attributes = {{"name", pod.pod.name}}});
    return first;
}

static Result<> kill_pod(const store::Store& store, const ListedPod& pod) {
    Result<> first;
    Ending ending = TRY(Ending::open(store));
    for (const Listed& one : pod.containers)
        if (one.status.state == State::running) keep_first(first, ending.kill(one.record.id));
    keep_first(first, wait_for_all(ending, [](const std::string&) {}));
    return first;
}

Result<> signal_pod(const store::Store& store, const ListedPod& pod, int number) {
    const bool any = std::ranges::any_of(
        pod.containers, [](const Listed& one) { return one.status.state == State::running; });
    if (!any) return Error(Error::Kind::busy, "pod '{}' does not run", pod.pod.name);
    if (number == SIGKILL) return kill_pod(store, pod);
    Result<> first;
    for (const Listed& one : pod.containers)
        if (one.status.state == State::running && !one.record.is_infra)
            keep_first(first, send_signal(store, one.record.id, number));
    return first;
}

static Result<> check_nothing_runs(const ListedPod& pod) {
    for (const Listed* one : pod.members())
        if (one->status.is_active())
            return Error(Error::Kind::busy, "container '{}' of pod '{}' is running",
                         one->record.name, pod.pod.name)
                .hint("`sbx pod stop` ends it, or `sbx pod rm --force`");
    return {};
}

namespace {

// All containers of a pod on their way out, under the pods' lock.
class Removal {
public:
    Removal(const store::Store& store, const ListedPod& pod, const os::IdMap& ids, Force force)
        : store_(store), pod_(pod), ids_(ids), force_(force) {}

    // Its infra last: the others are in its namespaces.
    Result<> run() {
        std::vector<const Listed*> left = pod_.members();
        Result<> removed = remove(left);
        if (!removed && shares_processes() && end_infra()) removed = remove(left);
        TRY(std::move(removed));
        std::vector<const Listed*> infra;
        if (pod_.infra()) infra.push_back(pod_.infra());
        return remove(infra);
    }

    // The anonymous volumes that they had.
    const std::vector<std::string>& volumes() const { return volumes_; }

private:
    // `them` are those that are left, then.
    Result<> remove(std::vector<const Listed*>& them) {
        Result<> first;
        std::erase_if(them, [&](const Listed* one) {
            Result<> removed = remove(*one);
            const bool gone = removed.has_value();
            keep_first(first, std::move(removed));
            return gone;
        });
        return first;
    }

    Result<> remove(const Listed& one) {
        const Force force = one.record.is_infra ? Force::kill : force_;
        auto volumes = remove_with_pod(store_, one.record.id, ids_, force);
        if (volumes.failed_as(Error::Kind::not_found)) return {};  // it went with its end
        for (std::string& name : TRY(std::move(volumes)))
            volumes_.push_back(std::move(name));
        return {};
    }

    bool shares_processes() const {
        return force_ == Force::kill &&
               std::ranges::find(pod_.pod.shared, "pid") != pod_.pod.shared.end();
    }

    // Nothing that is in its process namespace outlives it.
    Result<> end_infra() const {
        Ending ending = TRY(Ending::open(store_));
        TRY(ending.kill(pod_.pod.infra));
        return wait_for_all(ending, [](const std::string&) {});
    }

    const store::Store& store_;
    const ListedPod& pod_;
    const os::IdMap& ids_;
    Force force_;
    std::vector<std::string> volumes_ = {};
};

}  // namespace

// Nothing that is left over of others is removed on the way, as list() does: that takes the
// volumes' lock, which comes before the pods'.
static Result<ListedPod> pod_as_it_is(const store::Store& store, const store::Pods& pods,
                                      const std::string& id) {
    const store::Containers containers = TRY(store::Containers::open(store));
    ListedPod listed{.pod = TRY(pods.find(id))};
    for (store::ContainerRecord& record : TRY(containers.all())) {
        if (record.pod != id) continue;
        const Status status = status_of(containers, record);
        listed.containers.push_back({.record = std::move(record), .status = status});
    }
    return listed;
}

Result<> remove_pod(const store::Store& store, const store::Pod& pod, const os::IdMap& ids,
                    Force force) {
    const store::Pods pods = TRY(store::Pods::open(store));
    os::Lock lock = TRY(pods.lock(os::Share::exclusive));
    const ListedPod listed = TRY(pod_as_it_is(store, pods, pod.id));
    if (force == Force::no) TRY(check_nothing_runs(listed));
    Removal removal(store, listed, ids, force);
    Result<> removed = removal.run();
    if (removed) removed = pods.remove(listed.pod);
    lock.release();
    Result<> volumes = remove_left_volumes(store, removal.volumes(), ids);
    return removed ? std::move(volumes) : std::move(removed);
}

static Result<> end_infra(const store::Store& store, const store::ContainerRecord& record) {
    const store::Pods pods = TRY(store::Pods::open(store));
    const store::Pod pod = TRY(pods.find(record.pod));
    if (pod.exit == store::Pod::Exit::goes_on || pod.infra.empty()) return {};
    const store::Containers containers = TRY(store::Containers::open(store));
    for (const store::ContainerRecord& other : TRY(containers.all()))
        if (other.pod == pod.id && !other.is_infra && status_of(containers, other).is_active())
            return {};
    return send_signal(store, pod.infra, SIGKILL);  // it may not have got to hear another yet
}

void leave_pod(const store::Store& store, const store::ContainerRecord& record) {
    if (record.pod.empty() || record.is_infra) return;
    const Result<> ended = end_infra(store, record);
    if (!ended) log::debug("{}", ended.error().text());
}

}  // namespace sbx::container
