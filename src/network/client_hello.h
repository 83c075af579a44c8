// The name in the first words of TLS: RFC 8446, section 4.1.2, RFC 6066, section 3.
#pragma once

#include <string_view>

#include "network/spoken.h"

namespace sbx::network {

Spoken name_in_client_hello(std::string_view bytes);

}  // namespace sbx::network
