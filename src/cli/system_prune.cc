#include "cli/system_prune.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/time.h"
#include "cli/app.h"
#include "cli/rmi.h"
#include "cli/words.h"
#include "container/end.h"
#include "container/filter.h"
#include "container/network_filter.h"
#include "container/pod_filter.h"
#include "container/prune.h"
#include "container/usage.h"
#include "image/remove.h"

namespace sbx::cli {

namespace {

using container::ContainerUsage;
using container::ImageUsage;
using container::Usage;

struct Filters {
    container::Filter containers;
    container::PodFilter pods;
    image::Filter images;
    container::VolumeFilter volumes;
    container::NetworkFilter networks;
    std::optional<Instant> until = {};  // of containers

    bool admits(const container::Listed& one) const {
        const bool old_enough = !until || one.record.created < *until;
        return old_enough && containers.admits(one);
    }

    // All that is in it would go, too.
    bool admits(const container::ListedPod& pod) const {
        const auto members = pod.members();
        return pods.admits(pod) && std::ranges::all_of(members, [&](const container::Listed* one) {
                   return admits(*one);
               });
    }
};

// Keys that mean something of everything that goes.
Result<Filters> parse_filters(const store::Store& store, const std::vector<std::string>& texts) {
    Filters filters;
    std::vector<std::string> labels;
    for (const std::string& text : texts) {
        const auto pair = halves(text, '=');
        const std::string_view key = pair ? pair->before : text;
        if (key != "until" && key != "label" && key != "label!")
            return Error(Error::Kind::usage, "--filter {}: until=, label= or label!= belongs there",
                         excerpt(text));
        if (pair && key == "until")
            filters.until = TRY(parse_filter_time(key, pair->after, now()));
        else
            labels.push_back(text);
    }
    filters.containers = TRY(container::Filter::parse(labels));
    filters.pods = TRY(container::PodFilter::parse(texts));
    filters.images = TRY(image::parse_filter(store, texts));
    filters.volumes = TRY(container::parse_volume_filter(store, texts));
    filters.networks = TRY(container::NetworkFilter::parse(texts, now()));
    return filters;
}

struct SystemPrune : Command {
    bool all = false;
    bool force = false;
    bool volumes = false;
    std::vector<std::string> filter_texts;

    void declare(Args& args) override {
        args.flag("-a,--all", all, "Also images with a name that no container uses");
        args.flag("-f,--force", force, "Do not ask");
        args.flag("--volumes", volumes, "Also volumes without a name that no container has");
        args.list("--filter", "KEY=VALUE", filter_texts,
                  "Only those for which it holds: until=24h, label=NAME, label!=NAME",
                  kPruneFilters);
        args.example("sbx system prune", "Say what could go, and ask");
        args.example("sbx system prune -af --volumes --filter until=240h", "From a timer");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const Filters filters = TRY(parse_filters(*store, filter_texts));
        const Usage usage = TRY(container::find_usage(*store, ids));
        if (!force) {
            announce(app, usage, filters);
            if (TRY(app.ask("Remove all that?")) == App::Answer::no) return 0;
        }
        std::uint64_t bytes = TRY(remove_pods(app, *store, ids, filters));
        bytes += TRY(remove_containers(app, *store, usage, filters));
        TRY(remove_networks(app, *store, filters));
        const auto unused = all ? image::Unused::named : image::Unused::unnamed;
        const image::Removed removed = TRY(image::prune(*store, ids, unused, filters.images));
        heading(app, "Deleted Images", removed.deleted.size());
        for (const oci::Digest& id : removed.deleted)
            app.print(id.hex());
        bytes += removed.rest.bytes;
        if (volumes) {
            const auto pruned = TRY(container::prune_volumes(
                *store, ids, container::PruneVolumes::anonymous, filters.volumes));
            heading(app, "Deleted Volumes", pruned.names.size());
            for (const std::string& name : pruned.names)
                app.print(name);
            bytes += pruned.bytes;
        }
        app.note(fmt::format("{} freed", size_text(bytes)));
        warn_kept(app, removed.rest);
        return 0;
    }

private:
    // The infra of a pod goes with that.
    static bool goes(const ContainerUsage& one, const Filters& filters) {
        const container::Listed& container = one.container;
        return !container.status.is_active() && !container.record.is_infra &&
               filters.admits(container);
    }

    // Once those containers are gone.
    bool goes(const ImageUsage& one, const Usage& usage, const Filters& filters) const {
        if ((!all && !one.image.names.empty()) || !filters.images.admits(one.image)) return false;
        for (const ContainerUsage& user : usage.containers)
            if (!goes(user, filters) && container::needs_image(user.container.record, one.image))
                return false;
        return true;
    }

    void announce(const App& app, const Usage& usage, const Filters& filters) const {
        std::size_t count = 0;
        std::uint64_t bytes = 0;
        for (const ContainerUsage& one : usage.containers)
            if (goes(one, filters)) {
                ++count;
                bytes += one.bytes;
            }
        app.note("This would go:");
        app.note("- pods that have ended, with all that is in them");
        app.note(fmt::format("- containers that do not run: {}, {}", count, size_text(bytes)));
        const auto unused = [&](const ImageUsage& one) { return goes(one, usage, filters); };
        const auto images = std::ranges::count_if(usage.images, unused);
        app.note(fmt::format("- images {}that no container uses then: {}, {}",
                             all ? "" : "without a name ", images,
                             size_text(usage.bytes_without(unused))));
        app.note("- networks that no container is on then");
        app.note("- what interrupted pulls have left");
        if (volumes) announce_volumes(app, usage, filters);
    }

    static void announce_volumes(const App& app, const Usage& usage, const Filters& filters) {
        std::size_t count = 0;
        std::uint64_t bytes = 0;
        for (const container::VolumeUsage& one : usage.volumes) {
            bool used = false;
            for (const ContainerUsage& user : usage.containers) {
                const auto& its = user.container.record.volumes;
                const bool has = std::ranges::find(its, one.volume.volume.name) != its.end();
                used = used || (has && !goes(user, filters));
            }
            const bool goes_too = !one.volume.users.empty();  // with its last container
            if (used || !one.volume.volume.anonymous) continue;
            if (!goes_too && !filters.volumes.admits(one.volume)) continue;
            ++count;
            bytes += one.bytes;
        }
        app.note(fmt::format("- volumes without a name that no container has then: {}, {}", count,
                             size_text(bytes)));
    }

    static void heading(App& app, std::string_view text, std::size_t count) {
        if (count > 0) app.print(text);
    }

    static Result<> remove_networks(App& app, const store::Store& store, const Filters& filters) {
        const auto gone = TRY(container::prune_networks(store, filters.networks));
        heading(app, "Deleted Networks", gone.size());
        for (const std::string& name : gone)
            app.print(name);
        return {};
    }

    static Result<std::uint64_t> remove_pods(App& app, const store::Store& store,
                                             const os::IdMap& ids, const Filters& filters) {
        const container::Pruned pruned = TRY(container::prune_pods(
            store, ids, [&](const container::ListedPod& pod) { return filters.admits(pod); }));
        heading(app, "Deleted Pods", pruned.ids.size());
        for (const std::string& id : pruned.ids)
            app.print(id);
        for (const Error& failure : pruned.failures)
            app.warn(failure.text());
        return pruned.bytes;
    }

    // One that has been started meanwhile stays, and one may have gone with its pod.
    static Result<std::uint64_t> remove_containers(App& app, const store::Store& store,
                                                   const Usage& usage, const Filters& filters) {
        const os::IdMap ids = TRY(app.ids());
        std::vector<std::string> gone;
        std::uint64_t bytes = 0;
        for (const ContainerUsage& one : usage.containers) {
            if (!goes(one, filters)) continue;
            const std::string& id = one.container.record.id;
            const Result<> removed = container::remove(store, id, ids, container::Force::no);
            if (removed.failed_as(Error::Kind::not_found)) continue;
            if (!removed) {
                app.warn(removed.error().text());
                continue;
            }
            gone.push_back(id);
            bytes += one.bytes;
        }
        heading(app, "Deleted Containers", gone.size());
        for (const std::string& id : gone)
            app.print(id);
        return bytes;
    }
};

}  // namespace

std::unique_ptr<Command> make_system_prune() { return std::make_unique<SystemPrune>(); }

}  // namespace sbx::cli
