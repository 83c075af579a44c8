// What has happened to containers, images, volumes and networks since the machine started, written
// down by every sbx process for `sbx events`: docker-events(1).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "base/time.h"
#include "os/rotated_lines.h"
#include "store/containers.h"
#include "store/store.h"

namespace sbx::store {

struct Event {
    Instant time = {};
    std::string type;    // container, image, volume, network
    std::string action;  // in docker's words: create, start, die, ...
    std::string id;      // of what it happened to
    std::map<std::string, std::string> attributes = {};  // name, image, labels, exitCode, ...

    std::string attribute(const std::string& key) const;  // empty where it has none
};

Event event_of(const ContainerRecord& record, std::string action,
               std::map<std::string, std::string> attributes = {});

// `id` is a digest; `name` may be empty, where the image has none.
Event event_of_image(std::string action, std::string id, const std::string& name);

// Writes down that it happened just now. Nothing fails because it cannot be told of. Of much text,
// as labels may be, only what is named above is kept.
void note(const Store& store, Event event);

class Events {
public:
    // From the oldest that is still known on.
    static Result<Events> open(const Store& store);

    // The next one; nothing where no more has happened so far.
    Result<std::optional<Event>> next();

private:
    explicit Events(os::RotatedLines lines) : lines_(std::move(lines)) {}

    os::RotatedLines lines_;
};

}  // namespace sbx::store
