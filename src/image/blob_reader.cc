#include "image/blob_reader.h"

#include <algorithm>

#include <unistd.h>

namespace sbx::image {

Result<> BlobReader::wait() {
    std::uint64_t more = 0;
    while (::read(arrivals_.get(), &more, sizeof more) < 0)
        if (errno != EINTR) return Error::from_errno(errno, "wait for more of the blob");
    there_ += std::min(more, size_ - there_);
    return {};
}

Result<std::size_t> BlobReader::read(std::span<char> into) {
    if (at_ == size_) return std::size_t{0};
    while (at_ == there_)
        TRY(wait());
    const std::uint64_t wanted = std::min<std::uint64_t>(into.size(), there_ - at_);
    ssize_t size = 0;
    do
        size = ::pread(blob_.get(), into.data(), wanted, static_cast<off_t>(at_));
    while (size < 0 && errno == EINTR);
    if (size < 0) return Error::from_errno(errno, "read the blob");
    if (size == 0) return Error(Error::Kind::failed, "the blob ends before its {} bytes", size_);
    at_ += static_cast<std::uint64_t>(size);
    return static_cast<std::size_t>(size);
}

}  // namespace sbx::image
