// One layer unpacked: blob in, folder and digest out.
#pragma once

#include "base/error.h"
#include "image/unpack_message.h"
#include "os/fd.h"

namespace sbx::image {

struct LayerJob {
    UnpackRequest request;
    Ownership ownership = Ownership::as_recorded;
    os::Fd blob;
    os::Fd arrivals;
    os::Fd answer;
};

// Makes the folder `name` in `staging`. For a process that does nothing else afterwards: it is
// confined further on the way.
Result<Unpacked> unpack_layer(const LayerJob& job, os::FdView staging);

}  // namespace sbx::image
