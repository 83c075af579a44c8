// What this runtime understands, whatever the machine has of it: runtime-spec, features.md.
#pragma once

#include "base/json.h"

namespace sbx::runtime {

// Made of the tables that documents are read with.
Json features();

}  // namespace sbx::runtime
