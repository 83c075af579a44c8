#include "cli/network_inspect.h"

#include "cli/app.h"
#include "cli/inspect.h"
#include "container/networks.h"

namespace sbx::cli {

namespace {

// Fields are podman's, with its names in JSON and those that its templates have.
Json with_go_names(Json network) {
    constexpr std::pair<const char*, const char*> kNames[] = {
        {"Name", "name"},
        {"ID", "id"},
        {"Id", "id"},
        {"Driver", "driver"},
        {"Created", "created"},
        {"Subnets", "subnets"},
        {"Internal", "internal"},
        {"IPv6Enabled", "ipv6_enabled"},
        {"Labels", "labels"},
        {"DNSEnabled", "dns_enabled"},
        {"Options", "options"},
        {"NetworkDNSServers", "network_dns_servers"},
        {"Containers", "containers"},
        {"IPAMOptions", "ipam_options"},
    };
    for (const auto& [go, json] : kNames)
        network.set(go, Json(network[json]));
    return network;
}

struct NetworkInspect : Command {
    std::string format;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.option("-f,--format", "TEMPLATE", format,
                    "Show each by a Go template, or as \"json\"");
        args.operands("NETWORK", names, "Name or id", Complete::networks);
        args.example("sbx network inspect --format '{{range .Subnets}}{{.subnet}}{{end}}' app",
                     "Its addresses");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const bool by_template = !format.empty() && format != "json";
        return show_documents(app, names, format, [&](const std::string& name) -> Result<Json> {
            const container::ListedNetwork listed = TRY(container::find_network(*store, name));
            Json network = container::inspect_network(*store, listed);
            return by_template ? with_go_names(std::move(network)) : std::move(network);
        });
    }
};

}  // namespace

std::unique_ptr<Command> make_network_inspect() { return std::make_unique<NetworkInspect>(); }

}  // namespace sbx::cli
