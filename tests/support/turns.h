// How often a test tries to win a race against what it tests.
#pragma once

#include <algorithm>
#include <cstdlib>

namespace sbx::test {

// `usual`, which takes some seconds, or what SBX_TEST_TURNS says: CONTRIBUTING.md.
inline int turns(int usual) {
    const char* asked = std::getenv("SBX_TEST_TURNS");
    return asked ? std::max(1, std::atoi(asked)) : usual;
}

}  // namespace sbx::test
