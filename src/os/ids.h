// The user and group ids of a user namespace: user_namespaces(7), newuidmap(1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/process.h"

namespace sbx::os {

struct IdRange {
    std::uint32_t inside = 0;
    std::uint32_t outside = 0;
    std::uint32_t count = 1;

    friend bool operator==(const IdRange&, const IdRange&) = default;
};

struct IdMap {
    // Who may write it. An unprivileged process may map its own id alone, and pays for the group
    // map by giving up setgroups(2); newuidmap and newgidmap map what /etc/subuid and /etc/subgid
    // grant; a process with CAP_SETUID maps anything.
    enum class Writer : std::uint8_t { self, helpers, privileged };

    std::vector<IdRange> uids;
    std::vector<IdRange> gids;
    Writer writer = Writer::self;

    std::string explain() const;  // "uid 0 is 1000 outside\n...", a line for each range
};

// The id mapping of a process under way: both helpers run at once, beside whatever the caller does
// between start_mapping() and finish().
class Mapping {
public:
    Result<> finish() &&;

private:
    friend Result<Mapping> start_mapping(pid_t, const IdMap&);
    struct Helper {
        Process process;
        Fd errors;
        std::string name;
    };
    std::vector<Helper> helpers_;
};

Result<Mapping> start_mapping(pid_t pid, const IdMap& map);

// Runs `child` as root of a new user namespace with these ids, in other new namespaces as well.
// Returns once the ids are mapped; `child` starts then, and must not return.
Result<Process> spawn_mapped(const IdMap& map, std::uint64_t namespaces,
                             const std::function<void()>& child);

// User and group 0 of the current user namespace; with no other groups, or with those it had.
enum class Groups : std::uint8_t { dropped, kept };
Result<> become_root(Groups groups = Groups::dropped);

}  // namespace sbx::os
