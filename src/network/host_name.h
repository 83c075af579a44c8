#pragma once

#include <cstddef>
#include <string_view>

namespace sbx::network {

constexpr std::size_t kLongestName = 253;

// A name as DNS, TLS and HTTP carry it: RFC 1123, section 2.1, and the underscores that are in use.
bool is_host_name(std::string_view name, std::size_t longest = kLongestName);

}  // namespace sbx::network
