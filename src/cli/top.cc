#include "cli/top.h"

#include <algorithm>
#include <iterator>

#include "cli/choice.h"
#include "cli/listing.h"
#include "cli/pods.h"
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

// The processes of each container, one after the other; its infra has but one that does nothing.
struct PodTop : Command {
    bool latest = false;
    std::string pod;
    std::vector<std::string> format;

    void declare(Args& args) override {
        args.flag("-l,--latest", latest, "The pod made last");
        args.optional_operand("POD", pod, "Name or id", Complete::pods);
        args.verbatim("FORMAT", format, "Columns, such as pid,user,args; or -ef or aux");
        args.example("sbx pod top web", "What runs in a pod");
    }

    Result<int> run(App& app) override {
        if (latest && !pod.empty()) format.insert(format.begin(), std::exchange(pod, ""));
        const std::vector<std::string> columns = TRY(container::parse_descriptors(format));
        const container::ListedPod listed = TRY(find_one_pod(app, pod, latest));
        const store::Store* store = TRY(app.store());
        std::optional<container::ProcessTable> all;
        for (const container::Listed* one : listed.members()) {
            if (one->status.state != container::State::running) continue;
            container::ProcessTable table =
                TRY(container::top(*store, one->record.id, columns),
                    "cannot list the processes of '{}'", one->record.name);
            if (!all)
                all = std::move(table);
            else
                std::ranges::move(table.rows, std::back_inserter(all->rows));
        }
        if (!all) return Error(Error::Kind::busy, "no container of pod '{}' runs", listed.pod.name);
        TRY(show(Top::listing_of(*all), {}, app));
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_pod_top() { return std::make_unique<PodTop>(); }
std::unique_ptr<Command> make_top() { return std::make_unique<Top>(); }

}  // namespace sbx::cli
