#include "cli/top.h"

#include "cli/choice.h"
#include "cli/listing.h"
#include "container/top.h"

namespace sbx::cli {

namespace {

struct Top : Command {
    ContainerChoice choice;
    std::string name;
    std::vector<std::string> format;

    void declare(Args& args) override {
        choice.declare_latest(args);
        args.optional_operand("CONTAINER", name, "Name or id", Complete::running_containers);
        args.verbatim("FORMAT", format, "Columns, such as pid,user,args; or -ef or aux");
        args.example("sbx top box", "What runs in a container");
        args.example("sbx top box pid,hpid,args", "With the numbers that the host has for it");
    }

    Result<int> run(App& app) override {
        if (!choice.latest && name.empty())
            return Error(Error::Kind::usage, "name a container, or give --latest");
        if (!choice.latest)
            choice.names = {name};
        else if (!name.empty())  // what stands where its name would is the first column
            format.insert(format.begin(), name);
        const std::vector<std::string> columns = TRY(container::parse_descriptors(format));
        const Choice chosen = TRY(choose(app, choice, Among::all, "list the processes of"));
        if (chosen.containers.empty()) return chosen.status;
        const Chosen& one = chosen.containers.front();
        const store::Store* store = TRY(app.store());
        const container::ProcessTable table = TRY(container::top(*store, one.id, columns),
                                                  "cannot list the processes of '{}'", one.name);
        TRY(show(listing_of(table), {}, app));
        return 0;
    }

    static Listing listing_of(const container::ProcessTable& table) {
        Listing listing;
        for (std::size_t i = 0; i < table.headings.size(); ++i)
            listing.columns.push_back(
                {.heading = table.headings[i], .field = fmt::format("{}", i)});
        for (const std::vector<std::string>& row : table.rows) {
            Json cells = Json::object();
            for (std::size_t i = 0; i < row.size(); ++i)
                cells.set(fmt::format("{}", i), row[i]);
            listing.rows.push_back(std::move(cells));
        }
        return listing;
    }
};

}  // namespace

std::unique_ptr<Command> make_top() { return std::make_unique<Top>(); }

}  // namespace sbx::cli
