#include "cli/inspect.h"

#include <array>

#include "base/text.h"
#include "cli/containers.h"
#include "cli/template.h"
#include "container/inspect.h"
#include "image/inspect.h"

namespace sbx::cli {

static constexpr std::array<std::string_view, 3> kTypes = {"all", "container", "image"};

namespace {

struct Inspect : Command {
    explicit Inspect(std::string kind) : type(std::move(kind)) {}

    std::string type;
    std::string format;
    std::vector<std::string> names;

    void declare(Args& args) override {
        const bool images = type == "image";
        if (!images) args.choice("-t,--type", kTypes, type, "What NAME is");
        args.option("-f,--format", "TEMPLATE", format,
                    "Show each by a Go template, or as \"json\"");
        args.operands("NAME", names, "Name or id",
                      images ? Complete::images : Complete::containers);
        if (images)
            args.example("sbx image inspect --format '{{.Digest}}' alpine", "One field");
        else
            args.example("sbx inspect --format '{{.State.Status}}' box", "One field");
    }

    Result<int> run(App& app) override {
        Json documents = Json::array();
        const auto add = [&](const std::string& name) -> Result<> {
            documents.push(TRY(document(app, name), "cannot inspect '{}'", name));
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

    Result<Json> document(App& app, const std::string& name) const {
        const store::Store* store = TRY(app.store());
        if (type != "image") {
            const store::Containers containers = TRY(store::Containers::open(*store));
            const Result<std::string> id = containers.resolve(name);
            if (id) return container::inspect(*store, *id);
            if (type == "container")
                return Error(Error::Kind::not_found, "there is no container '{}'", name);
        }
        const store::Images images = TRY(store::Images::open(*store));
        const Result<store::Image> image = images.find(name);
        if (image) return image::inspect(*store, *image);
        if (type == "image") return Error(Error::Kind::not_found, "there is no image '{}'", name);
        return Error(Error::Kind::not_found, "there is no container or image '{}'", name);
    }
};

}  // namespace

std::unique_ptr<Command> make_inspect() { return std::make_unique<Inspect>("all"); }
std::unique_ptr<Command> make_image_inspect() { return std::make_unique<Inspect>("image"); }

}  // namespace sbx::cli
