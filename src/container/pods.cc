#include "container/pods.h"

#include <algorithm>

#include <signal.h>

#include "base/log.h"
#include "container/blueprint.h"
#include "container/ending.h"
#include "container/inspect_host.h"
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
    return Json::object()
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

Result<> enter_pod(const store::Pod& pod, Options& options) {
    options.volumes.insert(options.volumes.begin(), pod.volumes.begin(), pod.volumes.end());
    if (pod.infra.empty()) return {};
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
    Ending members = TRY(Ending::open(store));
    for (const Listed* one : pod.members())
        if (one->status.is_active()) keep_first(first, members.ask(one->record.id, patience));
    keep_first(first, wait_for_all(members, warn));
    const Listed* infra = pod.infra();
    if (infra && infra->status.is_active()) {
        Ending last = TRY(Ending::open(store));
        keep_first(first, last.ask(infra->record.id, patience));
        keep_first(first, wait_for_all(last, warn));
    }
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

// Its infra last: the others are in its namespaces.
Result<> remove_pod(const store::Store& store, const store::Pod& pod, const os::IdMap& ids,
                    Force force) {
    const store::Pods pods = TRY(store::Pods::open(store));
    const os::Lock lock = TRY(pods.lock(os::Share::exclusive));
    const ListedPod listed = TRY(find_pod(store, ids, pod.id));
    if (force == Force::no) TRY(check_nothing_runs(listed));
    const auto remove_one = [&](const Listed& one) -> Result<> {
        Result<> removed = one.record.is_infra ? remove_infra(store, one.record.id, ids)
                                               : remove(store, one.record.id, ids, force);
        if (removed.failed_as(Error::Kind::not_found)) return {};  // it went with its end
        return removed;
    };
    for (const Listed* one : listed.members())
        TRY(remove_one(*one));
    if (const Listed* infra = listed.infra()) TRY(remove_one(*infra));
    return pods.remove(listed.pod);
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
