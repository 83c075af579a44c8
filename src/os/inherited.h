// Descriptors that whoever started this process left open for it to hand on.
#pragma once

#include <initializer_list>

#include "base/error.h"

namespace sbx::os {

constexpr int kMostInherited = 1024;

// Descriptors 3 to 2+count came through execve(2). Before this process opens any of its own that
// are not close-on-exec. EBADF with the first that did not; Kind::usage for a count that cannot be.
Result<> check_inherited(int count);

// Closes all of them above 2: what this process opened itself is close-on-exec, and stays.
Result<> close_inherited();

// Puts /dev/null, open both ways, in the place of these: what this process has there is not its
// own.
Result<> give_null(std::initializer_list<int> numbers);

}  // namespace sbx::os
