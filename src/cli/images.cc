#include "cli/images.h"

#include <algorithm>

#include "base/text.h"
#include "cli/listing.h"
#include "cli/words.h"
#include "image/remove.h"
#include "store/images.h"

namespace sbx::cli {

namespace {

struct Images : Command {
    ListingOptions listing;
    bool digests = false;
    std::vector<std::string> filters;
    std::string name;

    void declare(Args& args) override {
        args.flag("-a,--all", all_, "All images; there are no hidden ones");
        args.flag("--digests", digests, "Show the digests of the manifests");
        args.list(
            "-f,--filter", "KEY=VALUE", filters,
            "Only those for which it holds: dangling, reference, label, before, since and others",
            kImageFilters);
        listing.declare(args);
        args.optional_operand("NAME", name,
                              "Only images of this name or pattern, or of this repository",
                              Complete::images);
        args.example("sbx images", "What is here");
        args.example("sbx images --filter dangling=true -q", "The ids of those without a name");
        args.example("sbx images --format '{{.Repository}}:{{.Tag}} {{.Size}}'", "For a script");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Images images = TRY(store::Images::open(*store));
        auto [all, damaged] = TRY(images.survey());
        for (const std::string& why : damaged)
            app.warn("an image is damaged: " + why);
        std::ranges::stable_sort(all, [](const auto& a, const auto& b) {
            return a.created.value_or(Instant()) > b.created.value_or(Instant());
        });
        filter_ = TRY(image::parse_filter(*store, filters));
        Listing table{.columns = columns(), .id_field = "ID"};
        for (const store::Image& image : all)
            if (filter_.admits(image)) add(image, table);
        if (listing.quiet) drop_repeated_ids(table);
        TRY(show(table, listing, app));
        return 0;
    }

private:
    std::vector<Column> columns() const {
        std::vector<Column> columns = {{"REPOSITORY", "Repository"}, {"TAG", "Tag"}};
        if (digests) columns.push_back({"DIGEST", "Digest"});
        columns.insert(columns.end(),
                       {{"IMAGE ID", "ID"}, {"CREATED", "CreatedSince"}, {"SIZE", "Size"}});
        return columns;
    }

    bool wanted(const oci::Reference& reference) const {
        if (!filter_.admits(reference)) return false;
        if (name.empty()) return true;
        if (name.find_first_of("*?[") != name.npos) return image::name_matches(name, reference);
        const Result<oci::Reference> asked = oci::Reference::parse(name);
        if (!asked || asked->repository() != reference.repository()) return false;
        const bool tagged = name.find(':', name.rfind('/') + 1) != name.npos;
        return !tagged || asked->tag() == reference.tag();
    }

    void add(const store::Image& image, Listing& table) const {
        if (image.names.empty() && name.empty()) table.rows.push_back(row(image, nullptr));
        bool any = image.names.empty() && name.empty();
        for (const oci::Reference& reference : image.names)
            if (wanted(reference)) {
                table.rows.push_back(row(image, &reference));
                any = true;
            }
        if (any) table.documents.push(document(image));
    }

    Json row(const store::Image& image, const oci::Reference* reference) const {
        const bool tagged = reference && !reference->tag().empty();
        return Json::object()
            .set("Repository", reference ? reference->repository() : "<none>")
            .set("Tag", tagged ? reference->tag() : "<none>")
            .set("Digest", image.manifest.digest.text())
            .set("ID", listing.no_trunc ? image.id.text() : image.id.short_hex())
            .set("CreatedSince", image.created ? ago(*image.created, now()) + " ago" : "")
            .set("CreatedAt", image.created ? rfc3339(*image.created) : "")
            .set("Size", size_text(image.bytes));
    }

    static Json document(const store::Image& image) {
        std::vector<std::string> names;
        names.reserve(image.names.size());
        for (const oci::Reference& reference : image.names)
            names.push_back(reference.text());
        return Json::object()
            .set("Id", image.id.hex())
            .set("Digest", image.manifest.digest.text())
            .set("Names", names)
            .set("Created", image.created ? rfc3339(*image.created) : "")
            .set("Size", image.bytes)
            .set("Labels", image.defaults.labels)
            .set("Architecture", image.platform.architecture)
            .set("Os", image.platform.os);
    }

    static void drop_repeated_ids(Listing& table) {
        std::vector<std::string> seen;
        std::erase_if(table.rows, [&](const Json& row) {
            const std::string id = *row["ID"].as_string();
            if (std::ranges::find(seen, id) != seen.end()) return true;
            seen.push_back(id);
            return false;
        });
    }

    bool all_ = false;
    image::Filter filter_;
};

}  // namespace

std::unique_ptr<Command> make_images() { return std::make_unique<Images>(); }

}  // namespace sbx::cli
