// Keys of the person's are no business of a container: it gets a session keyring of its own.
#pragma once

#include <string>

#include "base/error.h"

namespace sbx::sandbox {

// Of that name, for the calling process, which is root of a user namespace; "" changes nothing.
// Where the person's quota of keys is used up, another id of the namespace owns the keyring.
// keyctl(2), keyrings(7).
Result<> begin_session_keyring(const std::string& name);

}  // namespace sbx::sandbox
