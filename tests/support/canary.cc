#include "support/canary.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "os/file.h"
#include "os/ids.h"
#include "os/tree.h"
#include "support/id_range.h"

namespace sbx::test {

Scratch::Scratch() {
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
    EXPECT_EQ(::chmod(path_.c_str(), 0755), 0);
    EXPECT_EQ(::mkdir(canary().c_str(), 0755), 0);
    EXPECT_EQ(::mkdir(tree().c_str(), 0755), 0);
    const os::Fd secret(
        ::open((canary() + "/secret").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    EXPECT_EQ(::write(secret.get(), "secret", 6), 6);
    before_ = describe(canary());
}

Scratch::~Scratch() {
    if (os::remove_tree(os::FdView::cwd(), path_)) return;
    const std::optional<os::IdMap> ids = id_range();
    if (!ids) return;
    Result<os::Process> owner = os::spawn_mapped(
        *ids, 0, [&] { ::_exit(os::remove_tree(os::FdView::cwd(), path_) ? 0 : 1); });
    EXPECT_TRUE(owner && owner->wait()->code == 0) << path_ << " is left over";
}

static std::string line_of(const std::string& name, const struct stat& s) {
    return fmt::format("{} {:o} {} {} {} {} {}.{}\n", name, s.st_mode, s.st_uid, s.st_gid,
                       S_ISDIR(s.st_mode) ? 0 : s.st_size, s.st_nlink, s.st_mtim.tv_sec,
                       s.st_mtim.tv_nsec);
}

std::string Scratch::describe(const std::string& folder) {
    const Result<os::Fd> open = os::open_directory(os::FdView::cwd(), folder);
    if (!open) return open.error().text();
    std::string text = line_of(".", *os::status_of(*open));
    const Result<std::vector<std::string>> names = os::names_in(*open);
    for (const std::string& name : *names)
        text += line_of(name, *os::status_at(*open, name));
    return text;
}

}  // namespace sbx::test
