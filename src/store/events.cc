#include "store/events.h"

#include <fcntl.h>

#include "base/log.h"
#include "os/file.h"

namespace sbx::store {

static constexpr const char* kName = "events";
static constexpr const char* kOlder = "events.1";
static constexpr off_t kEnough = off_t{1} << 20;  // bytes in one file

std::string Event::attribute(const std::string& key) const {
    const auto found = attributes.find(key);
    return found == attributes.end() ? "" : found->second;
}

Event event_of(const ContainerRecord& record, std::string action,
               std::map<std::string, std::string> attributes) {
    attributes.insert(record.labels.begin(), record.labels.end());
    attributes["name"] = record.name;
    attributes["image"] = record.image_name;
    return {.type = "container",
            .action = std::move(action),
            .id = record.id,
            .attributes = std::move(attributes)};
}

Event event_of_image(std::string action, std::string id, const std::string& name) {
    Event event{.type = "image", .action = std::move(action), .id = std::move(id)};
    if (!name.empty()) event.attributes["name"] = name;
    return event;
}

static std::string line_of(const Event& event) {
    return Json::object()
               .set("time", rfc3339(event.time))
               .set("type", event.type)
               .set("action", event.action)
               .set("id", event.id)
               .set("attributes", event.attributes)
               .dump() +
           "\n";
}

static std::string short_line_of(Event event) {
    constexpr std::size_t kMost = std::size_t{16} * 1024;
    std::string line = line_of(event);
    if (line.size() <= kMost) return line;
    std::erase_if(event.attributes, [](const auto& attribute) {
        return attribute.first != "name" && attribute.first != "image" &&
               attribute.first != "exitCode";
    });
    return line_of(event);
}

static Result<Event> event_from(std::string_view line) {
    const Json json = TRY(Json::parse(line));
    Event event;
    const std::string time = TRY(json.get<std::string>("time"));
    event.time = TRY(parse_rfc3339(time));
    event.type = TRY(json.get<std::string>("type"));
    event.action = TRY(json.get<std::string>("action"));
    event.id = TRY(json.get<std::string>("id"));
    event.attributes = TRY(json.get<Json::Map>("attributes"));
    return event;
}

// By one process at a time: a second one would put the file that has just begun in the place of the
// older one.
static Result<> rotate(os::FdView folder) {
    const os::Lock lock = TRY(os::Lock::try_take(folder, "events.lock", os::Share::exclusive));
    if (TRY(os::status_at(folder, kName)).st_size < kEnough) return {};
    return os::rename_at(folder, kName, kOlder);
}

// One write each, so that the lines of processes that write at once are not mixed: write(2),
// O_APPEND.
static Result<> append(os::FdView folder, std::string_view line) {
    const os::Fd file(::openat(folder.get(), kName,
                               O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return Error::from_errno(errno, "open '{}'", kName);
    TRY(os::write_all(file, line));
    if (TRY(os::status_of(file)).st_size < kEnough) return {};
    return rotate(folder);
}

void note(const Store& store, Event event) {
    event.time = now();
    const Result<> noted = append(store.runtime(), short_line_of(std::move(event)));
    if (!noted) log::debug("cannot note an event: {}", noted.error().text());
}

Result<Events> Events::open(const Store& store) {
    return Events(TRY(os::RotatedLines::open(store.runtime(), kName)));
}

Result<std::optional<Event>> Events::next() {
    for (;;) {
        const std::optional<std::string_view> line = TRY(lines_.next());
        if (!line) return std::optional<Event>();
        Result<Event> event = event_from(*line);
        if (event) return std::optional(*std::move(event));
        log::debug("a line of '{}' is none: {}", kName, event.error().text());  // of a full disk
    }
}

}  // namespace sbx::store
