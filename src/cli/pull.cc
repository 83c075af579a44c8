#include "cli/pull.h"

#include "cli/containers.h"
#include "cli/pull_options.h"
#include "image/load.h"

namespace sbx::cli {

namespace {

struct Pull : Command {
    PullWords words;
    bool all_tags = false;
    std::string policy = "always";
    std::vector<std::string> names;

    void declare(Args& args) override {
        static constexpr std::array<std::string_view, 4> kPolicies = {"always", "missing", "never",
                                                                      "newer"};
        words.declare(args);
        args.flag("-a,--all-tags", all_tags, "All tags of the repository");
        args.choice("--policy", kPolicies, policy, "When to ask the registry");
        args.operands("IMAGE", names,
                      "Name at a registry; or oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE",
                      Complete::image_sources);
        args.example("sbx pull alpine", "Fetch an image from docker.io");
        args.example("sbx pull --tls-verify=false localhost:5000/app:1",
                     "From a registry next door");
        args.example("sbx pull oci:layout:1", "From an OCI image layout on this disk");
    }

    Result<int> run(App& app) override {
        const image::PullOptions options = TRY(words.options(app));
        PullWorkshop workshop = TRY(PullWorkshop::open(app, words.progress));
        for (const std::string& name : names) {
            const std::vector<store::Image> images =
                TRY(fetch(app, name, workshop.workshop(), options));
            workshop.done();
            for (const store::Image& image : images)
                app.print(image.id.hex());
        }
        return 0;
    }

    // Whether a tag or a digest stands behind the repository.
    static bool names_one(std::string_view name) {
        return name.substr(name.rfind('/') + 1).find_first_of(":@") != name.npos;
    }

    Result<std::vector<store::Image>> fetch(const App& app, const std::string& name,
                                            const image::Workshop& workshop,
                                            const image::PullOptions& options) const {
        std::vector<store::Image> images;
        if (const auto transport = TRY(image::parse_transport(name))) {
            images.push_back(TRY(image::pull_from(*transport, workshop, options.platform)));
            return images;
        }
        const std::string plain = image::registry_name(name);
        if (all_tags && names_one(plain))
            return Error(Error::Kind::usage, "--all-tags: '{}' names one image already", name);
        if (all_tags) return image::pull_all_tags(plain, workshop, options);
        const image::PullPolicy when = TRY(image::parse_pull_policy(policy));
        image::Obtained obtained = TRY(image::obtain(plain, when, workshop, options));
        warn_unreachable(app, obtained);
        images.push_back(std::move(obtained.image));
        return images;
    }
};

}  // namespace

std::unique_ptr<Command> make_pull() { return std::make_unique<Pull>(); }

}  // namespace sbx::cli
