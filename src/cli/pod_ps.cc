#include "cli/pod_ps.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/listing.h"
#include "cli/pods.h"
#include "cli/words.h"
#include "container/pod_filter.h"

namespace sbx::cli {

namespace {

constexpr std::array<std::string_view, 5> kOrders = {"created", "id", "name", "number", "status"};

std::string short_id(const std::string& id, bool whole) { return whole ? id : id.substr(0, 12); }

struct PodPs : Command {
    ListingOptions listing;
    bool latest = false;
    bool ids = false;
    bool names = false;
    bool states = false;
    std::string order;
    std::vector<std::string> filters;

    void declare(Args& args) override {
        args.list("-f,--filter", "KEY=VALUE", filters,
                  "Only those for which it holds: name, id, status, label, until, ctr-names, "
                  "ctr-ids, ctr-status, ctr-number",
                  kPodFilters);
        args.flag("-l,--latest", latest, "Only the one made last");
        args.flag("--ctr-ids", ids, "Show the ids of their containers, too");
        args.flag("--ctr-names", names, "Show the names of their containers, too");
        args.flag("--ctr-status", states, "Show what their containers do, too");
        args.choice("--sort", kOrders, order, "By this, and not the newest first");
        listing.declare(args, "-n,--noheading");
        args.example("sbx pod ps --ctr-names", "All pods, and who is in them");
        args.example("sbx pod ps --filter status=running -q", "The ids of those that run");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const os::IdMap map = TRY(app.ids());
        const auto filter = TRY(container::PodFilter::parse(filters));
        std::vector<container::ListedPod> pods = TRY(container::list_pods(*store, map));
        if (latest && !pods.empty()) pods.resize(1);
        std::erase_if(pods, [&](const container::ListedPod& pod) { return !filter.admits(pod); });
        sort(pods);
        Listing table{.columns = columns(), .id_field = "Id"};
        for (const container::ListedPod& pod : pods) {
            table.rows.push_back(row(pod));
            table.documents.push(document(pod));
        }
        TRY(show(table, listing, app));
        return 0;
    }

    std::vector<Column> columns() const {
        std::vector<Column> columns = {{"POD ID", "Id"},
                                       {"NAME", "Name"},
                                       {"STATUS", "Status"},
                                       {"CREATED", "Created"},
                                       {"INFRA ID", "InfraId"}};
        if (ids) columns.push_back({"IDS", "ContainerIds"});
        if (names) columns.push_back({"NAMES", "ContainerNames"});
        if (states) columns.push_back({"STATUS", "ContainerStatuses"});
        if (!ids && !names && !states) columns.push_back({"# OF CONTAINERS", "NumberOfContainers"});
        return columns;
    }

    void sort(std::vector<container::ListedPod>& pods) const {
        using Pod = container::ListedPod;
        if (order == "created") std::ranges::reverse(pods);
        if (order == "id") std::ranges::sort(pods, {}, [](const Pod& p) { return p.pod.id; });
        if (order == "name") std::ranges::sort(pods, {}, [](const Pod& p) { return p.pod.name; });
        if (order == "status") std::ranges::sort(pods, {}, container::state_of);
        if (order == "number")
            std::ranges::sort(pods, {}, [](const Pod& p) { return p.containers.size(); });
    }

    Json row(const container::ListedPod& pod) const {
        std::vector<std::string> labels;
        labels.reserve(pod.pod.labels.size());
        for (const auto& [key, value] : pod.pod.labels)
            labels.push_back(fmt::format("{}={}", key, value));
        std::vector<std::string> its_ids;
        std::vector<std::string> its_names;
        std::vector<std::string> its_states;
        for (const container::Listed& one : pod.containers) {
            its_ids.push_back(short_id(one.record.id, listing.no_trunc));
            its_names.push_back(one.record.name);
            its_states.emplace_back(container::name_of(one.status));
        }
        const std::string id = short_id(pod.pod.id, listing.no_trunc);
        const std::string infra = short_id(pod.pod.infra, listing.no_trunc);
        return Json::object()
            .set("Id", id)
            .set("ID", id)
            .set("Name", pod.pod.name)
            .set("Status", container::state_of(pod))
            .set("Created", ago(pod.pod.created, now()) + " ago")
            .set("InfraId", infra)
            .set("InfraID", infra)
            .set("NumberOfContainers", std::uint64_t{pod.containers.size()})
            .set("ContainerIds", join(its_ids, ","))
            .set("ContainerNames", join(its_names, ","))
            .set("ContainerStatuses", join(its_states, ","))
            .set("Labels", join(labels, ","))
            .set("Label", pod.pod.labels);
    }

    static Json document(const container::ListedPod& pod) {
        Json containers = Json::array();
        for (const container::Listed& one : pod.containers)
            containers.push(Json::object()
                                .set("Id", one.record.id)
                                .set("Names", one.record.name)
                                .set("Status", container::name_of(one.status)));
        return Json::object()
            .set("Id", pod.pod.id)
            .set("Name", pod.pod.name)
            .set("Status", container::state_of(pod))
            .set("Created", rfc3339(pod.pod.created))
            .set("InfraId", pod.pod.infra)
            .set("Labels", pod.pod.labels)
            .set("Containers", std::move(containers));
    }
};

}  // namespace

std::unique_ptr<Command> make_pod_ps() { return std::make_unique<PodPs>(); }

}  // namespace sbx::cli
