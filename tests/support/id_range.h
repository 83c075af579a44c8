// Runs part of a test as root of a user namespace with a whole range of ids in it.
#pragma once

#include <functional>
#include <optional>

#include "os/ids.h"

namespace sbx::test {

// From /etc/subuid, by newuidmap(1); for root any; nothing where this user has none.
std::optional<os::IdMap> id_range();

os::IdMap one_id();  // oneself as root, and nobody else

// gtest assertions inside `body` work as usual: its first failure is repeated here. Skips the test
// where there is no range, unless SBX_TEST_STRICT is set.
void in_id_range(const std::function<void()>& body);

}  // namespace sbx::test

#define IN_ID_RANGE ::sbx::test::IdRangeBlock{} = [&]

namespace sbx::test {
struct IdRangeBlock {
    void operator=(const std::function<void()>& body) const { in_id_range(body); }
};
}  // namespace sbx::test
