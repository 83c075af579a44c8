#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/tree.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::bytes_of;
using test::exists;
using test::fails_saying;
using test::in_mapped_namespaces;
using test::make_fifo;
using test::make_file;
using test::make_folder;
using test::make_link;
using test::mode_of;
using test::status;
using test::succeeds;
using test::TempFolder;

// Two folders, "from" and "to", and a copy from the one to the other.
class CopyTree : public testing::Test {
protected:
    void SetUp() override {
        make_folder(base_.at("from"));
        make_folder(base_.at("to"));
    }

    std::string from(std::string_view name) const { return base_.at("from/" + std::string(name)); }
    std::string to(std::string_view name) const { return base_.at("to/" + std::string(name)); }

    Result<> copy(OverlayMarks marks = OverlayMarks::copy) const {
        const Fd source = TRY(open_directory(FdView::cwd(), base_.at("from")));
        const Fd target = TRY(open_directory(FdView::cwd(), base_.at("to")));
        return copy_tree(source, target, marks);
    }

    const TempFolder base_;
};

void set_attribute(const std::string& path, const char* name, std::string_view value) {
    ASSERT_EQ(::setxattr(path.c_str(), name, value.data(), value.size(), 0), 0) << path;
}

std::string attribute(const std::string& path, const char* name) {
    std::string value(256, '\0');
    const ssize_t size = ::getxattr(path.c_str(), name, value.data(), value.size());
    value.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return value;
}

void set_times(const std::string& path, time_t accessed, time_t changed) {
    const timespec times[2] = {{.tv_sec = accessed, .tv_nsec = 123456789},
                               {.tv_sec = changed, .tv_nsec = 987654321}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0) << path;
}

void make_whiteout(const std::string& path) {
    ASSERT_EQ(::mknod(path.c_str(), S_IFCHR | 0, ::makedev(0, 0)), 0) << path;
}

TEST_F(CopyTree, CopiesEveryKindOfThing) {
    make_folder(from("folder"));
    make_file(from("folder/file"), "content");
    make_file(from("folder/empty"));
    make_link(from("folder/link"), "nowhere/../at all");
    make_fifo(from("folder/fifo"));
    ASSERT_TRUE(succeeds(copy()));
    EXPECT_EQ(bytes_of(to("folder/file")), "content");
    EXPECT_EQ(status(to("folder/empty")).st_size, 0);
    EXPECT_EQ(*read_link(FdView::cwd(), to("folder/link")), "nowhere/../at all");
    EXPECT_TRUE(S_ISFIFO(status(to("folder/fifo")).st_mode));
}

TEST_F(CopyTree, KeepsModesAndTimes) {
    make_folder(from("folder"), 01770);
    make_file(from("folder/file"), "x", 0640);
    make_link(from("folder/link"), "x");
    for (const char* name : {"folder/file", "folder/link", "folder"})
        set_times(from(name), 1'000'000'000, 2'000'000'000);
    ASSERT_TRUE(succeeds(copy()));
    EXPECT_EQ(mode_of(to("folder")), 01770U);
    EXPECT_EQ(mode_of(to("folder/file")), 0640U);
    for (const char* name : {"folder/file", "folder/link", "folder"}) {
        EXPECT_EQ(status(to(name)).st_mtim.tv_sec, 2'000'000'000) << name;
        EXPECT_EQ(status(to(name)).st_mtim.tv_nsec, 987654321) << name;
    }
}

TEST_F(CopyTree, KeepsSetuidFiles) {
    make_file(from("su"), "x", 06755);
    ASSERT_TRUE(succeeds(copy()));
    EXPECT_EQ(mode_of(to("su")), 06755U);
}

TEST_F(CopyTree, KeepsReadOnlyFolders) {
    make_folder(from("closed"));
    make_file(from("closed/file"), "x", 0400);
    ASSERT_EQ(::chmod(from("closed").c_str(), 0500), 0);
    ASSERT_TRUE(succeeds(copy()));
    EXPECT_EQ(mode_of(to("closed")), 0500U);
    EXPECT_EQ(mode_of(to("closed/file")), 0400U);
}

TEST_F(CopyTree, KeepsHardLinksTogether) {
    make_folder(from("a"));
    make_folder(from("z"));
    make_file(from("a/one"), "x");
    make_file(from("a/single"), "y");
    ASSERT_EQ(::link(from("a/one").c_str(), from("z/two").c_str()), 0);
    ASSERT_TRUE(succeeds(copy()));
    EXPECT_EQ(status(to("a/one")).st_ino, status(to("z/two")).st_ino);
    EXPECT_EQ(status(to("a/one")).st_nlink, 2U);
    EXPECT_EQ(status(to("a/single")).st_nlink, 1U);
    EXPECT_NE(status(to("a/one")).st_ino, status(from("a/one")).st_ino);
}

TEST_F(CopyTree, KeepsHoles) {
    const Fd sparse(::open(from("sparse").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_EQ(::pwrite(sparse.get(), "data", 4, 5 << 20), 4);
    ASSERT_EQ(::ftruncate(sparse.get(), 10 << 20), 0);
    ASSERT_TRUE(succeeds(copy()));
    EXPECT_EQ(status(to("sparse")).st_size, 10 << 20);
    EXPECT_LT(status(to("sparse")).st_blocks * 512, 1 << 20);
    EXPECT_EQ(bytes_of(to("sparse")), bytes_of(from("sparse")));
}

TEST_F(CopyTree, ReachesOtherFileSystems) {
    make_file(from("file"), std::string(3 << 20, 'x'));
    make_file(from("empty"));
    const Fd sparse(::open(from("sparse").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_EQ(::pwrite(sparse.get(), "data", 4, 5 << 20), 4);
    IN_NAMESPACES {
        ASSERT_EQ(::mount("none", base_.at("to").c_str(), "tmpfs", 0, nullptr), 0);
        ASSERT_TRUE(succeeds(copy()));
        EXPECT_EQ(bytes_of(to("file")), bytes_of(from("file")));
        EXPECT_EQ(bytes_of(to("sparse")), bytes_of(from("sparse")));
        EXPECT_LT(status(to("sparse")).st_blocks * 512, 1 << 20);
    };
}

TEST_F(CopyTree, KeepsModesWhateverTheUmask) {
    make_fifo(from("fifo"));
    ASSERT_EQ(::chmod(from("fifo").c_str(), 0666), 0);
    make_file(from("file"), "x", 0666);
    test::in_own_process([&] {
        ::umask(077);
        ASSERT_TRUE(succeeds(copy()));
        EXPECT_EQ(mode_of(to("fifo")), 0666U);
        EXPECT_EQ(mode_of(to("file")), 0666U);
    });
}

// Folders inside one another, to `depth`; the last of them.
Fd make_chain(FdView folder, int depth) {
    Fd here = duplicate(folder).value();
    for (int i = 0; i < depth; ++i)
        here = make_directory(here, "d", 0700).value();
    return here;
}

TEST_F(CopyTree, ReachesAnyDepthWithAFewDescriptors) {
    IN_NAMESPACES {
        constexpr int kDepth = 3000;
        const Fd top = test::mount_tmpfs(base_.path());
        const Fd source = make_directory(top, "from", 0700).value();
        const Fd target = make_directory(top, "to", 0700).value();
        const Fd bottom = make_chain(source, kDepth);
        ASSERT_EQ(::mknodat(bottom.get(), "one", S_IFREG | 0600, 0), 0);
        ASSERT_EQ(::linkat(bottom.get(), "one", bottom.get(), "two", 0), 0);
        const rlimit few{.rlim_cur = 200, .rlim_max = 200};
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
        ASSERT_TRUE(succeeds(copy_tree(source, target, OverlayMarks::copy)));
        const Fd copied = make_chain(target, kDepth);
        EXPECT_EQ(status_at(copied, "one")->st_ino, status_at(copied, "two")->st_ino);
    };
}

TEST_F(CopyTree, KeepsTheModesOfFoldersFarBelow) {
    const Fd source = open_directory(base_.fd(), "from").value();
    const Fd bottom = make_chain(source, 70);
    ASSERT_EQ(::fchmod(bottom.get(), 0500), 0);
    ASSERT_EQ(::chmod(from("d").c_str(), 0750), 0);
    ASSERT_TRUE(succeeds(copy()));
    EXPECT_EQ(mode_of(to("d")), 0750U);
    EXPECT_EQ(mode_of(to("d/d")), 0700U);
}

TEST_F(CopyTree, KeepsAttributes) {
    make_folder(from("folder"));
    make_file(from("folder/file"), "x");
    set_attribute(from("folder"), "user.of.folder", "1");
    set_attribute(from("folder/file"), "user.of.file", std::string_view("a\0b", 3));
    set_attribute(from("folder/file"), "user.empty", "");
    ASSERT_TRUE(succeeds(copy()));
    EXPECT_EQ(attribute(to("folder"), "user.of.folder"), "1");
    EXPECT_EQ(attribute(to("folder/file"), "user.of.file"), std::string("a\0b", 3));
    EXPECT_EQ(::getxattr(to("folder/file").c_str(), "user.empty", nullptr, 0), 0);
}

TEST_F(CopyTree, ReplacesWhatIsThereAndJoinsFolders) {
    make_folder(from("both"));
    make_file(from("both/file"), "new");
    make_file(from("was_folder"), "file");
    make_folder(from("was_file"));
    make_folder(to("both"));
    make_file(to("both/file"), "old");
    make_file(to("both/kept"), "kept");
    make_folder(to("was_folder"));
    make_file(to("was_folder/x"));
    make_file(to("was_file"));
    ASSERT_TRUE(succeeds(copy()));
    EXPECT_EQ(bytes_of(to("both/file")), "new");
    EXPECT_EQ(bytes_of(to("both/kept")), "kept");
    EXPECT_EQ(bytes_of(to("was_folder")), "file");
    EXPECT_TRUE(S_ISDIR(status(to("was_file")).st_mode));
}

TEST_F(CopyTree, WritesThroughNoLinkInItsTarget) {
    make_folder(base_.at("outside"));
    make_folder(from("folder"));
    make_file(from("folder/file"), "x");
    make_file(from("file"), "new");
    make_file(base_.at("outside/precious"), "old");
    make_link(to("folder"), "../outside");
    make_link(to("file"), "../outside/precious");
    ASSERT_TRUE(succeeds(copy()));
    EXPECT_EQ(bytes_of(base_.at("outside/precious")), "old");
    EXPECT_FALSE(exists(base_.at("outside/file")));
    EXPECT_EQ(bytes_of(to("folder/file")), "x");
}

TEST_F(CopyTree, AppliesWhiteouts) {
    make_file(to("gone"), "x");
    make_folder(to("gone_folder"));
    make_file(to("gone_folder/x"));
    for (const char* name : {"gone", "gone_folder", "never_there"})
        make_whiteout(from(name));
    ASSERT_TRUE(succeeds(copy(OverlayMarks::apply)));
    EXPECT_TRUE(names_in(*open_directory(base_.fd(), "to"))->empty());
}

TEST_F(CopyTree, AppliesOpaqueFolders) {
    make_folder(from("opaque"));
    make_file(from("opaque/new"), "x");
    set_attribute(from("opaque"), "user.overlay.opaque", "y");
    make_folder(to("opaque"));
    make_file(to("opaque/old"));
    ASSERT_TRUE(succeeds(copy(OverlayMarks::apply)));
    EXPECT_EQ(*names_in(*open_directory(FdView::cwd(), to("opaque"))),
              std::vector<std::string>{"new"});
    EXPECT_EQ(attribute(to("opaque"), "user.overlay.opaque"), "");
}

TEST_F(CopyTree, CopiesMarksAsTheyAre) {
    make_whiteout(from("gone"));
    make_folder(from("opaque"));
    set_attribute(from("opaque"), "user.overlay.opaque", "y");
    make_folder(to("opaque"));
    make_file(to("opaque/old"));
    ASSERT_TRUE(succeeds(copy(OverlayMarks::copy)));
    EXPECT_EQ(status(to("gone")).st_rdev, ::makedev(0, 0));
    EXPECT_TRUE(S_ISCHR(status(to("gone")).st_mode));
    EXPECT_EQ(attribute(to("opaque"), "user.overlay.opaque"), "y");
    EXPECT_TRUE(exists(to("opaque/old")));
}

TEST_F(CopyTree, TellsAFileInItsPlaceFromAFolder) {
    make_file(from("file"), "x");
    const Fd file(::open(from("file").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_TRUE(fails_saying(copy_tree(file, base_.fd(), OverlayMarks::copy), "Not a directory"));
}

TEST_F(CopyTree, NamesWhatItCannotCopy) {
    make_file(from("file"), "x");
    IN_NAMESPACES {
        const std::string target = base_.at("to");
        ASSERT_EQ(::mount("/proc", target.c_str(), nullptr, MS_BIND | MS_REC, nullptr), 0);
        EXPECT_TRUE(fails_saying(copy(), "copying 'file': "));
    };
}

TEST(CopyTreeWithIds, KeepsOwnersAndSetuid) {
    in_mapped_namespaces([] {
        const TempFolder base;
        make_folder(base.at("from"));
        make_folder(base.at("to"));
        make_file(base.at("from/file"), "x");
        make_link(base.at("from/link"), "x");
        ASSERT_EQ(::chown(base.at("from/file").c_str(), 5, 6), 0);
        ASSERT_EQ(::chmod(base.at("from/file").c_str(), 06755), 0);
        ASSERT_EQ(::lchown(base.at("from/link").c_str(), 7, 8), 0);
        const Fd from = open_directory(base.fd(), "from").value();
        const Fd to = open_directory(base.fd(), "to").value();
        ASSERT_TRUE(succeeds(copy_tree(from, to, OverlayMarks::copy)));
        EXPECT_EQ(status(base.at("to/file")).st_uid, 5U);
        EXPECT_EQ(status(base.at("to/file")).st_gid, 6U);
        EXPECT_EQ(mode_of(base.at("to/file")), 06755U);
        EXPECT_EQ(status(base.at("to/link")).st_uid, 7U);
    });
}

}  // namespace
}  // namespace sbx::os
