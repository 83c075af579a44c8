#include <climits>
#include <set>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include "os/file.h"
#include "os/root.h"
#include "os/tree.h"

namespace sbx::os {

namespace {

class Measurement {
public:
    explicit Measurement(const Root& root) : root_(root) {}

    Result<std::uint64_t> run() {
        pending_.emplace_back(".");
        while (!pending_.empty()) {
            const std::string path = std::move(pending_.back());
            pending_.pop_back();
            Result<> done = look_into(path);
            if (!done && !done.failed_with(std::errc::no_such_file_or_directory))
                return std::move(done).error();
        }
        return bytes_;
    }

    void add(const struct stat& status) {
        constexpr std::uint64_t kBlock = 512;  // stat(2), st_blocks
        const bool has_others = !S_ISDIR(status.st_mode) && status.st_nlink > 1;
        if (has_others && !seen_.emplace(status.st_dev, status.st_ino).second) return;
        bytes_ += static_cast<std::uint64_t>(status.st_blocks) * kBlock;
    }

private:
    Result<> look_into(const std::string& path) {
        const Fd directory = TRY(root_.open_without_links(path, O_RDONLY | O_DIRECTORY));
        for (const std::string& name : TRY(names_in(directory))) {
            const Result<struct stat> status = status_at(directory, name);
            if (!status) continue;  // it has just gone
            add(*status);
            if (S_ISDIR(status->st_mode) && path.size() + name.size() + 2 < PATH_MAX)
                pending_.push_back(fmt::format("{}/{}", path, name));
        }
        return {};
    }

    const Root& root_;
    std::vector<std::string> pending_;
    std::set<std::pair<dev_t, ino_t>> seen_;
    std::uint64_t bytes_ = 0;
};

}  // namespace

Result<std::uint64_t> measure_tree(FdView directory, const std::string& name) {
    const struct stat status = TRY(status_at(directory, name));
    if (!S_ISDIR(status.st_mode)) return static_cast<std::uint64_t>(status.st_blocks) * 512;
    const Root root = TRY(Root::open_at(directory, name));
    Measurement measurement(root);
    measurement.add(status);
    return measurement.run();
}

}  // namespace sbx::os
