#include "cli/network_create.h"

#include "base/text.h"
#include "cli/app.h"
#include "container/environment.h"
#include "container/networks.h"
#include "os/random.h"

namespace sbx::cli {

namespace {

struct NetworkCreate : Command {
    container::NetworkOptions options;
    std::string driver = "bridge";
    std::vector<std::string> labels;
    bool ignore = false;

    void declare(Args& args) override {
        args.list("--subnet", "NETWORK", options.subnets,
                  "Its addresses, 10.89.0.0/24; of IPv6 a further one. Some that are free, if not "
                  "given");
        args.list("--gateway", "ADDRESS", options.gateways,
                  "The address that leads out of it; the first one, if not given");
        args.list("--ip-range", "NETWORK", options.ranges,
                  "Give containers addresses out of this part of it");
        args.flag("--ipv6", options.ipv6, "It has addresses of IPv6, too");
        args.flag("--internal", options.internal, "Nothing of it reaches the world");
        args.flag("--disable-dns", options.disable_dns,
                  "Containers do not find each other by name");
        args.list("--dns", "ADDRESS", options.servers,
                  "Ask this name server, and not the host's, for the names of others");
        args.list("-l,--label", "KEY=VALUE", labels, "Label of the network");
        args.list("-o,--opt", "KEY=VALUE", options.options,
                  "mtu=BYTES: its largest packet; isolate=true, as it always is");
        args.option("-d,--driver", "NAME", driver, "bridge, as there is no other");
        args.flag("--ignore", ignore, "One that is there already is no failure");
        args.optional_operand("NAME", options.name, "Name of the network; made up if not given");
        args.example("sbx network create app", "A network that containers find each other in");
        args.example("sbx network create --internal --subnet 10.5.0.0/24 db",
                     "One that nobody leaves");
    }

    Result<int> run(App& app) override {
        TRY(check());
        const store::Store* store = TRY(app.store());
        if (options.name.empty()) options.name = "network-" + os::random_hex(12);
        options.labels = TRY(container::parse_labels(labels, {}));
        Result<store::Network> made = container::create_network(*store, options);
        const bool there = made.failed_as(Error::Kind::exists) && is_there(*store);
        if (there && !ignore)
            return std::move(made).error().hint("with --ignore that is no failure");
        if (!there) TRY(std::move(made), "cannot create network '{}'", options.name);
        app.print(options.name);
        return 0;
    }

    // And not another one that has the same addresses.
    bool is_there(const store::Store& store) const {
        const Result<store::Networks> networks = store::Networks::open(store);
        return networks && networks->has(options.name);
    }

    Result<> check() const {
        if (driver == "bridge") return {};
        Error error(Error::Kind::unsupported, "--driver {}: there is bridge, and no other",
                    excerpt(driver));
        if (driver != "macvlan" && driver != "ipvlan") return error;
        return std::move(error).hint(
            "it needs a device of the host's, which is root's to give away; --publish makes a "
            "container's ports the host's own on a bridge");
    }
};

}  // namespace

std::unique_ptr<Command> make_network_create() { return std::make_unique<NetworkCreate>(); }

}  // namespace sbx::cli
