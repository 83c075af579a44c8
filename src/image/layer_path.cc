#include "image/layer_path.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::image {

static constexpr std::size_t kLongestName = 255;  // NAME_MAX

static Result<> check_name(std::string_view name, std::string_view path) {
    if (name == "..")
        return Error(Error::Kind::failed, "'{}' leads out of the layer", excerpt(path));
    if (name.size() > kLongestName)
        return Error(Error::Kind::failed, "a name in '{}' is longer than {} bytes", excerpt(path),
                     kLongestName);
    return {};
}

Result<LayerPath> parse_layer_path(std::string_view text) {
    LayerPath path;
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('/', at), text.size());
        const std::string_view name = text.substr(at, end - at);
        at = end + 1;
        if (name.empty() || name == ".") continue;
        TRY(check_name(name, text));
        if (!path.parent.empty()) path.parent += '/';
        path.parent += path.name;
        path.name = name;
        ++depth;
    }
    if (depth > kDeepestLayer)
        return Error(Error::Kind::failed, "'{}' is deeper than {} folders", excerpt(text),
                     kDeepestLayer);
    return path;
}

}  // namespace sbx::image
