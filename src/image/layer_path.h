// Where an entry of a layer belongs, by its name alone.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace sbx::image {

struct LayerPath {
    std::string parent;  // "a/b", or empty for the top of the layer
    std::string name;    // empty for the top itself

    bool is_top() const { return name.empty(); }
    std::string text() const { return parent.empty() ? name : parent + "/" + name; }
};

// Deeper than this no path of a container can name anything (PATH_MAX).
constexpr std::size_t kDeepestLayer = 1024;

// "/a/./b/" is a/b: names may begin with "/" or "./", and mean the same. What contains ".." is
// refused, wherever it would lead.
Result<LayerPath> parse_layer_path(std::string_view text);

}  // namespace sbx::image
