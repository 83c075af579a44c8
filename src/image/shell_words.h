// Lines of a Dockerfile as its instructions take them apart: Dockerfile(5), "Environment
// replacement" and "Escaping".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::image {

// Quotes keep blanks in a word, a backslash any character. "$NAME", "${NAME}", "${NAME:-WORD}" and
// "${NAME:+WORD}" stand for what `env`, of NAME=VALUE entries, has, but not in single quotes; a
// name that it has not is empty. Kind::usage for a quote or a brace that is not closed.
Result<std::vector<std::string>> shell_words(std::string_view line,
                                             const std::vector<std::string>& env);

// The same for what is one word, whatever blanks it has.
Result<std::string> shell_word(std::string_view line, const std::vector<std::string>& env);

}  // namespace sbx::image
