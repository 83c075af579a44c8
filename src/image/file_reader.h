// An open file, or a pipe, as a Reader.
#pragma once

#include <unistd.h>

#include "archive/stream.h"
#include "os/fd.h"

namespace sbx::image {

class FileReader final : public archive::Reader {
public:
    explicit FileReader(os::FdView file) : file_(file) {}

    Result<std::size_t> read(std::span<char> into) override {
        for (;;) {
            const ssize_t n = ::read(file_.get(), into.data(), into.size());
            if (n >= 0) return static_cast<std::size_t>(n);
            if (errno != EINTR) return Error::from_errno(errno, "read the archive");
        }
    }

private:
    os::FdView file_;
};

}  // namespace sbx::image
