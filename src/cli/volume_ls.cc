#include "cli/volume_ls.h"

#include "base/text.h"
#include "cli/listing.h"
#include "cli/words.h"
#include "container/volumes.h"

namespace sbx::cli {

namespace {

Json row_of(const container::ListedVolume& listed) {
    const store::Volume& volume = listed.volume;
    std::vector<std::string> labels;
    labels.reserve(volume.labels.size());
    for (const auto& [key, value] : volume.labels)
        labels.push_back(fmt::format("{}={}", key, value));
    return Json::object()
        .set("Name", volume.name)
        .set("Driver", "local")
        .set("Mountpoint", volume.path)
        .set("CreatedAt", rfc3339(volume.created))
        .set("Labels", join(labels, ","))
        .set("Label", volume.labels)
        .set("Scope", "local")
        .set("Anonymous", volume.anonymous)
        .set("Containers", join(listed.users, ","));
}

struct VolumeLs : Command {
    ListingOptions listing;
    std::vector<std::string> filters;

    void declare(Args& args) override {
        args.list("-f,--filter", "KEY=VALUE", filters,
                  "Only those for which it holds: name, label, dangling, anonymous, since, until",
                  kVolumeFilters);
        listing.declare(args);
        args.example("sbx volume ls --filter dangling=true -q",
                     "The names of those that no container has");
        args.example("sbx volume ls --format '{{.Name}} {{.Containers}}'", "Who has what");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const auto filter = TRY(container::parse_volume_filter(*store, filters));
        Listing table{.columns = {{"DRIVER", "Driver"}, {"VOLUME NAME", "Name"}},
                      .id_field = "Name"};
        for (const container::ListedVolume& listed : TRY(container::list_volumes(*store))) {
            if (!filter.admits(listed)) continue;
            table.rows.push_back(row_of(listed));
            table.documents.push(container::inspect_volume(listed));
        }
        TRY(show(table, listing, app));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_volume_ls() { return std::make_unique<VolumeLs>(); }

}  // namespace sbx::cli
