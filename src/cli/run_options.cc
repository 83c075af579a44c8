#include "cli/run_options.h"

#include <array>
#include <cstdlib>

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/health_options.h"
#include "cli/resource_options.h"
#include "cli/words.h"
#include "container/keyboard.h"
#include "network/tap.h"
#include "os/file.h"
#include "os/inherited.h"
#include "os/journal.h"
#include "os/process.h"

namespace sbx::cli {

static constexpr std::array<std::string_view, 4> kPull = {"missing", "always", "never", "newer"};
static constexpr std::array<std::string_view, 3> kCgroups = {"enabled", "disabled", "no-conmon"};
static constexpr std::array<std::string_view, 3> kImageVolumes = {"anonymous", "tmpfs", "ignore"};
static constexpr std::string_view kMountKinds[] = {"type=bind,", "type=volume,", "type=tmpfs,",
                                                   "type=image,", "type=devpts,"};
static constexpr std::string_view kSecurityOptions[] = {
    "no-new-privileges", "seccomp=", "seccomp=unconfined", "mask=", "unmask=", "unmask=ALL"};
static constexpr std::string_view kCgroupModes[] = {"private", "host"};
static constexpr std::string_view kLogDrivers[] = {"k8s-file", "journald", "none", "passthrough"};
static constexpr std::string_view kNewPod[] = {"new:"};

// Their nearest ones mean something else.
// clang-format off
static constexpr std::string_view kAbsent[] = {
    "-a", "-d", "--attach", "--detach", "--device-cgroup-rule", "--domainname",
    "--gpus", "--gidmap", "--link",
    "--runtime", "--sig-proxy",
    "--storage-opt", "--systemd", "--tz", "--uidmap", 
};
// clang-format on

static void declare_process(Args& args, container::Options& o) {
    args.flag("-i,--interactive", o.interactive, "Keep standard input open");
    args.flag("-t,--tty", o.tty, "Give the program a terminal of its own");
    args.option("-w,--workdir", "DIR", o.workdir, "Working directory in the container");
    args.option("-u,--user", "USER[:GROUP]", o.user,
                "User to run as, by name or number, as the image knows them");
    args.list("--group-add", "GROUP", o.groups,
              "A further group of the user, or keep-groups for your own");
    args.option("--entrypoint", "COMMAND", o.entrypoint,
                "In place of the image's entrypoint: a program, or a JSON array");
    args.list("-e,--env", "NAME[=VALUE]", o.env,
              "Set a variable; NAME alone takes yours, NAME* all of yours that begin so");
    args.list("--env-file", "FILE", o.env_files, "Set the variables in a file of NAME=VALUE lines",
              Complete::files);
    args.list("--unsetenv", "NAME", o.unset_env, "Drop a variable that the image sets");
    args.option("--umask", "MASK", o.umask, "File mode creation mask, octal");
    args.flag("--init", o.init, "Run a process 1 that passes on signals and reaps orphans");
    args.list("--ulimit", "NAME=SOFT[:HARD]", o.ulimits, "Resource limit, or host for all of yours",
              Complete::ulimits);
    args.option("--oom-score-adj", "N", o.oom_score_adj,
                "How readily the kernel kills it when memory runs out, -1000 to 1000");
    args.option("--stop-signal", "SIGNAL", o.stop_signal, "Signal that asks the program to end",
                Complete::signals);
    args.option("--stop-timeout", "SECONDS", o.stop_timeout,
                "How long `stop` waits for its end before it kills it; -1 for ever");
    args.option("--timeout", "SECONDS", o.timeout, "Kill the container after this time");
    args.option("--detach-keys", "KEYS", o.detach_keys,
                "Keys that leave the container running; ctrl-p,ctrl-q, unless sbx.toml has others");
    args.option("--restart", "POLICY", o.restart,
                "Start it again when it ends: always, unless-stopped, on-failure[:N] or no",
                kRestartPolicies);
    args.option("--log-driver", "DRIVER", o.log_driver,
                "Where its output is kept: k8s-file, the default, journald, none or passthrough",
                kLogDrivers);
    args.list(
        "--log-opt", "NAME=VALUE", o.log_options,
        "max-size=SIZE: begin a new file then; max-file=N: keep so many; of journald tag=TEXT "
        "and labels=NAMES");
    args.option("--preserve-fds", "N", o.preserve_fds,
                "Hand on N descriptors, numbered from 3, to the program");
}

static void declare_files(Args& args, container::Options& o) {
    args.list("-v,--volume", "[SOURCE:]TARGET[:OPTIONS]", o.volumes,
              "Mount a folder or file of the host (SOURCE has a '/'), or a volume",
              Complete::mount_sources);
    args.list("--volumes-from", "CONTAINER[:OPTIONS]", o.volumes_from,
              "Mount the folders and volumes that another container has, where it has them",
              Complete::containers);
    args.list("--mount", "type=TYPE,...", o.mounts,
              "Mount a folder, volume, tmpfs or image: src=, dst=, ro, subpath= and more",
              kMountKinds);
    args.list("--secret", "NAME[,OPTIONS]", o.secrets,
              "Lend it a secret: type=mount|env, target=, uid=, gid=, mode=", Complete::secrets);
    args.list("--tmpfs", "TARGET[:OPTIONS]", o.tmpfs, "Mount an empty folder in memory");
    args.list("--device", "HOST[:TARGET]", o.devices, "Let the container use a device of the host",
              Complete::files);
    args.choice("--image-volume", kImageVolumes, o.image_volumes,
                "What becomes of the volumes that the image declares");
    args.flag("--read-only", o.read_only, "Mount the container's root read-only");
    args.flag("--read-only-tmpfs", o.read_only_tmpfs,
              "With --read-only, /run, /tmp and /var/tmp can be written to");
    args.option("--shm-size", "SIZE", o.shm_size, "Size of /dev/shm");
}

void declare_egress(Args& args, container::EgressOptions& options) {
    args.list("--net-allow", "NAME[:PORT],...", options.allow,
              "Let it reach these names and addresses alone: example.org, *.example.org:443, "
              "10.0.0.0/8:5432, @pypi");
    args.list("--net-deny", "NAME[:PORT],...", options.deny,
              "Keep it from these names and addresses, whatever is allowed");
}

static void declare_isolation(Args& args, container::Options& o) {
    args.list(
        "--network,--net", "MODE|NAME", o.networks,
        "slirp[:OPTIONS]: a way out into the world, the default; pasta[:OPTIONS]: the same by that "
        "program of the host's; none: loopback alone; "
        "host: the host's own; NAME[:OPTIONS]: a network that it shares with others",
        {kNetworkModes, Complete::networks});
    args.option("--ip", "ADDRESS", o.attachment.v4, "Its address in the network NAME");
    args.option("--ip6", "ADDRESS", o.attachment.v6, "Its address of IPv6 in the network NAME");
    args.option("--mac-address", "ADDRESS", o.attachment.hardware,
                "The MAC address of its device in the network NAME");
    args.list("--network-alias", "NAME", o.attachment.aliases,
              "A further name by which others in its networks find it");
    declare_egress(args, o.egress);
    args.option("--net-log", "FILE", o.egress.log,
                "Note what it is kept from, as lines of JSON; -: on standard error",
                Complete::files);
    args.list(
        "-p,--publish", "[[ADDRESS:]PORT:]PORT[/PROTOCOL]", o.publish,
        "Have what connects to a port of the host, at 127.0.0.1 if no ADDRESS is given, reach "
        "a port of the container");
    args.flag("-P,--publish-all", o.publish_all,
              "Publish all ports that the image or --expose names, at free ports of the host");
    args.list("--expose", "PORT[/PROTOCOL]", o.expose, "Name a port that the container listens on");
    args.option("-h,--hostname", "NAME", o.hostname,
                "Host name inside; the short id if not given, or the host's with its network");
    args.list("--add-host", "NAME:ADDRESS", o.hosts, "Add a line to /etc/hosts");
    args.flag("--no-hosts", o.no_hosts, "Leave the image's /etc/hosts as it is");
    args.list("--dns", "ADDRESS", o.dns,
              "Ask this name server; none: keep the image's resolv.conf");
    args.list("--dns-search", "DOMAIN", o.dns_search, "Search names in this domain");
    args.list("--dns-option,--dns-opt", "OPTION", o.dns_options, "Add an option to resolv.conf");
    args.list("--cap-add", "CAPABILITY", o.cap_add, "Add a capability, or ALL",
              Complete::capabilities);
    args.list("--cap-drop", "CAPABILITY", o.cap_drop, "Drop a capability, or ALL",
              Complete::capabilities);
    args.list("--security-opt", "OPTION", o.security,
              "no-new-privileges, seccomp=FILE|unconfined, mask=PATHS, unmask=PATHS|ALL",
              kSecurityOptions);
    args.flag("--privileged", o.privileged,
              "All capabilities in the container's own namespaces, nothing masked or filtered");
    args.list("--sysctl", "NAME=VALUE", o.sysctls,
              "Kernel parameter of the container's namespaces");
    args.option(
        "--userns", "MODE", o.userns,
        "host: root inside is you, the default; keep-id[:uid=N,gid=N]: you are yourself inside; "
        "container:NAME: as in another container",
        kUserModes);
    args.option("--pid", "MODE", o.pid,
                "private, the default; host: see the processes of the host; container:NAME: those "
                "of another container",
                kNamespaceModes);
    args.option("--ipc", "MODE", o.ipc,
                "private, the default; host, container:NAME: share memory with it",
                kNamespaceModes);
    args.option("--uts", "MODE", o.uts,
                "private, the default; host, container:NAME: have its host name", kNamespaceModes);
    args.option("--cgroupns", "MODE", o.cgroupns,
                "private, the default; host: see the host's cgroups", kCgroupModes);
}

static void declare_limits(Args& args, container::Options& o) {
    declare_resources(args, o.resources);
    args.list("--cgroup-conf", "FILE=VALUE", o.resources.cgroup_conf,
              "Write a value to a file of its cgroup");
    args.option("--cgroup-parent", "PATH", o.cgroup_parent,
                "Make its cgroup below this one, or in this slice of systemd's");
    args.choice("--cgroups", kCgroups, o.cgroups,
                "Whether it has a cgroup of its own; where a limit needs one, if not given");
}

void RunOptions::declare(Args& args) {
    declare_process(args, container);
    declare_health(args, container.health);
    declare_files(args, container);
    declare_isolation(args, container);
    declare_limits(args, container);
    args.option("--name", "NAME", container.name, "Name of the container; made up if not given");
    args.list("-l,--label", "KEY=VALUE", container.labels, "Label of the container");
    args.list("--label-file", "FILE", container.label_files,
              "Labels from a file of KEY=VALUE lines", Complete::files);
    args.list("--annotation", "KEY=VALUE", container.annotations,
              "Note for other programs, kept with the container");
    args.option("--cidfile", "FILE", cidfile,
                "Write the container's id to this file, which must not exist", Complete::files);
    args.option("--pod", "[new:]POD", pod, "Make it in this pod; new: makes the pod, too",
                {kNewPod, Complete::pods});
    args.option("--pod-id-file", "FILE", pod_id_file, "The pod whose id is in this file",
                Complete::files);
    args.choice("--pull", kPull, pull,
                "When to ask the registry for the image; missing, unless sbx.toml has another");
    fetching.declare(args);
    args.flag("--replace", replace,
              "Remove the container that has the name given by --name, whatever it does");
    args.flag("--rm", container.remove,
              "Remove the container, and its unnamed volumes, when it ends");
    args.flag("--rootfs", rootfs, "IMAGE is a folder of the host that is the root file system",
              Complete::directories);
    args.flag("--explain", explain, "Show what would be done, and do not do it");
    args.absent(kAbsent);
    args.operand("IMAGE", image, "Image to run, pulled if it is not there", Complete::images);
    args.verbatim("COMMAND", command, "Program and arguments, in place of the image's");
}

// Volumes without a name go with the container that has them.
static Result<> check_replace(const container::Options& o) {
    if (o.name.empty())
        return Error(Error::Kind::usage, "--replace: --name says which container goes");
    for (const std::string& text : o.volumes_from)
        if (split(text, ':').front() == o.name)
            return Error(Error::Kind::usage,
                         "--volumes-from {}: with --replace this container goes before",
                         excerpt(text));
    return {};
}

Result<> RunOptions::check() const {
    TRY(os::check_inherited(container.preserve_fds), "--preserve-fds {}", container.preserve_fds);
    if (container.detach_keys) TRY(container::parse_detach_keys(*container.detach_keys));
    if (replace) TRY(check_replace(container));
    if (!pod.empty() && !pod_id_file.empty())
        return Error(Error::Kind::usage, "--pod and --pod-id-file exclude each other");
    if (explain && pod.starts_with("new:"))
        return Error(Error::Kind::usage, "--pod {}: with --explain nothing is made", excerpt(pod));
    if (!cidfile.empty() && ::access(cidfile.c_str(), F_OK) == 0)
        return Error(Error::Kind::exists, "--cidfile {}: the file is there already", cidfile);
    return {};
}

container::Surroundings surroundings() {
    constexpr std::size_t kLargestResolv = std::size_t{1} << 20;
    container::Surroundings s{
        .environment = os::environment(), .uid = ::geteuid(), .gid = ::getegid()};
    if (::access("/sys/devices/system/cpu/cpu0/thermal_throttle", F_OK) == 0)
        s.throttled_cpus = static_cast<int>(::sysconf(_SC_NPROCESSORS_CONF));
    utsname kernel{};
    if (::uname(&kernel) == 0) s.hostname = kernel.nodename;
    if (char* here = ::get_current_dir_name()) {
        s.working_directory = here;
        std::free(here);
    }
    if (const Result<> tap = network::check_tap(); !tap)
        s.no_network = fmt::format("{}; {}", tap.error().text(), tap.error().hint());
    if (::access(os::kJournalSocket, W_OK) != 0)
        s.no_journal = fmt::format("nothing listens at '{}'", os::kJournalSocket);
    const os::Fd file(::open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file)
        if (const Result<std::string> text =
                os::read_regular(file, "/etc/resolv.conf", kLargestResolv))
            s.host_resolv = *text;
    return s;
}

}  // namespace sbx::cli
