// What a killed monitor leaves running: processes in the process namespace of another container,
// which do not end with the first one of their own.
#pragma once

#include "base/error.h"
#include "os/fd.h"
#include "store/containers.h"

namespace sbx::container {

// Of a life that begins in the process namespace of the container `sharer`.
Result<> note_sharer(const store::Containers& containers, const std::string& id,
                     const std::string& sharer);
void forget_sharer(os::FdView runtime_folder);

// Ends what is left of a life that nobody saw end, known by the files that are mounted in this
// container alone. Under the container's lock.
void end_left_processes(const store::Containers& containers, const std::string& id);

}  // namespace sbx::container
