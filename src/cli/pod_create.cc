#include "cli/pod_create.h"

#include <array>

#include <unistd.h>

#include "base/text.h"
#include "cli/containers.h"
#include "cli/pods.h"
#include "cli/run_options.h"
#include "cli/words.h"
#include "container/network_mode.h"

namespace sbx::cli {

namespace {

constexpr std::array<std::string_view, 2> kExitPolicies = {"continue", "stop"};

// Options of others' whose nearest ones mean something else.
// clang-format off
constexpr std::string_view kAbsent[] = {
    "--cgroup-parent", "--cpus", "--cpuset-cpus", "--device", "--gidmap", "--infra-command",
    "--infra-image", "--ip", "--ip6", "--mac-address", "--memory", "--network-alias", "--pid",
    "--restart", "--security-opt", "--share-parent", "--uidmap", "--uts", "--volumes-from",
};
// clang-format on

struct PodCreate : Command {
    container::PodOptions options;
    std::string name;
    std::string id_file;
    bool replace = false;

    void declare(Args& args) override {
        container::Options& o = options.network;
        args.option("-n,--name", "NAME", options.name, "Name of the pod; made up if not given");
        args.option("--share", "NAMESPACES", options.share,
                    "What its containers share: ipc,net,uts, the default, pid, user; +pid: that, "
                    "too; none");
        args.flag("--infra", options.infra,
                  "A container of the pod's own keeps what is shared; with =false nothing is");
        args.option("--infra-name", "NAME", options.infra_name, "Name of that container");
        args.choice("--exit-policy", kExitPolicies, options.exit_policy,
                    "What becomes of that container when the last other one has ended");
        args.list("-l,--label", "KEY=VALUE", options.labels, "Label of the pod");
        args.list("--label-file", "FILE", options.label_files,
                  "Labels from a file of KEY=VALUE lines", Complete::files);
        args.option("--hostname", "NAME", o.hostname, "Host name inside; the pod's, if not given");
        args.list("--network,--net", "MODE|NAME", o.networks, "Network of the pod, as of `run`",
                  {kNetworkModes, Complete::networks});
        args.list("-p,--publish", "[[ADDRESS:]PORT:]PORT[/PROTOCOL]", o.publish,
                  "Have what connects to a port of the host reach a port of the pod");
        declare_egress(args, o.egress);
        args.option("--net-log", "FILE", o.egress.log,
                    "Note what it is kept from, as lines of JSON", Complete::files);
        args.list("--add-host", "NAME:ADDRESS", o.hosts, "Add a line to /etc/hosts");
        args.flag("--no-hosts", o.no_hosts, "Leave the images' /etc/hosts as they are");
        args.list("--dns", "ADDRESS", o.dns, "Ask this name server");
        args.list("--dns-search", "DOMAIN", o.dns_search, "Search names in this domain");
        args.list("--dns-option,--dns-opt", "OPTION", o.dns_options,
                  "Add an option to resolv.conf");
        args.option("--userns", "MODE", o.userns, "Ids of the pod, as of `run`", kUserModes);
        args.list("--sysctl", "NAME=VALUE", o.sysctls, "Kernel parameter of what is shared");
        args.list("-v,--volume", "[SOURCE:]TARGET[:OPTIONS]", options.volumes,
                  "Mount it in each of its containers", Complete::mount_sources);
        args.option("--pod-id-file", "FILE", id_file,
                    "Write the pod's id to this file, which must not exist", Complete::files);
        args.flag("--replace", replace,
                  "Remove the pod that has the name given, whatever its containers do");
        args.absent(kAbsent);
        args.optional_operand("NAME", name, "Name of the pod, if --name is not given");
        args.example("sbx pod create --name web -p 8080:80",
                     "A pod whose port 80 is port 8080 here");
        args.example("sbx run -d --pod web nginx", "and a container in it");
    }

    Result<int> run(App& app) override {
        TRY(check());
        if (options.name.empty()) options.name = name;
        options.network.egress.presets = app.config().net_presets;
        options.network.publish_address = app.config().publish_address;
        TRY(container::choose_network(options.network));
        container::NewPod planned = TRY(plan_pod(app, options), "cannot create a pod");
        if (replace) TRY(make_way(app), "cannot replace pod '{}'", options.name);
        const store::Pod pod = TRY(create_pod(app, std::move(planned)), "cannot create a pod");
        TRY(write_cidfile(id_file, pod.id));
        app.print(pod.id);
        return 0;
    }

    Result<> check() const {
        if (!name.empty() && !options.name.empty())
            return Error(Error::Kind::usage, "--name {} and the name '{}' exclude each other",
                         excerpt(options.name), excerpt(name));
        if (options.network.egress.log == "-")
            return Error(Error::Kind::usage, "--net-log -: of a pod nobody would see it");
        if (replace && name.empty() && options.name.empty())
            return Error(Error::Kind::usage, "--replace: --name says which pod goes");
        if (!id_file.empty() && ::access(id_file.c_str(), F_OK) == 0)
            return Error(Error::Kind::exists, "--pod-id-file {}: the file is there already",
                         id_file);
        return {};
    }

    Result<> make_way(App& app) const {
        const store::Store* store = TRY(app.store());
        const store::Pods pods = TRY(store::Pods::open(*store));
        const Result<store::Pod> old = pods.find(options.name);
        if (!old || old->name != options.name) return {};
        const os::IdMap ids = TRY(app.ids());
        return container::remove_pod(*store, *old, ids, container::Force::kill);
    }
};

}  // namespace

std::unique_ptr<Command> make_pod_create() { return std::make_unique<PodCreate>(); }

}  // namespace sbx::cli
