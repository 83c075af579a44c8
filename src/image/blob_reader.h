// A blob that may still be on its way here.
#pragma once

#include <cstdint>

#include "archive/stream.h"
#include "os/fd.h"

namespace sbx::image {

// Reads `size` bytes of a file. How many of them are written by now arrives in an eventfd(2), as
// numbers that add up; reading on waits for them.
class BlobReader final : public archive::Reader {
public:
    BlobReader(os::FdView blob, os::FdView arrivals, std::uint64_t size)
        : blob_(blob), arrivals_(arrivals), size_(size) {}

    Result<std::size_t> read(std::span<char> into) override;

private:
    Result<> wait();

    os::FdView blob_;
    os::FdView arrivals_;
    std::uint64_t size_;
    std::uint64_t there_ = 0;
    std::uint64_t at_ = 0;
};

}  // namespace sbx::image
