// Units of sbx for tests, from their texts.
#pragma once

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "quadlet/convert.h"
#include "support/results.h"

namespace sbx::test {

// By their names: "web.container".
inline quadlet::Units units_of(const std::map<std::string, std::string>& texts) {
    std::vector<quadlet::Unit> units;
    for (const auto& [name, text] : texts) {
        Result<quadlet::UnitFile> file = quadlet::UnitFile::parse("/units/" + name, text);
        EXPECT_TRUE(succeeds(file));
        units.push_back(
            {.name = name, .kind = quadlet::kind_of(name).value(), .file = *std::move(file)});
    }
    return quadlet::Units(std::move(units));
}

inline const quadlet::Unit& unit_in(const quadlet::Units& units, const std::string& name) {
    for (const quadlet::Unit& unit : units.all())
        if (unit.name == name) return unit;
    throw std::runtime_error(name + " is not there");
}

// The service of the unit `name`, or why there is none.
inline std::string service_text(const std::map<std::string, std::string>& texts,
                                const std::string& name) {
    const quadlet::Units units = units_of(texts);
    const auto made = quadlet::convert(unit_in(units, name), units, {.program = "/bin/sbx"});
    return made ? made->text : made.error().text();
}

}  // namespace sbx::test
