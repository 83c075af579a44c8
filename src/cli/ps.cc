#include "cli/ps.h"

#include <algorithm>
#include <map>

#include "base/log.h"
#include "base/text.h"
#include "cli/listing.h"
#include "cli/ps_order.h"
#include "cli/words.h"
#include "container/filter_facts.h"
#include "container/ports.h"
#include "store/pods.h"

namespace sbx::cli {

namespace {

// Of a container, or of an image, whose id is a digest.
std::string short_id(const std::string& id, bool whole) {
    constexpr std::size_t kShown = 12;
    return whole ? id : id.substr(id.find(':') + 1, kShown);
}

std::string command_text(const container::Listed& listed, bool whole) {
    constexpr std::size_t kShown = 20;
    const std::string text = join(listed.record.command, " ");
    return whole ? text : excerpt(text, kShown);
}

std::vector<network::PortMapping> ports_of(const container::Listed& listed) {
    if (!listed.status.live) return {};
    return container::ports_of(*listed.status.live);
}

// As podman has them.
Json port_documents(const std::vector<network::PortMapping>& ports) {
    Json documents = Json::array();
    for (const network::PortMapping& port : ports)
        documents.push(Json::object()
                           .set("host_ip", port.address)
                           .set("host_port", std::uint32_t{port.host_port})
                           .set("container_port", std::uint32_t{port.container.number})
                           .set("range", 1)
                           .set("protocol", network::name_of(port.container.protocol)));
    return documents;
}

struct Ps : Command {
    ListingOptions listing;
    bool all = false;
    int last = 0;
    bool latest = false;
    bool size = false;
    bool pod = false;
    std::map<std::string, std::string> pod_names;  // by their ids
    std::string order;
    std::vector<std::string> filters;

    void declare(Args& args) override {
        args.flag("-a,--all", all, "Also those that do not run");
        args.flag("-l,--latest", latest, "Only the one made last, whatever it does");
        args.list(
            "-f,--filter", "KEY=VALUE", filters,
            "Only those for which it holds: name, id, status, exited, health, label, ancestor, "
            "volume, network, pod, since, before, until",
            kContainerFilters);
        args.option("-n,--last", "N", last, "Only the N made last, whatever they do");
        args.flag("-s,--size", size, "Measure their files, too");
        args.flag("-p,--pod", pod, "Show the pods that they are in, too");
        args.choice("--sort", kPsOrders, order, "By this, and not the newest first");
        listing.declare(args, "--noheading");
        args.example("sbx ps -a", "All containers");
        args.example("sbx ps --filter status=exited -q", "The ids of those that have ended");
        args.example("sbx ps --format '{{.Names}} {{.Status}}'", "Two columns, for a script");
    }

    Result<int> run(App& app) override {
        std::vector<PsEntry> found = TRY(find(app));
        TRY(find_pod_names(app, found));
        sort_entries(found, order);
        Listing table{.columns = {{"CONTAINER ID", "ID"},
                                  {"IMAGE", "Image"},
                                  {"COMMAND", "Command"},
                                  {"CREATED", "CreatedHuman"},
                                  {"STATUS", "Status"},
                                  {"PORTS", "Ports"},
                                  {"NAMES", "Names"}},
                      .id_field = "ID"};
        if (pod)
            table.columns.insert(table.columns.end(), {{"POD ID", "Pod"}, {"PODNAME", "PodName"}});
        if (size) table.columns.push_back({"SIZE", "Size"});
        for (const PsEntry& entry : found) {
            table.rows.push_back(row(entry));
            table.documents.push(document(entry));
        }
        TRY(show(table, listing, app));
        return 0;
    }

    Result<std::vector<PsEntry>> find(App& app) const {
        const store::Store* store = TRY(app.store());
        const auto filter = TRY(container::parse_filter(*store, filters));
        const os::IdMap ids = TRY(app.ids());
        std::vector<container::Listed> found = TRY(container::list(*store, ids));
        const auto most = static_cast<std::size_t>(latest ? 1 : std::max(last, 0));
        const bool only_running = most == 0 && !all && !filter.asks_for_state();
        std::erase_if(found, [&](const container::Listed& listed) {
            const bool runs = listed.status.is_active();
            return !filter.admits(listed) || (only_running && !runs);
        });
        if (most > 0) found.resize(std::min(found.size(), most));
        std::vector<PsEntry> entries;
        for (container::Listed& listed : found) {
            PsEntry entry{.listed = std::move(listed)};
            if (is_measured()) entry.sizes = sizes_of(*store, entry.listed.record, ids);
            entries.push_back(std::move(entry));
        }
        return entries;
    }

    Result<> find_pod_names(App& app, const std::vector<PsEntry>& found) {
        const bool any = std::ranges::any_of(
            found, [](const PsEntry& entry) { return !entry.listed.record.pod.empty(); });
        if (!any) return {};
        const store::Store* store = TRY(app.store());
        const store::Pods pods = TRY(store::Pods::open(*store));
        for (store::Pod& one : TRY(pods.all()))
            pod_names[one.id] = std::move(one.name);
        return {};
    }

    std::string pod_name_of(const store::ContainerRecord& record) const {
        const auto named = pod_names.find(record.pod);
        return named == pod_names.end() ? "" : named->second;
    }

    bool is_measured() const { return size || order == "size" || listing.format.contains(".Size"); }

    // Nothing of a container that goes meanwhile.
    static std::optional<container::FileSizes> sizes_of(const store::Store& store,
                                                        const store::ContainerRecord& record,
                                                        const os::IdMap& ids) {
        const Result<container::FileSizes> sizes = container::file_sizes(store, record, ids);
        if (!sizes) log::debug("not measured: {}", sizes.error().text());
        return sizes ? std::optional(*sizes) : std::nullopt;
    }

    static std::string size_of(const PsEntry& entry) {
        if (!entry.sizes) return "";
        return fmt::format("{} (virtual {})", size_text(entry.sizes->own),
                           size_text(entry.sizes->whole));
    }

    Json row(const PsEntry& entry) const {
        const container::Listed& listed = entry.listed;
        const store::ContainerRecord& record = listed.record;
        std::vector<std::string> labels;
        labels.reserve(record.labels.size());
        for (const auto& [key, value] : record.labels)
            labels.push_back(fmt::format("{}={}", key, value));
        return Json::object()
            .set("ID", short_id(record.id, listing.no_trunc))
            .set("Image", record.image_name)
            .set("ImageID", short_id(record.image_id, listing.no_trunc))
            .set("Command", command_text(listed, listing.no_trunc))
            .set("CreatedAt", rfc3339(record.created))
            .set("CreatedHuman", ago(record.created, now()) + " ago")
            .set("RunningFor", ago(record.created, now()) + " ago")
            .set("Status", container::describe(listed.status, record, now()))
            .set("State", container::name_of(listed.status))
            .set("ExitCode", listed.status.exit_code)
            .set("Pid", listed.status.live ? listed.status.live->pid : 0)
            .set("Size", size_of(entry))
            .set("Ports", network::to_text(ports_of(listed)))
            .set("Names", record.name)
            .set("Pod", short_id(record.pod, listing.no_trunc))
            .set("PodName", pod_name_of(record))
            .set("Labels", join(labels, ","))
            .set("Label", record.labels)
            .set("Mounts", join(record.mount_points, ","))
            .set("Networks", join(record.networks, ","));
    }

    Json document(const PsEntry& entry) const {
        const container::Listed& listed = entry.listed;
        const store::ContainerRecord& record = listed.record;
        Json json = Json::object();
        json.set("Id", record.id)
            .set("Names", Json::array().push(record.name))
            .set("Image", record.image_name)
            .set("ImageID", record.image_id)
            .set("Command", record.command)
            .set("Created", rfc3339(record.created))
            .set("State", container::name_of(listed.status))
            .set("Status", container::describe(listed.status, record, now()))
            .set("ExitCode", listed.status.exit_code)
            .set("Pid", listed.status.live ? listed.status.live->pid : 0)
            .set("Labels", record.labels)
            .set("Mounts", record.mount_points)
            .set("Networks", record.networks)
            .set("Ports", port_documents(ports_of(listed)))
            .set("Pod", record.pod)
            .set("PodName", pod_name_of(record))
            .set("IsInfra", record.is_infra)
            .set("AutoRemove", record.remove_after);
        if (listed.status.live) json.set("StartedAt", rfc3339(listed.status.live->started));
        if (entry.sizes)
            json.set("Size", Json::object()
                                 .set("rwSize", entry.sizes->own)
                                 .set("rootFsSize", entry.sizes->whole));
        if (record.finished) json.set("ExitedAt", rfc3339(*record.finished));
        return json;
    }
};

}  // namespace

std::unique_ptr<Command> make_ps() { return std::make_unique<Ps>(); }

}  // namespace sbx::cli
