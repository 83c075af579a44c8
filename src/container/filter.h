// Which containers are meant: --filter of `ps`, as podman-ps(1) has it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/criteria.h"
#include "base/error.h"
#include "container/status.h"

namespace sbx::container {

// Of a filter "name=": a part of the name; '^' and '$' stand for its beginning and its end.
Result<> check_name_pattern(std::string_view pattern);
bool fits_name(std::string_view pattern, std::string_view name);

class Filter {
public:
    // KEY=VALUE each: name, id, status, exited, health, label, label!, ancestor, until. Labels hold
    // all together; of another key one value has to. Kind::usage for a key or a value that means
    // nothing.
    static Result<Filter> parse(const std::vector<std::string>& texts);

    bool admits(const Listed& container) const;
    bool asks_for_state() const;  // and so is about those that do not run, too

private:
    using Condition = Criteria<Listed>::Condition;

    Result<> add(std::string_view text);
    static Result<Condition> condition_for(std::string_view key, std::string_view value);

    Criteria<Listed> criteria_;
};

}  // namespace sbx::container
