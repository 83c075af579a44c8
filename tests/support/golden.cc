#include "support/golden.h"

#include <cstdlib>

#include <fmt/core.h>

#include "support/files.h"

namespace sbx::test {

static std::string path_of(std::string_view name) { return fmt::format("{}/{}", SBX_TESTS, name); }

std::string golden(std::string_view name) { return bytes_of(path_of(name)); }

testing::AssertionResult matches_golden(std::string_view name, const std::string& text) {
    if (std::getenv("SBX_ACCEPT")) make_file(path_of(name), text);
    const std::string accepted = golden(name);
    if (accepted == text) return testing::AssertionSuccess();
    return testing::AssertionFailure() << name << " says\n"
                                       << accepted << "and this is\n"
                                       << text << "(SBX_ACCEPT=1 accepts it)";
}

}  // namespace sbx::test
