// Which networks are meant: --filter of `network ls` and `network prune`, as podman-network-ls(1)
// has it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/criteria.h"
#include "base/error.h"
#include "base/time.h"
#include "container/networks.h"

namespace sbx::container {

class NetworkFilter {
public:
    // KEY=VALUE each: name, id, driver, label, label!, dangling, until. Labels hold all together;
    // of another key one value has to. Kind::usage for a key or a value that means nothing.
    static Result<NetworkFilter> parse(const std::vector<std::string>& texts, Instant now);

    bool admits(const ListedNetwork& network) const { return criteria_.admit(network); }

private:
    using Condition = Criteria<ListedNetwork>::Condition;

    static Result<Condition> condition_for(std::string_view key, std::string_view value,
                                           Instant now);

    Criteria<ListedNetwork> criteria_;
};

// Those that no container is on and that the filter admits: their names.
Result<std::vector<std::string>> prune_networks(const store::Store& store,
                                                const NetworkFilter& filter);

}  // namespace sbx::container
