// The two sides of a container's root: what its image has, and what it has changed of that. Read in
// a visitor (sandbox/visit.h) that has the store's ids.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/root.h"
#include "sandbox/request.h"

namespace sbx::container {

// Where both are. Kind::unsupported where the container's root is no image, or its changes are not
// kept apart from what they change.
Result<sandbox::ImageRoot> sides_of(const sandbox::Request& request);

// The layers as they show together; nothing where there are none.
Result<std::optional<os::Root>> open_lower(const sandbox::ImageRoot& image);
Result<os::Root> open_upper(const sandbox::ImageRoot& image);  // as it lies on disk

// Both as they show together, without what is mounted on them.
Result<os::Root> open_whole(const sandbox::ImageRoot& image);

// Where things are mounted in it: what is there on either side is no change of its.
std::vector<std::string> mount_targets(const sandbox::Request& request);

// The same behind the links that the image has on the way, "/run/x" for "/var/run/x".
Result<std::vector<std::string>> without_links(std::vector<std::string> targets,
                                               const std::optional<os::Root>& lower);

}  // namespace sbx::container
