#include <set>
#include <utility>
#include <vector>

#include "os/file.h"
#include "os/tree.h"

namespace sbx::os {

namespace {

class Measurement {
public:
    Result<std::uint64_t> run(FdView above, const std::string& name) {
        TRY(look_at(above, name));
        while (!frames_.empty()) {
            if (frames_.back().names.empty()) {
                frames_.pop_back();
                continue;
            }
            const std::string next = std::move(frames_.back().names.back());
            frames_.back().names.pop_back();
            TRY(look_at(FdView(frames_.back().directory), next));
        }
        return bytes_;
    }

private:
    struct Frame {
        Fd directory;
        std::vector<std::string> names;
    };

    Result<> look_at(FdView parent, const std::string& name) {
        Result<struct stat> found = status_at(parent, name);
        if (found.failed_with(std::errc::no_such_file_or_directory)) return {};  // it has just gone
        const struct stat status = TRY(std::move(found));
        add(status);
        if (!S_ISDIR(status.st_mode) || frames_.size() == kDeepestMeasured) return {};
        Fd directory = TRY(open_directory(parent, name));
        std::vector<std::string> names = TRY(names_in(directory));
        frames_.push_back({.directory = std::move(directory), .names = std::move(names)});
        return {};
    }

    void add(const struct stat& status) {
        constexpr std::uint64_t kBlock = 512;  // stat(2): whatever the file system's own
        const bool repeated = !S_ISDIR(status.st_mode) && status.st_nlink > 1 &&
                              !linked_.emplace(status.st_dev, status.st_ino).second;
        if (!repeated) bytes_ += static_cast<std::uint64_t>(status.st_blocks) * kBlock;
    }

    std::vector<Frame> frames_;
    std::set<std::pair<dev_t, ino_t>> linked_;  // files of several names that have been counted
    std::uint64_t bytes_ = 0;
};

}  // namespace

Result<std::uint64_t> measure_tree(FdView directory, const std::string& name) {
    return Measurement().run(directory, name);
}

}  // namespace sbx::os
