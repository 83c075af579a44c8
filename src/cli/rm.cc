#include "cli/rm.h"

#include "cli/containers.h"
#include "container/end.h"
#include "container/status.h"

namespace sbx::cli {

namespace {

struct Rm : Command {
    bool force = false;
    bool all = false;
    bool ignore = false;
    bool volumes = false;
    std::vector<std::string> names;

    void declare(Args& args) override {
        args.flag("-f,--force", force,
                  "Kill containers that run; pass over those that do not exist");
        args.flag("-a,--all", all, "All containers");
        args.flag("-i,--ignore", ignore, "Pass over containers that do not exist");
        args.flag("-v,--volumes", volumes,
                  "Remove unnamed volumes too, which rm does also without it");
        args.optional_operands("CONTAINER", names, "Name or id", Complete::containers);
        args.example("sbx rm box", "Remove a container");
        args.example("sbx rm -fa", "Remove all, also those that run");
    }

    Result<int> run(App& app) override {
        if (all != names.empty())
            return Error(Error::Kind::usage, "name containers, or give --all");
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const os::IdMap ids = TRY(app.ids());
        if (all)
            for (const container::Listed& listed : TRY(container::list(*store, ids)))
                names.push_back(listed.record.id);
        return for_each_name(app, names, [&](const std::string& name) -> Result<> {
            const Result<std::string> id = containers.resolve(name);
            if (id.failed_as(Error::Kind::not_found) && (force || ignore)) return {};
            TRY(remove(*store, name, ids), "cannot remove '{}'", name);
            app.print(name);
            return {};
        });
    }

    Result<> remove(const store::Store& store, const std::string& name,
                    const os::IdMap& ids) const {
        const store::Containers containers = TRY(store::Containers::open(store));
        const std::string id = TRY(containers.resolve(name));
        return container::remove(store, id, ids,
                                 force ? container::Force::kill : container::Force::no);
    }
};

}  // namespace

std::unique_ptr<Command> make_rm() { return std::make_unique<Rm>(); }

}  // namespace sbx::cli
