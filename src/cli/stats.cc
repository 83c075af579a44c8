#include "cli/stats.h"

#include <algorithm>

#include "base/text.h"
#include "cli/choice.h"
#include "cli/listing.h"
#include "cli/pods.h"
#include "container/stats.h"
#include "container/top.h"
#include "os/poll.h"

namespace sbx::cli {

// NOLINTBEGIN(bugprone-unchecked-optional-access): what runs has a live state
namespace {

using container::Statistics;
using std::chrono::duration;

constexpr const char* kUnknown = "--";

struct Sample {
    container::Listed container;
    std::optional<Statistics> usage;  // nothing: it does not run
};

std::string size(std::uint64_t bytes) {
    std::string text = size_text(bytes);
    std::erase(text, ' ');
    return text;
}

std::string pair_of(const std::optional<std::uint64_t>& one,
                    const std::optional<std::uint64_t>& other) {
    return fmt::format("{} / {}", one ? size(*one) : kUnknown, other ? size(*other) : kUnknown);
}

std::string percent(double share) { return fmt::format("{:.2f}%", 100 * std::max(share, 0.0)); }

struct Stats : Command {
    ContainerChoice choice;
    ListingOptions listing;
    bool no_stream = false;
    bool no_reset = false;
    int interval = 5;

    void declare(Args& args) override {
        choice.declare_all(args, "Also containers that do not run");
        choice.declare_latest(args);
        declare_common(args);
        choice.declare_names(args, Complete::running_containers);
        args.example("sbx stats", "What all that run use, until Ctrl-C");
        args.example("sbx stats --no-stream --format '{{.Name}} {{.MemUsage}}'", "For a script");
    }

    void declare_common(Args& args) {
        args.flag("--no-stream", no_stream, "Show it once");
        args.flag("--no-reset", no_reset, "Do not clear the terminal before each table");
        args.option("-i,--interval", "SECONDS", interval, "Time from one table to the next");
        args.option("--format", "TEMPLATE", listing.format,
                    "Show each by a Go template, \"table TEMPLATE\", or all as \"json\"");
        args.flag("--no-trunc", listing.no_trunc, "Do not shorten ids");
    }

    Result<int> run(App& app) override {
        const bool named = !choice.names.empty() || choice.latest;
        if (choice.all && named)
            return Error(Error::Kind::usage, "names, --all and --latest exclude each other");
        const Choice chosen = named ? TRY(choose(app, choice, Among::all, "show")) : Choice();
        if (named && chosen.containers.empty()) return chosen.status;
        return watch(app, chosen);
    }

    // All that run, where none was chosen.
    Result<int> watch(App& app, const Choice& chosen) {
        constexpr std::chrono::milliseconds kFirst(400);
        if (interval < 1)
            return Error(Error::Kind::usage, "--interval {}: a number of seconds belongs there",
                         interval);
        const bool named = !chosen.containers.empty();
        std::vector<Sample> before = TRY(sample(app, chosen));
        os::sleep_for(kFirst);
        while (true) {
            std::vector<Sample> now = TRY(sample(app, chosen));
            const bool clears = App::stdout_is_terminal() && !no_stream && !no_reset;
            if (clears) app.print_raw("\x1b[2J\x1b[H");
            TRY(show(table_of(now, before), listing, app));
            TRY(app.flush());
            const bool any =
                std::ranges::any_of(now, [](const Sample& one) { return one.usage.has_value(); });
            if (no_stream || (named && !any)) return chosen.status;
            before = std::move(now);
            os::sleep_for(std::chrono::seconds(interval));
        }
    }

    Result<std::vector<Sample>> sample(App& app, const Choice& chosen) const {
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        std::vector<Sample> samples;
        for (container::Listed& listed : TRY(container::list(*store, ids))) {
            const bool runs = listed.status.state == container::State::running;
            const auto& some = chosen.containers;
            const bool wanted =
                some.empty() ? runs || choice.all
                             : std::ranges::find(some, listed.record.id, &Chosen::id) != some.end();
            if (!wanted) continue;
            std::optional<Statistics> usage;
            if (runs) usage = container::statistics_of(*listed.status.live);
            samples.push_back({.container = std::move(listed), .usage = usage});
        }
        return samples;
    }

    Listing table_of(const std::vector<Sample>& now, const std::vector<Sample>& before) const {
        Listing table{.columns = {{"ID", "ID"},
                                  {"NAME", "Name"},
                                  {"CPU %", "CPUPerc"},
                                  {"MEM USAGE / LIMIT", "MemUsage"},
                                  {"MEM %", "MemPerc"},
                                  {"NET IO", "NetIO"},
                                  {"BLOCK IO", "BlockIO"},
                                  {"PIDS", "PIDs"},
                                  {"CPU TIME", "CPUTime"},
                                  {"AVG CPU %", "AvgCPU"}},
                      .id_field = "ID"};
        for (const Sample& one : now) {
            Json row = row_of(one, last_of(one, before));
            table.documents.push(document_of(row));
            table.rows.push_back(std::move(row));
        }
        return table;
    }

    static std::optional<Statistics> last_of(const Sample& one, const std::vector<Sample>& before) {
        const auto found = std::ranges::find_if(before, [&](const Sample& other) {
            return other.container.record.id == one.container.record.id && other.usage &&
                   one.usage &&
                   other.container.status.live->started == one.container.status.live->started;
        });
        return found == before.end() ? std::nullopt : found->usage;
    }

    Json row_of(const Sample& one, const std::optional<Statistics>& before) const {
        constexpr std::size_t kShown = 12;
        const store::ContainerRecord& record = one.container.record;
        const std::string id = listing.no_trunc ? record.id : record.id.substr(0, kShown);
        const Statistics usage = one.usage.value_or(Statistics());
        const bool memory = usage.memory && usage.memory_limit.value_or(0) > 0;
        const double average = average_of(one);
        const double current = before ? share_of(usage, *before) : average;
        const double part =
            memory ? static_cast<double>(*usage.memory) / static_cast<double>(*usage.memory_limit)
                   : 0;
        const std::string threads =
            usage.threads ? fmt::format("{}", *usage.threads) : std::string(kUnknown);
        Json row = Json::object();
        row.set("ID", id)
            .set("Container", id)
            .set("ContainerID", record.id)
            .set("Name", record.name)
            .set("CPUPerc", one.usage ? percent(current) : kUnknown)
            .set("AvgCPU", one.usage ? percent(average) : kUnknown)
            .set("CPUTime", usage.cpu ? container::seconds_text(seconds_of(*usage.cpu)) : kUnknown)
            .set("MemUsage", pair_of(usage.memory, usage.memory_limit))
            .set("MemPerc", memory ? percent(part) : kUnknown)
            .set("NetIO", pair_of(usage.net_received, usage.net_sent))
            .set("BlockIO", pair_of(usage.block_read, usage.block_written))
            .set("PIDs", threads)
            .set("PIDS", threads);
        return row;
    }

    static std::uint64_t seconds_of(std::chrono::nanoseconds time) {
        return static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::seconds>(time).count());
    }

    // Of one processor, since then.
    static double share_of(const Statistics& usage, const Statistics& before) {
        if (!usage.cpu || !before.cpu || usage.at <= before.at) return 0;
        return duration<double>(*usage.cpu - *before.cpu) / duration<double>(usage.at - before.at);
    }

    static double average_of(const Sample& one) {
        if (!one.usage || !one.usage->cpu) return 0;
        const duration<double> lived = now() - one.container.status.live->started;
        return lived.count() > 0 ? duration<double>(*one.usage->cpu) / lived : 0;
    }

    // With the names of podman's.
    static Json document_of(const Json& row) {
        return Json::object()
            .set("id", row["ID"])
            .set("name", row["Name"])
            .set("cpu_time", row["CPUTime"])
            .set("cpu_percent", row["CPUPerc"])
            .set("avg_cpu", row["AvgCPU"])
            .set("mem_usage", row["MemUsage"])
            .set("mem_percent", row["MemPerc"])
            .set("net_io", row["NetIO"])
            .set("block_io", row["BlockIO"])
            .set("pids", row["PIDs"]);
    }
};

struct PodStats : Stats {
    std::vector<std::string> pods;
    bool latest = false;
    bool all = false;

    void declare(Args& args) override {
        args.flag("-a,--all", all, "All pods, as without a name");
        args.flag("-l,--latest", latest, "The pod made last");
        declare_common(args);
        args.optional_operands("POD", pods, "Name or id", Complete::pods);
        args.example("sbx pod stats --no-stream web", "What the containers of a pod use");
    }

    Result<int> run(App& app) override {
        if (int{all} + int{latest} + int{!pods.empty()} > 1)
            return Error(Error::Kind::usage, "names, --all and --latest exclude each other");
        const store::Store* store = TRY(app.store());
        const os::IdMap ids = TRY(app.ids());
        std::vector<container::ListedPod> listed;
        if (pods.empty() && !latest) listed = TRY(container::list_pods(*store, ids));
        if (latest) listed.push_back(TRY(find_one_pod(app, "", latest)));
        for (const std::string& name : pods)
            listed.push_back(TRY(container::find_pod(*store, ids, name)));
        Choice chosen;
        for (const container::ListedPod& pod : listed)
            for (const container::Listed* one : pod.members())
                if (one->status.state == container::State::running)
                    chosen.containers.push_back({one->record.id, one->record.name});
        if (chosen.containers.empty())
            return Error(
                Error::Kind::busy, "no container of {} runs",
                pods.size() == 1 ? fmt::format("pod '{}'", excerpt(pods.front())) : "these pods");
        return watch(app, chosen);
    }
};

}  // namespace
// NOLINTEND(bugprone-unchecked-optional-access)

std::unique_ptr<Command> make_pod_stats() { return std::make_unique<PodStats>(); }

std::unique_ptr<Command> make_stats() { return std::make_unique<Stats>(); }

}  // namespace sbx::cli
