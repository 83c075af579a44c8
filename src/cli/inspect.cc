#include "cli/inspect.h"

#include <array>

#include "base/text.h"
#include "cli/containers.h"
#include "cli/template.h"
#include "container/inspect.h"
#include "container/networks.h"
#include "container/volumes.h"
#include "image/inspect.h"

namespace sbx::cli {

static constexpr std::array<std::string_view, 5> kTypes = {"all", "container", "image", "volume",
                                                           "network"};

Result<int> show_documents(App& app, const std::vector<std::string>& names,
                           const std::string& format,
                           const std::function<Result<Json>(const std::string&)>& document) {
    Json documents = Json::array();
    const auto add = [&](const std::string& name) -> Result<> {
        documents.push(TRY(document(name), "cannot inspect '{}'", name));
        return {};
    };
    const int status = TRY(for_each_name(app, names, add));
    if (format.empty() || format == "json") {
        app.print_raw(documents.dump(Json::Layout::indented) + "\n");
        return status;
    }
    const Template parsed = TRY(Template::parse(format));
    for (const Json& one : documents.items())
        app.print_raw(printable_lines(TRY(parsed.execute(one))) + "\n");
    return status;
}

namespace {

struct Inspect : Command {
    explicit Inspect(std::string kind) : type(std::move(kind)) {}

    std::string type;
    std::string format;
    bool all = false;
    std::vector<std::string> names;

    void declare(Args& args) override {
        const bool any = type == "all";
        if (any) args.choice("-t,--type", kTypes, type, "What NAME is");
        args.option("-f,--format", "TEMPLATE", format,
                    "Show each by a Go template, or as \"json\"");
        if (type == "volume") {
            args.flag("-a,--all", all, "All volumes");
            args.optional_operands("NAME", names, "Name of a volume", Complete::volumes);
            args.example("sbx volume inspect --format '{{.Mountpoint}}' cache", "Where it is");
        } else if (type == "image") {
            args.operands("NAME", names, "Name or id", Complete::images);
            args.example("sbx image inspect --format '{{.Digest}}' alpine", "One field");
        } else {
            args.operands("NAME", names, "Name or id",
                          any ? Complete::inspected : Complete::containers);
            args.example("sbx inspect --format '{{.State.Status}}' box", "One field");
        }
    }

    Result<int> run(App& app) override {
        if (type == "volume" && all != names.empty())
            return Error(Error::Kind::usage, "name volumes, or give --all");
        if (all) names = TRY(all_volumes(app));
        return show_documents(app, names, format,
                              [&](const std::string& name) { return document(app, name); });
    }

    static Result<std::vector<std::string>> all_volumes(App& app) {
        const store::Store* store = TRY(app.store());
        const store::Volumes volumes = TRY(store::Volumes::open(*store));
        return volumes.all_names();
    }

    bool may_be(std::string_view kind) const { return type == kind || type == "all"; }

    Result<Json> document(App& app, const std::string& name) const {
        const store::Store* store = TRY(app.store());
        if (may_be("container")) {
            const store::Containers containers = TRY(store::Containers::open(*store));
            const Result<std::string> id = containers.resolve(name);
            if (id) return container::inspect(*store, *id);
        }
        if (may_be("image")) {
            const store::Images images = TRY(store::Images::open(*store));
            const Result<store::Image> image = images.find(name);
            if (image) return image::inspect(*store, *image);
        }
        if (may_be("volume"))
            for (const container::ListedVolume& volume : TRY(container::list_volumes(*store)))
                if (volume.volume.name == name) return container::inspect_volume(volume);
        if (may_be("network"))
            if (const auto network = container::find_network(*store, name))
                return container::inspect_network(*store, *network);
        const std::string what = type == "all" ? "container, image, volume or network" : type;
        return Error(Error::Kind::not_found, "there is no {} '{}'", what, name);
    }
};

}  // namespace

std::unique_ptr<Command> make_inspect() { return std::make_unique<Inspect>("all"); }
std::unique_ptr<Command> make_image_inspect() { return std::make_unique<Inspect>("image"); }
std::unique_ptr<Command> make_volume_inspect() { return std::make_unique<Inspect>("volume"); }

}  // namespace sbx::cli
