#include "image/layer_content.h"

#include <algorithm>
#include <cstring>
#include <span>

#include <sys/statvfs.h>
#include <unistd.h>

#include "base/text.h"

namespace sbx::image {

static Result<std::uint64_t> free_on(os::FdView disk) {
    struct statvfs status{};
    if (::fstatvfs(disk.get(), &status) != 0)
        return Error::from_errno(errno, "see how full the disk is");
    return std::uint64_t{status.f_bavail} * status.f_frsize;
}

// How much may be written until it is time to look again, while `room` is left.
static std::uint64_t pace(std::uint64_t room) {
    constexpr std::uint64_t kMost = std::uint64_t{64} << 20;
    return std::min(kMost, room / 4 + 1);
}

Result<Quota> Quota::open(os::FdView disk, std::uint64_t most) {
    Quota quota(disk, most);
    const std::uint64_t free = TRY(free_on(disk));
    quota.reserve_ = free / 20;
    quota.next_look_ = pace(free - quota.reserve_);
    return quota;
}

Result<> Quota::take(std::uint64_t bytes) {
    taken_ += bytes;
    if (taken_ > most_)
        return Error(Error::Kind::failed, "the layer is larger than {}, which is the limit",
                     size_text(most_));
    if (taken_ < next_look_) return {};
    const std::uint64_t free = TRY(free_on(disk_));
    if (free > reserve_) {
        next_look_ = taken_ + pace(free - reserve_);
        return {};
    }
    return Error(Error::Kind::failed, "the disk is nearly full: {} are left", size_text(free))
        .hint("`sbx image prune` removes images that nothing needs");
}

static Result<> write_at(os::FdView file, std::span<const char> bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const ssize_t size =
            ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return Error::from_errno(errno, "write it");
        bytes = bytes.subspan(static_cast<std::size_t>(size));
        offset += static_cast<std::uint64_t>(size);
    }
    return {};
}

static bool is_zero(std::span<const char> bytes) {
    return bytes.empty() || (bytes.front() == '\0' &&
                             std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

// Of zeros nothing is written: a file that takes none of a container's disk may have any size.
Result<> write_content(archive::TarReader& tar, const archive::Entry& entry, os::FdView file,
                       Quota& quota) {
    std::uint64_t end = 0;
    while (const std::optional<archive::TarReader::Block> block = TRY(tar.block())) {
        TRY(quota.take(block->bytes.size()));
        if (is_zero(block->bytes)) continue;
        TRY(write_at(file, block->bytes, block->offset));
        end = block->offset + block->bytes.size();
    }
    if (end < entry.size && ::ftruncate(file.get(), static_cast<off_t>(entry.size)) != 0)
        return Error::from_errno(errno, "give it a size of {} bytes", entry.size);
    return {};
}

}  // namespace sbx::image
