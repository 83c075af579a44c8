// What connects a container to the world, from its start to its end.
#pragma once

#include <optional>

#include "base/error.h"
#include "container/egress_log.h"
#include "container/egress_options.h"
#include "network/pasta.h"
#include "network/settings.h"
#include "network/stack.h"
#include "sandbox/surroundings.h"

namespace sbx::container {

class Wiring {
public:
    struct Wish {
        std::optional<network::Settings> settings = {};
        std::optional<network::PastaOptions> pasta = {};  // in their place
        std::optional<EgressChoice> egress = {};
        Watched watched = Watched::by_nobody;
    };
    // For the start of one life, which this value outlives where it is. Nothing where there is
    // nothing to connect. Before there are secrets in this process's memory.
    Result<std::optional<sandbox::Network>> begin(const Wish& wish);

    // What the rules refused, summed up: Stack::finish().
    std::string end();

private:
    Result<sandbox::Network> begin_pasta(const network::PastaOptions& options);

    std::optional<network::Stack> stack_ = {};
    std::optional<network::Pasta> pasta_ = {};
};

}  // namespace sbx::container
