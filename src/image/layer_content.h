// The content of a layer's files, and how much of it a disk takes.
#pragma once

#include <cstdint>

#include "archive/tar.h"
#include "base/error.h"
#include "os/fd.h"

namespace sbx::image {

// Stops a layer before the disk is full, and at a limit of its own: a kilobyte of gzip may be a
// megabyte of file, one of zstd thirty.
class Quota {
public:
    static Result<Quota> open(os::FdView disk, std::uint64_t most);

    Result<> take(std::uint64_t bytes);  // before so many are written
    std::uint64_t taken() const { return taken_; }

private:
    Quota(os::FdView disk, std::uint64_t most) : disk_(disk), most_(most) {}

    os::FdView disk_;
    std::uint64_t most_;
    std::uint64_t reserve_ = 0;  // stays free, whoever else writes beside this layer
    std::uint64_t taken_ = 0;
    std::uint64_t next_look_ = 0;  // at what is free, once so much is taken
};

// Writes the content of `entry`, which `tar` is at, to an empty file. Holes stay holes, and long
// zeros become some.
Result<> write_content(archive::TarReader& tar, const archive::Entry& entry, os::FdView file,
                       Quota& quota);

}  // namespace sbx::image
