// Bringing a container to a further network, and taking it from one, whether it runs or not.
#pragma once

#include <string>

#include "base/error.h"
#include "container/attachment.h"
#include "store/store.h"

namespace sbx::container {

// What runs gets its device at once. A container that was not made with a network by name has none
// to add to: Kind::unsupported. Kind::exists where it is on the network already.
Result<> connect(const store::Store& store, const std::string& id, Attachment wish);

// Off the network of that name or id. Kind::not_found where it is not on it.
Result<> disconnect(const store::Store& store, const std::string& id, const std::string& text);

}  // namespace sbx::container
