// printf of --format templates: Go's package fmt, as far as templates use it.
#pragma once

#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace sbx::cli::template_detail {

// The first value is the pattern. %s, %v, %d, %f and %t print the next value, %q quotes it, and %%
// is a '%'. Before the letter may stand '-', '0' or '+', a width, and ".N": at most N characters of
// a text, or N digits after the point. Kind::usage for other verbs, and for too few values.
Result<Json> print_formatted(const std::vector<Json>& values);

}  // namespace sbx::cli::template_detail
