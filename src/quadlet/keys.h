// Keys of a section, and the options of sbx that they stand for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quadlet/unit_file.h"

namespace sbx::quadlet {

enum class Takes : std::uint8_t {
    value,   // the last one: OPTION VALUE
    values,  // each, whole
    words,   // each word of each
    yes,     // OPTION where it is true
    toggle,  // OPTION=true or OPTION=false
    own,     // whoever turns the section into a command knows what it means
};

struct Key {
    std::string_view name;  // "PublishPort"
    Takes takes = Takes::own;
    std::string_view option = {};  // "--publish"
    std::string_view prefix = {};  // of its value
};

// Kind::usage, with its place, for the first key of the section that `keys` does not have.
Result<> check_keys(const UnitFile& unit, std::string_view section, std::span<const Key> keys);

// The words for all of them that are there, in the order of `keys`.
Result<std::vector<std::string>> options_for(const UnitFile& unit, std::string_view section,
                                             std::span<const Key> keys);

}  // namespace sbx::quadlet
