// /run/.containerenv: how programs find out that they run in a container, and in which. Podman's
// file (podman-run(1)), which systemd, toolbx and others look for.
#pragma once

#include <string>

#include "store/containers.h"

namespace sbx::container {

inline constexpr const char* kMarkerPath = "/run/.containerenv";
inline constexpr const char* kMarkerFile = "containerenv";  // in the runtime folder

// Lines of NAME="VALUE", to be read by a shell. `uid` is the person's, outside.
std::string marker_text(const store::ContainerRecord& record, std::uint32_t uid);

}  // namespace sbx::container
