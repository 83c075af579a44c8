// Tar archives, written: POSIX.1-2017 ustar, with a pax header before what that has no room for.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "archive/tar_entry.h"
#include "base/error.h"

namespace sbx::archive {

class TarWriter {
public:
    // Is given the archive piece by piece, in order.
    using Sink = std::function<Result<>(std::string_view bytes)>;

    explicit TarWriter(Sink sink) : sink_(std::move(sink)) {}

    // The headers of `entry`. Of a regular file, entry.size bytes have to follow; its number and
    // offset mean nothing here. Errors are the sink's.
    Result<> begin(const Entry& entry);
    Result<> add_content(std::string_view bytes);

    Result<> finish();  // the end of the archive, and the last bytes to the sink

private:
    Result<> put(std::string_view bytes);
    Result<> pad();

    Sink sink_;
    std::string waiting_ = {};    // what the sink has not been given yet
    std::uint64_t in_entry_ = 0;  // bytes of content since its headers
};

}  // namespace sbx::archive
