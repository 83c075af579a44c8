#include "cli/events.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "cli/app.h"
#include "cli/template.h"
#include "cli/words.h"
#include "container/event_filter.h"
#include "os/file_watch.h"
#include "os/poll.h"

namespace sbx::cli {

namespace {

std::string image_of(const store::Event& event) {
    return event.attribute(event.type == "image" ? "name" : "image");
}

// What clients of docker and of podman read.
Json document(const store::Event& event) {
    const std::int64_t nanoseconds = event.time.time_since_epoch().count();
    return Json::object()
        .set("status", event.action)
        .set("id", event.id)
        .set("from", image_of(event))
        .set("Type", event.type)
        .set("Action", event.action)
        .set("Actor", Json::object().set("ID", event.id).set("Attributes", event.attributes))
        .set("scope", "local")
        .set("time", nanoseconds / 1'000'000'000)
        .set("timeNano", nanoseconds)
        .set("Name", event.attribute("name"))
        .set("Image", image_of(event))
        .set("Attributes", event.attributes);
}

// With the names that fields have in templates there.
Json row(const store::Event& event) {
    return document(event)
        .set("ID", event.id)
        .set("Status", event.action)
        .set("From", image_of(event))
        .set("Time", event.time.time_since_epoch().count() / 1'000'000'000)
        .set("TimeNano", event.time.time_since_epoch().count())
        .set("Scope", "local");
}

std::string line(const store::Event& event) {
    std::vector<std::string> attributes;
    attributes.reserve(event.attributes.size());
    for (const auto& [key, value] : event.attributes)
        attributes.push_back(fmt::format("{}={}", key, value));
    std::string text =
        fmt::format("{} {} {} {}", rfc3339(event.time), event.type, event.action, event.id);
    if (!attributes.empty()) text += fmt::format(" ({})", join(attributes, ", "));
    return printable(text);
}

struct Events : Command {
    std::string since_text;
    std::string until_text;
    std::vector<std::string> filters;
    std::string format;
    bool stream = true;
    bool no_trunc = false;

    std::optional<Instant> since;
    std::optional<Instant> until;
    container::EventFilter filter;
    std::optional<Template> parsed;

    void declare(Args& args) override {
        args.option("--since", "TIME", since_text,
                    "Also what has happened since then: a time, or an age: 10m");
        args.option("--until", "TIME", until_text, "Only up to then, which may be to come");
        args.list("-f,--filter", "KEY=VALUE", filters,
                  "Only those for which it holds: container, image, volume, network, type, event, "
                  "label",
                  kEventFilters);
        args.option("--format", "TEMPLATE", format,
                    "Show each by a Go template, or as a line of \"json\"");
        args.flag("--stream", stream, "Go on with what comes; unless =false");
        args.flag("--no-trunc", no_trunc, "Do not shorten anything, which is never done");
        args.example("sbx events", "What happens from now on");
        args.example("sbx events --since 1h --stream=false", "What has happened in the last hour");
        args.example("sbx events -f event=die --format '{{.Name}}'", "Names of those that end");
    }

    Result<int> run(App& app) override {
        const Instant start = now();
        if (!since_text.empty()) since = TRY(parse_moment(since_text, start), "--since");
        if (!until_text.empty()) until = TRY(parse_moment(until_text, start), "--until");
        if (!since && !until && stream) since = start;
        filter = TRY(container::EventFilter::parse(filters));
        if (!format.empty() && format != "json") parsed = TRY(Template::parse(format));
        const store::Store* store = TRY(app.store());
        os::FileWatch watch = TRY(os::FileWatch::open(store->runtime()));
        store::Events events = TRY(store::Events::open(*store));
        while (TRY(show_all(events, app)) && stream && TRY(await_more(watch))) {
        }
        return 0;
    }

    // Whether the time that is asked about may still go on.
    Result<bool> show_all(store::Events& events, App& app) const {
        for (;;) {
            const std::optional<store::Event> event = TRY(events.next());
            const bool over = event && until && event->time > *until;
            if (!event || over) {
                TRY(app.flush());
                return !over;
            }
            if ((!since || event->time >= *since) && filter.admits(*event)) TRY(show(*event, app));
        }
    }

    Result<> show(const store::Event& event, App& app) const {
        if (parsed)
            app.print_raw(printable_lines(TRY(parsed->execute(row(event)))) + "\n");
        else
            app.print_raw((format == "json" ? document(event).dump() : line(event)) + "\n");
        return {};
    }

    // Whether there is time left.
    Result<bool> await_more(os::FileWatch& watch) const {
        std::optional<os::Poll::Clock::time_point> deadline;
        if (until)
            deadline = os::Poll::Clock::now() +
                       std::chrono::duration_cast<os::Poll::Clock::duration>(*until - now());
        os::Poll poll;
        poll.watch(watch.fd(), POLLIN, [](short) { return Result<>(); });
        if (TRY(poll.wait(deadline)) == os::Poll::Outcome::deadline_passed) return false;
        watch.forget();
        return true;
    }
};

}  // namespace

std::unique_ptr<Command> make_events() { return std::make_unique<Events>(); }

}  // namespace sbx::cli
