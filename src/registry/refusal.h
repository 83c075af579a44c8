// What a registry that refuses says, in words that are safe to show: distribution-spec, "Error
// Codes".
#pragma once

#include "base/error.h"
#include "registry/answer.h"

namespace sbx::registry {

constexpr std::size_t kMostWords = 500;  // characters of the registry's own

// Kind::denied for 401 and 403, not_found for 404, busy for what another try may change.
Error refusal(const Response& response);

// A web page came where a registry's document belongs: a proxy's, a login's, another service's.
Error not_a_registry(const Response& response);
bool is_web_page(const Response& response);

}  // namespace sbx::registry
