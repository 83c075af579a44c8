// What filters of containers ask the store about.
#pragma once

#include <string>
#include <vector>

#include "container/filter.h"
#include "store/store.h"

namespace sbx::container {

// Filter::parse() with all of its keys. `store` outlives it.
Result<Filter> parse_filter(const store::Store& store, const std::vector<std::string>& texts);

}  // namespace sbx::container
