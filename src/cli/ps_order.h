// The order in which `ps` lists containers: --sort of podman-ps(1).
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "container/status.h"
#include "container/usage.h"

namespace sbx::cli {

struct PsEntry {
    container::Listed listed;
    std::optional<container::FileSizes> sizes = {};  // where they were asked for
};

inline constexpr std::array<std::string_view, 8> kPsOrders = {
    "command", "created", "id", "image", "names", "runningfor", "size", "status"};

// By one of these words. Texts go up; the oldest and the smallest come first, for runningfor what
// has run longest; what is equal keeps its order.
void sort_entries(std::vector<PsEntry>& entries, std::string_view order);

}  // namespace sbx::cli
