#include "container/infra.h"

#include <algorithm>
#include <functional>

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"
#include "container/environment.h"
#include "container/foreground.h"
#include "container/names.h"
#include "container/network_files.h"
#include "container/shared_namespaces.h"
#include "os/inherited.h"
#include "os/orphan.h"
#include "os/random.h"
#include "os/socket.h"
#include "store/events.h"

namespace sbx::container {

static Result<std::vector<std::string>> parse_share(const std::optional<std::string>& text) {
    static constexpr std::string_view kKnown[] = {"ipc", "net", "pid", "user", "uts"};
    std::vector<std::string> shared;
    const std::string asked = text.value_or("ipc,net,uts");
    std::string_view words = asked;
    if (words.empty() || words == "none") return shared;
    if (words.starts_with('+')) {
        shared = {"ipc", "net", "uts"};
        words.remove_prefix(1);
    }
    for (const std::string_view word : split(words, ',')) {
        if (word == "cgroup")
            return Error(Error::Kind::unsupported,
                         "--share cgroup: each container has a cgroup of its own");
        if (std::ranges::find(kKnown, word) == std::end(kKnown))
            return Error(Error::Kind::usage,
                         "--share {}: ipc, net, pid, user and uts belong there, or none",
                         excerpt(asked));
        if (std::ranges::find(shared, word) == shared.end()) shared.emplace_back(word);
    }
    std::ranges::sort(shared);
    return shared;
}

static bool shares(const store::Pod& pod, std::string_view what) {
    return std::ranges::find(pod.shared, what) != pod.shared.end();
}

static Result<std::string> choose_pod_name(const PodOptions& options, const store::Pods& pods) {
    if (!options.name.empty()) return options.name;
    const std::vector<std::string> taken = TRY(pods.all_names());
    std::string name = random_name();
    while (std::ranges::find(taken, name) != taken.end())
        name = fmt::format("{}_{}", random_name(), os::random_hex(4));
    return name;
}

static std::string choose_hostname(const PodOptions& options, const store::Pod& pod) {
    if (!options.network.hostname.empty()) return options.network.hostname;
    return check_hostname(pod.name) ? pod.name : pod.id.substr(0, 12);
}

static Result<store::Pod> compose_record(const PodOptions& options, const store::Store& store) {
    const store::Pods pods = TRY(store::Pods::open(store));
    store::Pod pod{.id = os::random_hex(64), .name = "", .created = now()};
    pod.name = TRY(choose_pod_name(options, pods));
    TRY(store::check_object_name("pod", pod.name));
    pod.labels = TRY(parse_labels(options.labels, options.label_files));
    pod.volumes = options.volumes;
    if (options.exit_policy == "stop") pod.exit = store::Pod::Exit::stops;
    const std::vector<std::string> shared = TRY(parse_share(options.share));
    if (options.infra) pod.shared = shared;
    if (shares(pod, "uts")) pod.hostname = choose_hostname(options, pod);
    return pod;
}

// What belongs to a network that nobody would have, or that nobody would share.
static Result<> check_options(const PodOptions& options, const store::Pod& pod) {
    const Options& o = options.network;
    struct Asked {
        const char* flag;
        bool asked;
    };
    const Asked of_network[] = {{"--network", !o.network.empty() || !o.networks.empty()},
                                {"--publish", !o.publish.empty()},
                                {"--net-allow", !o.egress.allow.empty()},
                                {"--net-deny", !o.egress.deny.empty()},
                                {"--net-log", !o.egress.log.empty()},
                                {"--dns", !o.dns.empty()},
                                {"--dns-search", !o.dns_search.empty()},
                                {"--dns-option", !o.dns_options.empty()},
                                {"--add-host", !o.hosts.empty()},
                                {"--no-hosts", o.no_hosts}};
    if (!shares(pod, "net"))
        for (const Asked& one : of_network)
            if (one.asked)
                return Error(Error::Kind::usage, "{}: the pod shares no network", one.flag)
                    .hint("--share net and --infra have it share one");
    if (!o.hostname.empty() && !shares(pod, "uts"))
        return Error(Error::Kind::usage, "--hostname {}: the pod shares no name",
                     excerpt(o.hostname))
            .hint("--share uts and --infra have it share one");
    if (!pod.shared.empty()) return {};
    if (!options.infra_name.empty() || !o.userns.empty() || !o.sysctls.empty())
        return Error(Error::Kind::usage, "{}: the pod has no infra container",
                     !options.infra_name.empty() ? "--infra-name"
                     : !o.userns.empty()         ? "--userns"
                                                 : "--sysctl");
    return {};
}

static Options infra_options(const PodOptions& options, const store::Pod& pod) {
    Options o = options.network;
    const std::string name = pod.id.substr(0, 12) + "-infra";
    o.name = options.infra_name.empty() ? name : options.infra_name;
    o.hostname = pod.hostname;
    if (!shares(pod, "net")) o.network = "none";
    o.rootfs = "/";
    o.command = {"pause"};
    o.init = true;
    o.read_only = true;
    o.read_only_tmpfs = false;
    o.cap_drop = {"ALL"};
    o.security = {"no-new-privileges"};
    o.log_driver = "none";
    return o;
}

// Nothing of the host and nothing of an image: the folder is its own, and empty but for the shared
// memory.
static void strip(const store::Store& store, const store::Pod& pod, Blueprint& blueprint) {
    oci::Spec& spec = blueprint.request.spec;
    spec.root_path =
        fmt::format("{}/containers/{}/upper", store.places().data, blueprint.record.id);
    spec.process.args = {};
    spec.process.env = {};
    std::erase_if(spec.mounts, [&](const oci::Mount& mount) {
        return mount.destination != kSharedMemory || !shares(pod, "ipc");
    });
    spec.devices = {};
    spec.masked_paths = {};
    spec.read_only_paths = {};
    blueprint.entrypoint_words = 0;
    blueprint.record.command = {};
    blueprint.record.mount_points = {};
}

Result<NewPod> compose_pod(const PodOptions& options, const Surroundings& surroundings,
                           const store::Store& store) {
    NewPod made{.pod = TRY(compose_record(options, store))};
    store::Pod& pod = made.pod;
    TRY(check_options(options, pod));
    if (pod.shared.empty()) return made;
    Blueprint infra = TRY(compose(infra_options(options, pod), std::nullopt, surroundings, store));
    infra.record.pod = pod.id;
    infra.record.is_infra = true;
    infra.record.awaits_start = true;
    for (Attachment& one : infra.attachments)
        one.aliases.push_back(pod.name);  // its peers there know the pod
    strip(store, pod, infra);
    pod.infra = infra.record.id;
    made.infra = std::move(infra);
    return made;
}

static Result<> check_is_not_split(const store::Containers& containers, const store::Pod& pod,
                                   const std::vector<std::string>& ended) {
    for (const store::ContainerRecord& other : TRY(containers.all())) {
        const bool has_ended = std::ranges::find(ended, other.id) != ended.end();
        if (other.pod == pod.id && !other.is_infra && !has_ended && containers.live(other.id))
            return Error(Error::Kind::busy,
                         "the infra container of pod '{}' has ended, and container '{}' still runs "
                         "in its namespaces",
                         pod.name, other.name)
                .hint(fmt::format("`sbx pod restart {}` has all of it share again", pod.name));
    }
    return {};
}

namespace {

struct InfraStart {
    std::function<bool(const store::Containers& containers)> is_wanted;  // once nobody else can
    std::function<Result<>()> meanwhile;  // as for Life::start(), in the infra's monitor
};

}  // namespace

static Result<> start_infra(const store::Store& store, const sandbox::Host& host,
                            const store::Pod& pod, const InfraStart& how) {
    if (pod.infra.empty()) return {};
    const store::Containers containers = TRY(store::Containers::open(store));
    TRY(containers.read(pod.infra), "the infra container of pod '{}'", pod.name);
    os::Lock lock = TRY(containers.lock(pod.infra));
    if (containers.live(pod.infra) || !how.is_wanted(containers)) return {};
    TRY(check_is_not_split(containers, pod, {}));
    Life life(store, host, TRY(read_blueprint(containers, pod.infra)));
    life.hold(std::move(lock));
    const sandbox::Plan plan = TRY(life.plan());
    TRY(run_in_background(life, plan, how.meanwhile), "starting the infra container of pod '{}'",
        pod.name);
    return {};
}

Result<> start_infra(const store::Store& store, const sandbox::Host& host, const store::Pod& pod) {
    return start_infra(store, host, pod,
                       {.is_wanted = [](const store::Containers&) { return true; },
                        .meanwhile = [] { return Result<>(); }});
}

Result<> check_can_start(const store::Store& store, const store::ContainerRecord& record,
                         const std::vector<std::string>& ended) {
    if (record.pod.empty() || record.is_infra) return {};
    const store::Pods pods = TRY(store::Pods::open(store));
    const store::Pod pod = TRY(pods.find(record.pod));
    const store::Containers containers = TRY(store::Containers::open(store));
    if (pod.infra.empty() || containers.live(pod.infra)) return {};
    return check_is_not_split(containers, pod, ended);
}

static Error error_in(std::string_view message) {
    return message.empty() ? Error(Error::Kind::failed, "the start of the infra was cut off")
                           : Error::unpack(message);
}

// All that the monitor had open goes: what it says to a person, what is said to it, and the store.
static Result<> leave_the_monitor(os::FdView answer) {
    TRY(os::give_null({0, 1, 2}));
    std::vector<os::FdView> kept = {answer};
    for (const int number : {0, 1, 2})
        kept.push_back(os::FdView::number(number));
    return os::close_all_but(std::move(kept));
}

// In a process between the two monitors. That of the infra keeps the way to answer no longer than
// it takes to start: who waits for the answer sees the end of it.
static Result<> start_infra_for(const store::ContainerRecord& record, const store::Places& places,
                                const sandbox::Host& host, os::Fd& answer) {
    TRY(leave_the_monitor(answer));
    const store::Store store = TRY(store::Store::open(places));
    const store::Pods pods = TRY(store::Pods::open(store));
    const store::Pod pod = TRY(pods.find(record.pod));
    const auto is_wanted = [&](const store::Containers& containers) {
        return containers.read(record.id) && !containers.is_to_stop(record.id);
    };
    const auto meanwhile = [&] {
        answer.reset();
        return Result<>();
    };
    return start_infra(store, host, pod, {.is_wanted = is_wanted, .meanwhile = meanwhile});
}

Result<> start_infra_again(const store::Store& store, const sandbox::Host& host,
                           const store::ContainerRecord& record) {
    if (record.pod.empty() || record.is_infra) return {};
    const store::Pods pods = TRY(store::Pods::open(store));
    const store::Pod pod = TRY(pods.find(record.pod));
    const store::Containers containers = TRY(store::Containers::open(store));
    if (pod.infra.empty() || containers.live(pod.infra)) return {};
    os::SocketPair ends = TRY(os::open_socket_pair());
    constexpr std::string_view kStarted = "started";
    (void)TRY(os::spawn_orphan([&] {
        const Result<> started = start_infra_for(record, store.places(), host, ends.other);
        const std::string words = started ? std::string(kStarted) : started.error().pack();
        (void)os::send_message(ends.other, words);  // who asked may have been killed
        ::_exit(0);
    }));
    ends.other.reset();
    const std::optional<os::Message> said = TRY(os::receive_message(ends.one));
    if (said && said->bytes == kStarted) return {};
    return error_in(said ? said->bytes : "");
}

}  // namespace sbx::container
