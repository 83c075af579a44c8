#include "cli/system_df.h"

#include "base/text.h"
#include "base/time.h"
#include "cli/listing.h"
#include "container/usage.h"

namespace sbx::cli {

namespace {

using container::ContainerUsage;
using container::ImageUsage;
using container::Usage;
using container::VolumeUsage;

bool runs(const ContainerUsage& one) { return one.container.status.is_active(); }

struct Sum {
    const char* type;
    std::size_t total = 0;
    std::size_t active = 0;
    std::uint64_t bytes = 0;
    std::uint64_t reclaimable = 0;
};

Json row_of(const Sum& sum) {
    const std::uint64_t percent = sum.bytes == 0 ? 0 : sum.reclaimable * 100 / sum.bytes;
    return Json::object()
        .set("Type", sum.type)
        .set("Total", std::uint64_t{sum.total})
        .set("TotalCount", std::uint64_t{sum.total})
        .set("Active", std::uint64_t{sum.active})
        .set("Size", size_text(sum.bytes))
        .set("RawSize", sum.bytes)
        .set("Reclaimable", fmt::format("{} ({}%)", size_text(sum.reclaimable), percent))
        .set("RawReclaimable", sum.reclaimable);
}

Sum sum_of_images(const Usage& usage) {
    Sum sum{.type = "Images", .total = usage.images.size(), .bytes = usage.layer_bytes()};
    for (const ImageUsage& one : usage.images)
        if (one.containers > 0) ++sum.active;
    sum.reclaimable =
        usage.bytes_without([](const ImageUsage& one) { return one.containers == 0; });
    return sum;
}

Sum sum_of_containers(const Usage& usage) {
    Sum sum{.type = "Containers", .total = usage.containers.size()};
    for (const ContainerUsage& one : usage.containers) {
        sum.bytes += one.bytes;
        if (runs(one))
            ++sum.active;
        else
            sum.reclaimable += one.bytes;
    }
    return sum;
}

Sum sum_of_volumes(const Usage& usage) {
    Sum sum{.type = "Local Volumes", .total = usage.volumes.size()};
    for (const VolumeUsage& one : usage.volumes) {
        sum.bytes += one.bytes;
        if (!one.volume.users.empty())
            ++sum.active;
        else
            sum.reclaimable += one.bytes;
    }
    return sum;
}

Listing images_in(const Usage& usage) {
    Listing table{.columns = {{"REPOSITORY", "Repository"},
                              {"TAG", "Tag"},
                              {"IMAGE ID", "ID"},
                              {"CREATED", "Created"},
                              {"SIZE", "Size"},
                              {"SHARED SIZE", "SharedSize"},
                              {"UNIQUE SIZE", "UniqueSize"},
                              {"CONTAINERS", "Containers"}},
                  .id_field = "ID"};
    for (const ImageUsage& one : usage.images) {
        const store::Image& image = one.image;
        const oci::Reference* name = image.names.empty() ? nullptr : &image.names.front();
        const bool tagged = name && !name->tag().empty();
        table.rows.push_back(
            Json::object()
                .set("Repository", name ? name->repository() : "<none>")
                .set("Tag", tagged ? name->tag() : "<none>")
                .set("ID", image.id.short_hex())
                .set("Created", image.created ? ago(*image.created, now()) + " ago" : "")
                .set("Size", size_text(one.bytes))
                .set("SharedSize", size_text(one.shared))
                .set("UniqueSize", size_text(one.bytes - one.shared))
                .set("Containers", std::uint64_t{one.containers}));
    }
    return table;
}

Listing containers_in(const Usage& usage) {
    Listing table{.columns = {{"CONTAINER ID", "ID"},
                              {"IMAGE", "Image"},
                              {"COMMAND", "Command"},
                              {"LOCAL VOLUMES", "Volumes"},
                              {"SIZE", "Size"},
                              {"CREATED", "Created"},
                              {"STATUS", "Status"},
                              {"NAMES", "Names"}},
                  .id_field = "ID"};
    for (const ContainerUsage& one : usage.containers) {
        const store::ContainerRecord& record = one.container.record;
        table.rows.push_back(
            Json::object()
                .set("ID", record.id.substr(0, 12))
                .set("Image", record.image_name)
                .set("Command", excerpt(join(record.command, " "), 20))
                .set("Volumes", std::uint64_t{record.volumes.size()})
                .set("Size", size_text(one.bytes))
                .set("Created", ago(record.created, now()) + " ago")
                .set("Status", container::describe(one.container.status, record, now()))
                .set("Names", record.name));
    }
    return table;
}

Listing volumes_in(const Usage& usage) {
    Listing table{.columns = {{"VOLUME NAME", "Name"}, {"LINKS", "Links"}, {"SIZE", "Size"}},
                  .id_field = "Name"};
    for (const VolumeUsage& one : usage.volumes)
        table.rows.push_back(Json::object()
                                 .set("Name", one.volume.volume.name)
                                 .set("Links", std::uint64_t{one.volume.users.size()})
                                 .set("Size", size_text(one.bytes)));
    return table;
}

struct SystemDf : Command {
    bool verbose = false;
    std::string format;

    void declare(Args& args) override {
        args.flag("-v,--verbose", verbose, "Show each image, container and volume");
        args.option("--format", "TEMPLATE", format,
                    "Show each kind by a Go template, \"table TEMPLATE\", or all as \"json\"");
        args.example("sbx system df", "What takes the space, and what prune would free");
    }

    Result<int> run(App& app) override {
        if (verbose && !format.empty())
            return Error(Error::Kind::usage, "--verbose has tables of its own, and no --format");
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        const Usage usage = TRY(container::find_usage(*store, ids));
        if (verbose) return show_each(usage, app);
        Listing table{.columns = {{"TYPE", "Type"},
                                  {"TOTAL", "Total"},
                                  {"ACTIVE", "Active"},
                                  {"SIZE", "Size"},
                                  {"RECLAIMABLE", "Reclaimable"}},
                      .id_field = "Type"};
        for (const Sum& sum :
             {sum_of_images(usage), sum_of_containers(usage), sum_of_volumes(usage)}) {
            table.rows.push_back(row_of(sum));
            table.documents.push(row_of(sum));
        }
        TRY(show(table, {.format = format}, app));
        return 0;
    }

    static Result<int> show_each(const Usage& usage, App& app) {
        app.print_raw("Images space usage:\n\n");
        TRY(show(images_in(usage), {}, app));
        app.print_raw("\nContainers space usage:\n\n");
        TRY(show(containers_in(usage), {}, app));
        app.print_raw("\nLocal Volumes space usage:\n\n");
        TRY(show(volumes_in(usage), {}, app));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_system_df() { return std::make_unique<SystemDf>(); }

}  // namespace sbx::cli
