// Whom a connection is for, by what is said in it first.
#pragma once

#include <cstdint>
#include <string>

namespace sbx::network {

struct Spoken {
    enum class What : std::uint8_t {
        cut_short,  // more has to be there first
        other,      // this is not how it is said
        nameless,   // it is, but no name is said, or more than one
        named,
    };
    What what = What::other;
    std::string name = {};  // in lower case
};

}  // namespace sbx::network
