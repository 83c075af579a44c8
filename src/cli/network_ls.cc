#include "cli/network_ls.h"

#include "base/text.h"
#include "base/time.h"
#include "cli/listing.h"
#include "cli/words.h"
#include "container/network_filter.h"

namespace sbx::cli {

namespace {

Json row_of(const container::ListedNetwork& listed, bool whole) {
    constexpr std::size_t kShown = 12;
    const store::Network& network = listed.network;
    std::vector<std::string> labels;
    labels.reserve(network.labels.size());
    for (const auto& [key, value] : network.labels)
        labels.push_back(fmt::format("{}={}", key, value));
    std::vector<std::string> subnets;
    subnets.reserve(network.subnets.size());
    for (const store::NetworkSubnet& one : network.subnets)
        subnets.push_back(one.subnet);
    std::vector<std::string> users;
    users.reserve(listed.users.size());
    for (const store::ContainerRecord& user : listed.users)
        users.push_back(user.name);
    return Json::object()
        .set("ID", whole ? network.id : network.id.substr(0, kShown))
        .set("Name", network.name)
        .set("Driver", "bridge")
        .set("Scope", "local")
        .set("CreatedAt", rfc3339(network.created))
        .set("Created", ago(network.created, now()) + " ago")
        .set("Subnets", join(subnets, ","))
        .set("Internal", network.internal)
        .set("IPv6", network.subnets.size() > 1)
        .set("Labels", join(labels, ","))
        .set("Label", network.labels)
        .set("Containers", join(users, ","));
}

struct NetworkLs : Command {
    ListingOptions listing;
    std::vector<std::string> filters;

    void declare(Args& args) override {
        args.list("-f,--filter", "KEY=VALUE", filters,
                  "Only those for which it holds: name, id, driver, label, dangling, until",
                  kNetworkFilters);
        listing.declare(args);
        args.example("sbx network ls --filter dangling=true -q",
                     "The names of those that no container is on");
        args.example("sbx network ls --format '{{.Name}} {{.Subnets}} {{.Containers}}'",
                     "Who is where");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const auto filter = TRY(container::NetworkFilter::parse(filters, now()));
        Listing table{.columns = {{"NETWORK ID", "ID"}, {"NAME", "Name"}, {"DRIVER", "Driver"}},
                      .id_field = "Name"};
        for (const container::ListedNetwork& listed : TRY(container::list_networks(*store))) {
            if (!filter.admits(listed)) continue;
            table.rows.push_back(row_of(listed, listing.no_trunc));
            table.documents.push(container::inspect_network(*store, listed));
        }
        TRY(show(table, listing, app));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_network_ls() { return std::make_unique<NetworkLs>(); }

}  // namespace sbx::cli
