// Names for containers that got none.
#pragma once

#include <string>

namespace sbx::container {

std::string random_name();  // "brisk_otter"

}  // namespace sbx::container
