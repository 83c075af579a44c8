// Help texts, made from the declarations of the commands.
#pragma once

#include <string>

#include "base/json.h"
#include "cli/command.h"

namespace sbx::cli {

std::string overview();                           // `sbx help`
std::string help_for(const CommandEntry& entry);  // `sbx run --help`
std::string group_help(std::string_view group);   // `sbx image --help`; empty: no such group
std::string oci_help();                           // `sbx oci --help`
Json help_as_json();                              // all of it, for manual pages

}  // namespace sbx::cli
