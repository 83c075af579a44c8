// Names by which a layer says what it takes away: image-spec, layer.md, "Whiteouts".
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace sbx::archive {

struct Whiteout {
    enum class Kind : std::uint8_t {
        none,    // a name like any other
        hides,   // ".wh.NAME": NAME of the layers below is gone
        opaque,  // ".wh..wh..opq": everything in this folder of the layers below is gone
        notes,   // other ".wh..wh." names: AUFS kept its own notes there, nobody reads them
    };
    Kind kind = Kind::none;
    std::string_view name = {};  // what is hidden
};

// `name` is the last name of an entry's path. A whiteout of "", "." or ".." is refused.
Result<Whiteout> classify_whiteout(std::string_view name);

}  // namespace sbx::archive
