#include "support/golden.h"

#include <cstdlib>

#include <fmt/core.h>

#include "support/files.h"

namespace sbx::test {

testing::AssertionResult matches_golden(std::string_view name, const std::string& text) {
    const std::string path = fmt::format("{}/{}", SBX_TESTS, name);
    if (std::getenv("SBX_ACCEPT")) make_file(path, text);
    const std::string golden = bytes_of(path);
    if (golden == text) return testing::AssertionSuccess();
    return testing::AssertionFailure() << name << " says\n"
                                       << golden << "and this is\n"
                                       << text << "(SBX_ACCEPT=1 accepts it)";
}

}  // namespace sbx::test
