#include "cli/untag.h"

#include "cli/app.h"
#include "store/images.h"

namespace sbx::cli {

namespace {

struct Untag : Command {
    std::string image;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.operand("IMAGE", image, "Name or id", Complete::images);
        args.optional_operands("NAME", names, "Name to take from it; all of them if none is given",
                               Complete::images);
        args.example("sbx untag localhost/base:1", "Take a name away; the image stays");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const os::Lock lock = TRY(store->lock(os::Share::exclusive));
        const store::Images images = TRY(store::Images::open(*store));
        const store::Image found = TRY(images.find(image));
        std::vector<oci::Reference> references =
            names.empty() ? found.names : std::vector<oci::Reference>();
        for (const std::string& name : names)
            references.push_back(TRY(oci::Reference::parse(name)));
        for (const oci::Reference& reference : references)
            TRY(images.unname(reference));
        TRY(images.publish_index());
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_untag() { return std::make_unique<Untag>(); }

}  // namespace sbx::cli
