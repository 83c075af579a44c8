// What a container does at this moment, whatever has happened to whoever made it.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "runtime/state.h"
#include "runtime/states.h"

namespace sbx::runtime {

// The socket that a container's first process waits at, until `start`.
constexpr const char* kGate = "gate";

// "creating" is what has no process yet and is locked; without a maker it is "stopped", so that it
// can be deleted. A process that has ended and not been waited for has ended.
Status status_of(const StateFolder& folder, const State& state);

struct Listed {
    State state;
    Status status;
};
Result<Listed> look_up(const States& states, const std::string& id);  // Kind::not_found

// All of them, by id; what is being removed meanwhile is left out.
struct Listing {
    std::vector<Listed> known = {};
    std::vector<std::string> damaged = {};  // a line for each whose record cannot be read
};
Result<Listing> list(const States& states);

// As runc's `list --format json`: `owner` is a name, or "#1000".
Json list_document(const std::vector<Listed>& all);
std::string owner_name(std::uint32_t uid);

}  // namespace sbx::runtime
