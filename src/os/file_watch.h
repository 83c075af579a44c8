// Being told of changes to the files in a folder: inotify(7).
#pragma once

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

class FileWatch {
public:
    static Result<FileWatch> open(FdView folder);

    FdView fd() const { return fd_; }  // readable once a file has been written to, made or renamed
    void forget();                     // what has been told so far

private:
    explicit FileWatch(Fd fd) : fd_(std::move(fd)) {}

    Fd fd_;
};

}  // namespace sbx::os
