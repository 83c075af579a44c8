#include "archive/whiteout.h"

#include "base/text.h"

namespace sbx::archive {

Result<Whiteout> classify_whiteout(std::string_view name) {
    constexpr std::string_view kPrefix = ".wh.";
    constexpr std::string_view kNotes = ".wh..wh.";
    if (!name.starts_with(kPrefix)) return Whiteout{};
    if (name == ".wh..wh..opq") return Whiteout{.kind = Whiteout::Kind::opaque};
    if (name.starts_with(kNotes)) return Whiteout{.kind = Whiteout::Kind::notes};
    const std::string_view hidden = name.substr(kPrefix.size());
    if (hidden.empty() || hidden == "." || hidden == ".." || hidden.contains('/'))
        return Error(Error::Kind::failed, "'{}' is a whiteout of nothing that has a name",
                     excerpt(name));
    return Whiteout{.kind = Whiteout::Kind::hides, .name = hidden};
}

}  // namespace sbx::archive
