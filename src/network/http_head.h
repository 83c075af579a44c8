// The name in the first request of HTTP: RFC 9112, sections 3.2 and 5.
#pragma once

#include <string_view>

#include "network/spoken.h"

namespace sbx::network {

Spoken name_in_http_head(std::string_view bytes);

}  // namespace sbx::network
