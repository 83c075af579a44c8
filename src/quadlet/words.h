// Words in the values of unit files: systemd.syntax(7), "Quoting".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quadlet/unit_file.h"

namespace sbx::quadlet {

// The words of a value: at white space, but for what is in '...' or "..."; \n, \t, \x41, \101,
// \u00e9 and the like stand for characters. Kind::usage with its place.
Result<std::vector<std::string>> words_of(const Entry& entry);

// Those of all values of a key, one after the other.
Result<std::vector<std::string>> words_of_all(const UnitFile& unit, std::string_view section,
                                              std::string_view key);

// A word as ExecStart= reads it again. Specifiers and variables ("%h", "$HOME") are systemd's.
std::string quoted(std::string_view word);

// A command line for ExecStart= and the like.
std::string command_line(const std::vector<std::string>& words);

}  // namespace sbx::quadlet
