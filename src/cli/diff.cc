#include "cli/diff.h"

#include "base/text.h"
#include "cli/app.h"
#include "container/diff.h"
#include "store/containers.h"

namespace sbx::cli {

namespace {

using image::TreeChange;

constexpr std::string_view kFormats[] = {"json"};

struct Diff : Command {
    std::string format;
    bool sizes = false;
    std::string name;

    void declare(Args& args) override {
        args.choice("--format", kFormats, format, "Print an object instead of lines");
        args.flag("-s,--size", sizes, "Show the sizes of files that were added or changed");
        args.operand("CONTAINER", name, "Name or id", Complete::containers);
        args.example("sbx diff box", "What a container has changed of its image's files");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const std::string id = TRY(containers.resolve(name));
        const os::IdMap ids = TRY(app.ids());
        const std::vector<TreeChange> changes =
            TRY(container::diff(*store, id, ids), "cannot compare '{}'", name);
        if (format == "json")
            app.print_raw(document(changes).dump() + "\n");
        else
            for (const TreeChange& change : changes)
                app.print(line(change));
        return 0;
    }

    std::string line(const TreeChange& change) const {
        std::string plain = fmt::format("{} {}", static_cast<char>(change.kind), change.path);
        if (!sizes || change.kind == TreeChange::Kind::deleted) return plain;
        return fmt::format("{} {}", plain, size_text(change.size));
    }

    Json document(const std::vector<TreeChange>& changes) const {
        Json lists[] = {Json::array(), Json::array(), Json::array()};
        Json::Object bytes;
        for (const TreeChange& change : changes) {
            const std::size_t list = change.kind == TreeChange::Kind::changed ? 0
                                     : change.kind == TreeChange::Kind::added ? 1
                                                                              : 2;
            lists[list].push(change.path);
            if (list != 2) bytes.emplace_back(change.path, change.size);
        }
        Json json = Json::object();
        json.set("changed", std::move(lists[0]))
            .set("added", std::move(lists[1]))
            .set("deleted", std::move(lists[2]));
        if (sizes) json.set("sizes", std::move(bytes));
        return json;
    }
};

}  // namespace

std::unique_ptr<Command> make_diff() { return std::make_unique<Diff>(); }

}  // namespace sbx::cli
