// The memory of this process.
#pragma once

namespace sbx::os {

// Gives back what holds this program's code and constants; what is needed of them again is read
// from its file. For a process that will do little, and that for long. madvise(2).
void forget_program_pages();

}  // namespace sbx::os
