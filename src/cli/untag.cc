#include "cli/untag.h"

#include "cli/app.h"
#include "store/events.h"
#include "store/images.h"

namespace sbx::cli {

namespace {

struct Untag : Command {
    std::string image;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.operand("IMAGE", image, "Name or id", Complete::images);
        args.optional_operands(
            "NAME", names,
            "Name to take from it; if none is given, the one that IMAGE is, or all of an id",
            Complete::images);
        args.example("sbx untag localhost/base:1", "Take this name away; the image stays");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const os::Lock lock = TRY(store->lock(os::Share::exclusive));
        const store::Images images = TRY(store::Images::open(*store));
        const store::Image found = TRY(images.find(image));
        const std::vector<oci::Reference> references = TRY(wanted(images, found));
        for (const oci::Reference& reference : references) {
            TRY(images.unname(reference));
            store::note(*store, store::event_of_image("untag", found.id.text(), reference.text()));
            app.print("Untagged: " + reference.text());
        }
        TRY(images.publish_index());
        return 0;
    }

    Result<std::vector<oci::Reference>> wanted(const store::Images& images,
                                               const store::Image& found) const {
        std::vector<oci::Reference> references;
        references.reserve(names.size());
        for (const std::string& name : names)
            references.push_back(TRY(oci::Reference::parse(name)));
        if (!names.empty()) return references;
        const Result<oci::Reference> own = oci::Reference::parse(image);
        if (own && !image.starts_with("sha256:") && TRY(images.find(*own)))
            return std::vector<oci::Reference>{*own};
        return found.names;
    }
};

}  // namespace

std::unique_ptr<Command> make_untag() { return std::make_unique<Untag>(); }

}  // namespace sbx::cli
