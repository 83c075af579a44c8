// Which volumes are meant: --filter of `volume ls` and `volume prune`, as podman-volume-ls(1) has
// it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/criteria.h"
#include "base/error.h"
#include "base/time.h"
#include "store/volumes.h"

namespace sbx::container {

struct ListedVolume {
    store::Volume volume;
    std::vector<std::string> users = {};  // names of the containers that have it
};

class VolumeFilter {
public:
    // What a condition may ask about besides the volume itself.
    struct Facts {
        Instant now = {};
        std::function<Result<store::Volume>(const std::string& name)> find;
    };

    // KEY=VALUE each: name, label, label!, driver, scope, dangling, anonymous, since, after, until.
    // Labels hold all together; of another key one value has to. Kind::usage for a key or a value
    // that means nothing; Kind::not_found for the volume that since names.
    static Result<VolumeFilter> parse(const std::vector<std::string>& texts, const Facts& facts);

    bool admits(const ListedVolume& volume) const;

private:
    using Condition = Criteria<ListedVolume>::Condition;

    Result<> add(std::string_view text, const Facts& facts);
    static Result<Condition> condition_for(std::string_view key, std::string_view value,
                                           const Facts& facts);

    Criteria<ListedVolume> criteria_;
};

}  // namespace sbx::container
