#include "cli/history.h"

#include "base/text.h"
#include "cli/listing.h"
#include "image/inspect.h"

namespace sbx::cli {

namespace {

struct History : Command {
    ListingOptions listing;
    std::string name;
    bool human = true;

    void declare(Args& args) override {
        listing.declare(args);
        args.flag("-H,--human", human, "Sizes and times for people; false: in bytes, and exact");
        args.operand("IMAGE", name, "Name or id", Complete::images);
        args.example("sbx history alpine", "How an image came about, newest first");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Images images = TRY(store::Images::open(*store));
        const store::Image image = TRY(images.find(name));
        Listing table{.columns = {{"ID", "ID"},
                                  {"CREATED", "CreatedSince"},
                                  {"CREATED BY", "CreatedBy"},
                                  {"SIZE", "Size"},
                                  {"COMMENT", "Comment"}},
                      .id_field = "ID"};
        for (const image::Step& step : TRY(image::history(*store, image))) {
            table.rows.push_back(row(step));
            table.documents.push(document(step));
        }
        TRY(show(table, listing, app));
        return 0;
    }

    Json row(const image::Step& step) const {
        constexpr std::size_t kShown = 45;
        const bool whole = listing.no_trunc;
        return Json::object()
            .set("ID", whole || step.id.size() < 64 ? step.id : step.id.substr(0, 12))
            .set("CreatedSince", since(step))
            .set("CreatedAt", step.created ? rfc3339(*step.created) : "")
            .set("CreatedBy", whole ? step.created_by : excerpt(step.created_by, kShown))
            .set("Size", human ? size_text(step.bytes) : fmt::format("{}", step.bytes))
            .set("Comment", step.comment);
    }

    std::string since(const image::Step& step) const {
        if (!step.created) return "";
        return human ? ago(*step.created, now()) + " ago" : rfc3339(*step.created);
    }

    static Json document(const image::Step& step) {
        return Json::object()
            .set("id", step.id)
            .set("created", step.created ? rfc3339(*step.created) : "")
            .set("CreatedBy", step.created_by)
            .set("size", step.bytes)
            .set("comment", step.comment);
    }
};

}  // namespace

std::unique_ptr<Command> make_history() { return std::make_unique<History>(); }

}  // namespace sbx::cli
