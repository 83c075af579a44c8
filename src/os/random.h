// Unpredictable names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sbx::os {

std::string random_hex(std::size_t digits);  // getrandom(2)
std::uint32_t random_below(std::uint32_t limit);

}  // namespace sbx::os
