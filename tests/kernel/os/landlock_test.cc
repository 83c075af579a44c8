#include "os/landlock.h"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::bytes_of;
using test::exists;
using test::make_file;
using test::make_folder;
using test::succeeds;
using test::TempFolder;

// A folder that stays writable and one that does not, to be entered by a body of its own process.
class Landlock : public testing::Test {
protected:
    void SetUp() override {
        test::skip_unless(landlock_version() >= 2, "there is no Landlock of version 2");
        make_folder(base_.at("mine"));
        make_folder(base_.at("theirs"));
        make_file(base_.at("theirs/file"), "secret");
        make_file(base_.at("mine/file"), "x");
    }

    void confine() const {
        const Fd mine = open_directory(base_.fd(), "mine").value();
        const Result<Confinement> confinement = confine_to({FdView(mine)});
        ASSERT_TRUE(succeeds(confinement));
        ASSERT_EQ(*confinement, Confinement::in_force);
    }

    static int open_error(const std::string& path, int flags) {
        const Fd file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
        return file ? 0 : errno;
    }

    const TempFolder base_;
};

TEST_F(Landlock, LetsWhatIsWritableBeWritten) {
    test::in_own_process([&] {
        confine();
        EXPECT_EQ(open_error(base_.at("mine/new"), O_WRONLY | O_CREAT), 0);
        EXPECT_EQ(open_error(base_.at("mine/file"), O_RDWR | O_TRUNC), 0);
        EXPECT_EQ(::mkdir(base_.at("mine/folder").c_str(), 0700), 0);
        EXPECT_EQ(::symlink("x", base_.at("mine/link").c_str()), 0);
        EXPECT_EQ(::mkfifo(base_.at("mine/fifo").c_str(), 0600), 0);
        EXPECT_EQ(::link(base_.at("mine/file").c_str(), base_.at("mine/folder/hard").c_str()), 0);
        EXPECT_EQ(::rename(base_.at("mine/file").c_str(), base_.at("mine/folder/f").c_str()), 0);
        EXPECT_EQ(::unlink(base_.at("mine/folder/f").c_str()), 0);
    });
}

TEST_F(Landlock, LetsNothingElseBeOpenedOrChanged) {
    test::in_own_process([&] {
        confine();
        EXPECT_EQ(open_error(base_.at("theirs/file"), O_RDONLY), EACCES);
        EXPECT_EQ(open_error(base_.at("theirs/file"), O_WRONLY), EACCES);
        EXPECT_EQ(open_error(base_.at("theirs/new"), O_WRONLY | O_CREAT), EACCES);
        EXPECT_EQ(open_error("/etc/passwd", O_RDONLY), EACCES);
        EXPECT_NE(::mkdir(base_.at("theirs/folder").c_str(), 0700), 0);
        EXPECT_NE(::unlink(base_.at("theirs/file").c_str()), 0);
        EXPECT_NE(::rename(base_.at("mine/file").c_str(), base_.at("theirs/f").c_str()), 0);
        EXPECT_NE(::link(base_.at("mine/file").c_str(), base_.at("theirs/f").c_str()), 0);
    });
    EXPECT_EQ(bytes_of(base_.at("theirs/file")), "secret");
}

TEST_F(Landlock, LeavesWhatIsOpenAlready) {
    test::in_own_process([&] {
        const Fd before(::open(base_.at("theirs/file").c_str(), O_RDONLY | O_CLOEXEC));
        confine();
        EXPECT_EQ(*read_to_end(before, 99), "secret");
    });
}

TEST_F(Landlock, LetsNothingBeRun) {
    make_file(base_.at("mine/run"), "#!/bin/sh\n", 0755);
    test::in_own_process([&] {
        confine();
        const std::string file = base_.at("mine/run");
        EXPECT_NE(::execl(file.c_str(), file.c_str(), nullptr), 0);
        EXPECT_EQ(errno, EACCES);
    });
}

TEST_F(Landlock, NeedsNoWritablePlace) {
    test::in_own_process([&] {
        ASSERT_EQ(*confine_to({}), Confinement::in_force);
        EXPECT_EQ(open_error(base_.at("mine/file"), O_RDONLY), EACCES);
    });
}

}  // namespace
}  // namespace sbx::os
