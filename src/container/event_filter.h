// Which events are meant: --filter of `events`, as docker-events(1) has it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/criteria.h"
#include "base/error.h"
#include "store/events.h"

namespace sbx::container {

class EventFilter {
public:
    // KEY=VALUE each: container, image, volume (a name, or of the first two the beginning of an
    // id), event, type, label. Labels hold all together; of another key one value has to.
    // podman's words for an event mean docker's. Kind::usage for a key that means nothing.
    static Result<EventFilter> parse(const std::vector<std::string>& texts);

    bool admits(const store::Event& event) const;

private:
    Result<> add(std::string_view text);

    Criteria<store::Event> criteria_;
};

}  // namespace sbx::container
