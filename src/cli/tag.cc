#include "cli/tag.h"

#include "cli/app.h"
#include "store/events.h"
#include "store/images.h"

namespace sbx::cli {

namespace {

struct Tag : Command {
    std::string image;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.operand("IMAGE", image, "Name or id", Complete::images);
        args.operands("NAME", names, "Further name for it", Complete::images);
        args.example("sbx tag alpine localhost/base:1", "Give an image another name");
    }

    Result<int> run(App& app) override {
        std::vector<oci::Reference> references;
        for (const std::string& name : names) {
            references.push_back(TRY(oci::Reference::parse(name)));
            if (references.back().digest())
                return Error(Error::Kind::usage, "'{}': a name to give has no digest", name);
        }
        const store::Store* store = TRY(app.store());
        const os::Lock lock = TRY(store->lock(os::Share::exclusive));
        const store::Images images = TRY(store::Images::open(*store));
        const store::Image found = TRY(images.find(image));
        for (const oci::Reference& reference : references) {
            TRY(images.name(reference, found.id));
            store::note(*store, store::event_of_image("tag", found.id.text(), reference.text()));
        }
        TRY(images.publish_index());
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_tag() { return std::make_unique<Tag>(); }

}  // namespace sbx::cli
