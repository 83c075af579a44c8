// The lines of a file that is rotated while it is read: NAME becomes NAME.1, that NAME.2, and so
// on. From the oldest of them on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

class RotatedLines {
public:
    // A file that is not there is an empty one.
    static Result<RotatedLines> open(FdView folder, std::string name);

    // The next line, without its end, which holds until the next call; nothing at the end of what
    // has been written so far. A line that is not whole yet is not there yet.
    Result<std::optional<std::string_view>> next();

    // One of them: `age` 0 is the newest. Nothing where it is not there.
    Result<Fd> file_of(int age) const;

    // Goes on at `file`, one of them, from where that stands.
    void go_on_at(Fd file);

private:
    RotatedLines(Fd folder, std::string name)
        : folder_(std::move(folder)), name_(std::move(name)) {}

    Result<Fd> open_oldest() const;
    Result<bool> fill();        // whether there was more
    Result<bool> open_newer();  // whether there is a file that is newer than the one that is read
    Result<int> age_of_file() const;

    Fd folder_;
    std::string name_;
    Fd file_ = {};
    std::string buffer_ = {};
    std::size_t read_ = 0;  // of the buffer
};

}  // namespace sbx::os
