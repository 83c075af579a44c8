#include "support/files.h"

#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/tree.h"

namespace sbx::test {

TempFolder::TempFolder() : path_("/tmp/sbx-test-XXXXXX") {
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
    fd_ = os::Fd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    EXPECT_TRUE(fd_);
}

TempFolder::~TempFolder() { EXPECT_TRUE(os::remove_tree(os::FdView::cwd(), path_)); }

void make_file(const std::string& path, std::string_view bytes, mode_t mode) {
    const os::Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    EXPECT_TRUE(file) << path;
    EXPECT_TRUE(os::write_all(file, bytes)) << path;
    EXPECT_EQ(::fchmod(file.get(), mode), 0) << path;
}

void make_folder(const std::string& path, mode_t mode) {
    EXPECT_EQ(::mkdir(path.c_str(), 0700), 0) << path;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0) << path;
}

void make_link(const std::string& path, const std::string& target) {
    EXPECT_EQ(::symlink(target.c_str(), path.c_str()), 0) << path;
}

void make_fifo(const std::string& path) { EXPECT_EQ(::mkfifo(path.c_str(), 0644), 0) << path; }

std::string bytes_of(const std::string& path) {
    const os::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return os::read_to_end(file, std::size_t{64} << 20).value_or("");
}

bool exists(const std::string& path) {
    struct stat unused{};
    return ::lstat(path.c_str(), &unused) == 0;
}

struct stat status(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status;
}

mode_t mode_of(const std::string& path) { return status(path).st_mode & 07777; }

int open_descriptors() {
    const os::Fd folder(::open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return static_cast<int>(os::names_in(folder).value().size()) - 2;  // it and its listing
}

}  // namespace sbx::test
