#include "cli/logs.h"

#include <algorithm>
#include <list>

#include "base/text.h"
#include "base/time.h"
#include "cli/choice.h"
#include "cli/pods.h"
#include "container/logs.h"
#include "os/file.h"
#include "os/poll.h"
#include "os/terminal.h"

namespace sbx::cli {

namespace {

// Where lines of one stream go. Parts of lines of several containers are not mixed into one.
class Printer {
public:
    explicit Printer(int number)
        : fd_(os::FdView::number(number)), terminal_(os::is_terminal(fd_)) {}

    void add(std::string_view begin, const container::LogLine& line) {
        if (!inside_) text_ += begin;
        text_ += terminal_ ? harmless(line.text) : line.text;
        if (line.whole) text_ += '\n';
        inside_ = !line.whole;
    }

    Result<> flush_if_full() {
        constexpr std::size_t kEnough = std::size_t{64} * 1024;
        return text_.size() >= kEnough ? flush() : Result<>();
    }

    Result<> flush() {
        TRY(os::write_all(fd_, text_));
        text_.clear();
        return {};
    }

private:
    // Colours stay, and the carriage return that a terminal's output has at the end of a line.
    static std::string harmless(std::string_view text) {
        const bool returns = text.ends_with('\r');
        if (returns) text.remove_suffix(1);
        std::string safe;
        while (!text.empty()) {
            const std::size_t colour = text.find("\x1b[");
            const std::size_t end =
                colour == text.npos ? text.npos : text.find_first_not_of("0123456789;", colour + 2);
            const bool found = end != text.npos && text[end] == 'm';
            const std::size_t plain = found ? colour : colour == text.npos ? text.npos : colour + 2;
            safe += printable_lines(text.substr(0, plain));
            if (found) safe += text.substr(colour, end + 1 - colour);
            text.remove_prefix(found ? end + 1 : std::min(plain, text.size()));
        }
        return returns ? safe + '\r' : safe;
    }

    os::FdView fd_;
    bool terminal_;
    bool inside_ = false;
    std::string text_ = {};
};

struct Source {
    std::string name;
    container::Logs logs;
    std::optional<container::LogLine> next = {};  // read, and not yet shown
};

struct LogsCommand : Command {
    bool follow = false;
    bool times = false;
    bool with_names = false;
    std::string since_text;
    std::string until_text;
    std::string tail = "-1";
    ContainerChoice choice;

    std::optional<Instant> since;
    std::optional<Instant> until;
    Printer output = Printer(1);
    Printer errors = Printer(2);

    void declare(Args& args) override {
        declare_common(args);
        choice.declare_latest(args);
        choice.declare_names(args, Complete::containers);
        args.example("sbx logs -f --tail 10 web", "The last lines of a service, and what follows");
        args.example("sbx logs --since 1h --names web db", "The last hour of two, in order");
    }

    void declare_common(Args& args) {
        args.flag("-f,--follow", follow, "Go on until the containers end");
        args.option("--since", "TIME", since_text, "Only from then on: a time, or an age: 10m");
        args.option("--until", "TIME", until_text, "Only up to then");
        args.option("-n,--tail", "N", tail, "Only the last N lines; all, or -1: all of them");
        args.flag("-t,--timestamps", times, "Show when each line was written");
        args.flag("--names", with_names, "Show which container wrote each line");
    }

    Result<int> run(App& app) override {
        return show(app, TRY(choose(app, choice, Among::all, "show the logs of")));
    }

    Result<int> show(App& app, const Choice& chosen) {
        const Instant start = now();
        if (!since_text.empty()) since = TRY(parse_moment(since_text, start), "--since");
        if (!until_text.empty()) until = TRY(parse_moment(until_text, start), "--until");
        std::list<Source> sources;
        for (const Chosen& one : chosen.containers)
            sources.push_back(TRY(open(app, one), "cannot show the logs of '{}'", one.name));
        for (;;) {
            const bool goes_on = follow && may_go_on(sources);
            TRY(show_all(sources));
            if (!goes_on) return chosen.status;
            TRY(await_more(sources));
        }
    }

    Result<Source> open(App& app, const Chosen& one) const {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        const auto how = follow ? container::Logs::Follow::yes : container::Logs::Follow::no;
        container::Logs logs = TRY(container::Logs::open(containers, one.id, how));
        Source source{.name = one.name, .logs = std::move(logs)};
        if (tail == "all" || tail == "-1") return source;
        const std::int64_t lines = TRY(parse_number(tail, 0, INT64_MAX), "--tail");
        TRY(source.logs.keep_last(static_cast<std::uint64_t>(lines)));
        return source;
    }

    // Of several containers in the order of their times.
    Result<> show_all(std::list<Source>& sources) {
        for (;;) {
            Source* first = nullptr;
            Instant earliest = {};
            for (Source& source : sources) {
                if (!source.next) source.next = TRY(source.logs.next());
                if (!source.next || (first && source.next->time >= earliest)) continue;
                first = &source;
                earliest = source.next->time;
            }
            if (!first || !first->next) break;
            const container::LogLine line = *std::move(first->next);
            first->next.reset();
            TRY(show(first->name, line));
        }
        TRY(output.flush());
        return errors.flush();
    }

    Result<> show(const std::string& name, const container::LogLine& line) {
        if ((since && line.time < *since) || (until && line.time > *until)) return {};
        std::string begin;
        if (with_names) begin += printable(name) + ' ';
        if (times) begin += rfc3339(line.time) + ' ';
        Printer& printer = line.stream == container::Stream::output ? output : errors;
        printer.add(begin, line);
        return printer.flush_if_full();
    }

    static bool may_go_on(const std::list<Source>& sources) {
        return std::ranges::any_of(sources,
                                   [](const Source& source) { return source.logs.goes_on(); });
    }

    static Result<> await_more(std::list<Source>& sources) {
        const auto nothing = [](short) { return Result<>(); };
        os::Poll poll;
        for (const Source& source : sources) {
            if (!source.logs.goes_on()) continue;
            poll.watch(source.logs.monitor(), POLLIN, nothing);
            poll.watch(source.logs.change(), POLLIN, nothing);
        }
        if (!poll.empty()) (void)TRY(poll.wait());
        for (Source& source : sources)
            source.logs.forget_changes();
        return {};
    }
};

// Its infra writes nothing.
struct PodLogs : LogsCommand {
    std::string pod;
    bool latest = false;
    std::vector<std::string> only;

    void declare(Args& args) override {
        declare_common(args);
        args.list("-c,--container", "CONTAINER", only, "Only what this container of it has written",
                  Complete::containers);
        args.flag("-l,--latest", latest, "The pod made last");
        args.optional_operand("POD", pod, "Name or id", Complete::pods);
        args.example("sbx pod logs -f --names web", "What its containers write from now on");
    }

    Result<int> run(App& app) override {
        const container::ListedPod listed = TRY(find_one_pod(app, pod, latest));
        Choice chosen;
        for (const container::Listed* one : listed.members())
            if (only.empty()) chosen.containers.push_back({one->record.id, one->record.name});
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        for (const std::string& name : only) {
            const std::string id = TRY(containers.resolve(name), "--container {}", excerpt(name));
            const store::ContainerRecord record = TRY(containers.read(id));
            if (record.pod != listed.pod.id)
                return Error(Error::Kind::usage, "--container {}: it is not in pod '{}'",
                             excerpt(name), listed.pod.name);
            chosen.containers.push_back({id, record.name});
        }
        return show(app, chosen);
    }
};

}  // namespace

std::unique_ptr<Command> make_pod_logs() { return std::make_unique<PodLogs>(); }
std::unique_ptr<Command> make_logs() { return std::make_unique<LogsCommand>(); }

}  // namespace sbx::cli
