// Files of the person's that lines are added to while others may change the folder.
#pragma once

#include <string>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

// Or a new one, with mode 0644. Writing waits for nobody, nor does this: ENXIO for a FIFO that
// nobody reads. What its last name leads to is not followed: ELOOP. open(2).
Result<Fd> append_to(const std::string& host_path);

}  // namespace sbx::os
