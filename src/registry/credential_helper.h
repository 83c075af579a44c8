// Programs that keep passwords: docker-credential-NAME, as docker/docker-credential-helpers has
// them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "registry/credentials.h"

namespace sbx::registry {

// What the helper `name` (of "[a-z0-9-]+", found in $PATH) has for `server`, or nothing where it
// has none. It runs with the whole environment, as cloud helpers need it, for at most ten seconds.
Result<std::optional<Credentials>> ask_credential_helper(const Environment& environment,
                                                         std::string_view name,
                                                         std::string_view server);

// What `docker-credential-NAME get` printed when it ended with status 0.
Result<Credentials> parse_helper_answer(std::string_view bytes);

}  // namespace sbx::registry
