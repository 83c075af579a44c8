// Which containers are meant: --filter of `ps`, as podman-ps(1) has it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/criteria.h"
#include "base/error.h"
#include "container/status.h"
#include "network/port.h"

namespace sbx::container {

// Of a filter "name=": a part of the name; '^' and '$' stand for its beginning and its end.
Result<> check_name_pattern(std::string_view pattern);
bool fits_name(std::string_view pattern, std::string_view name);

// What a condition may ask about besides the container itself: filter_facts.h.
struct FilterFacts {
    std::function<Result<store::ContainerRecord>(const std::string& name)> find = {};
    std::function<std::string(const store::ContainerRecord& record)> network_of = {};
    std::function<Result<std::string>(const std::string& name)> pod_id = {};
    // Of a container, by both of their numbers where they are on the host; and those it exposes.
    std::function<std::vector<network::ContainerPort>(const store::ContainerRecord& record)>
        published = {};
    std::function<std::vector<network::ContainerPort>(const store::ContainerRecord& record)>
        exposed = {};
};

class Filter {
public:
    // KEY=VALUE each: name, id, status, exited, health, label, label!, ancestor, volume, until;
    // with facts also since, before, network, pod, publish and expose. Labels hold all together; of
    // another key one value has to. Kind::usage for a key or a value that means nothing;
    // Kind::not_found for the container that since or before names.
    static Result<Filter> parse(const std::vector<std::string>& texts,
                                const FilterFacts& facts = {});

    bool admits(const Listed& container) const;
    bool asks_for_state() const;  // and so is about those that do not run, too

private:
    using Condition = Criteria<Listed>::Condition;

    Result<> add(std::string_view text, const FilterFacts& facts);
    static Result<Condition> condition_for(std::string_view key, std::string_view value);
    static Result<Condition> condition_by(const FilterFacts& facts, std::string_view key,
                                          std::string_view value);

    Criteria<Listed> criteria_;
};

}  // namespace sbx::container
