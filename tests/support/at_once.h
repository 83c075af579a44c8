// Several processes that do the same thing at the same moment.
#pragma once

#include <functional>
#include <vector>

namespace sbx::test {

// The exit codes of processes that run body(0), body(1), ... Each begins when all are there.
std::vector<int> at_once(int count, const std::function<int(int)>& body);

}  // namespace sbx::test
