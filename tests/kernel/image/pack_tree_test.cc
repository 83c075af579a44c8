#include "image/pack_tree.h"

#include <gtest/gtest.h>
#include <sys/xattr.h>

#include "archive/tar.h"
#include "os/rlimits.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::image {
namespace {

using archive::Entry;
using test::succeeds;

class PackTree : public testing::Test {
protected:
    // Of the folder, as `path`.
    std::vector<Entry> pack(const std::string& path) {
        return pack_by(
            [&](TreePacker& packer) { return packer.add_tree(folder_.fd(), ".", path); });
    }

    std::vector<Entry> pack_by(const std::function<Result<>(TreePacker&)>& work) {
        std::string bytes;
        archive::TarWriter tar([&](std::string_view piece) -> Result<> {
            bytes += piece;
            return {};
        });
        TreePacker packer(tar, TreePacker::Devices::left_out);
        EXPECT_TRUE(succeeds(work(packer)));
        EXPECT_TRUE(succeeds(tar.finish()));
        notes_ = packer.notes();
        archive::TextReader text(bytes);
        archive::TarReader reader(text);
        std::vector<Entry> entries;
        while (std::optional<Entry> entry = reader.next().value())
            entries.push_back(*std::move(entry));
        return entries;
    }

    test::TempFolder folder_;
    std::vector<std::string> notes_;
};

TEST_F(PackTree, TakesTheKindsOfFilesInTheOrderOfNames) {
    test::make_folder(folder_.at("dir"), 0750);
    test::make_file(folder_.at("dir/file"), "text", 0640);
    test::make_fifo(folder_.at("fifo"));
    test::make_link(folder_.at("link"), "/etc/shadow");
    const std::vector<Entry> entries = pack("");
    ASSERT_EQ(entries.size(), 4U);
    EXPECT_EQ(entries[0].path, "dir/");
    EXPECT_EQ(entries[0].mode, 0750U);
    EXPECT_EQ(entries[1].path, "dir/file");
    EXPECT_EQ(entries[1].size, 4U);
    EXPECT_EQ(entries[1].mode, 0640U);
    EXPECT_EQ(entries[1].uid, ::geteuid());
    EXPECT_EQ(entries[2].kind, Entry::Kind::fifo);
    EXPECT_EQ(entries[3].target, "/etc/shadow");
    EXPECT_TRUE(notes_.empty());
}

TEST_F(PackTree, NamesTheTopAsItIsTold) {
    test::make_file(folder_.at("file"));
    EXPECT_EQ(pack("top")[0].path, "top/");
    EXPECT_EQ(pack("top")[1].path, "top/file");
    EXPECT_EQ(pack(".")[1].path, "./file");
}

TEST_F(PackTree, GoesDeeperThanFilesMayBeOpen) {
    test::in_own_process([this] {
        const rlim_t most = os::limit_of(RLIMIT_NOFILE)->rlim_max;
        ASSERT_TRUE(succeeds(os::set_limit(RLIMIT_NOFILE, {.rlim_cur = 64, .rlim_max = most})));
        std::string path = "d";
        for (int level = 1; level < 600; ++level, path += "/d")
            test::make_folder(folder_.at(path));
        test::make_file(folder_.at(path), "deep");
        const std::vector<Entry> entries = pack("");
        ASSERT_EQ(entries.size(), 600U);
        EXPECT_EQ(entries.back().path, path);
    });
}

TEST_F(PackTree, TakesAHardLinkOnce) {
    test::make_file(folder_.at("a"), "text");
    ASSERT_EQ(::link(folder_.at("a").c_str(), folder_.at("b").c_str()), 0);
    const std::vector<Entry> entries = pack("");
    EXPECT_EQ(entries[0].kind, Entry::Kind::regular);
    EXPECT_EQ(entries[1].kind, Entry::Kind::hard_link);
    EXPECT_EQ(entries[1].target, "a");
}

TEST_F(PackTree, TakesAttributesOfTheUsersOwn) {
    test::make_file(folder_.at("a"));
    if (::setxattr(folder_.at("a").c_str(), "user.note", "x", 1, 0) != 0) GTEST_SKIP();
    ASSERT_EQ(::setxattr(folder_.at("a").c_str(), "user.overlay.opaque", "y", 1, 0), 0);
    const std::vector<Entry> entries = pack("");
    ASSERT_EQ(entries[0].attributes.size(), 1U);
    EXPECT_EQ(entries[0].attributes[0].first, "user.note");
}

TEST_F(PackTree, LeavesOutDevicesOrRefusesThem) {
    const os::Fd dev(::open("/dev", O_PATH | O_DIRECTORY | O_CLOEXEC));
    archive::TarWriter tar([](std::string_view) { return Result<>(); });
    TreePacker without(tar, TreePacker::Devices::left_out);
    EXPECT_TRUE(test::fails_saying(without.add_tree(dev, "null", "null"), "is a device"));
    TreePacker with(tar);
    EXPECT_TRUE(succeeds(with.add_tree(dev, "null", "null")));
}

TEST_F(PackTree, TakesOneThatWasListedBefore) {
    test::make_folder(folder_.at("dir"));
    test::make_file(folder_.at("dir/file"));
    ASSERT_EQ(::mknod(folder_.at("socket").c_str(), S_IFSOCK | 0600, 0), 0);
    const std::vector<Entry> entries = pack_by([&](TreePacker& packer) -> Result<> {
        for (const char* name : {"dir", "gone", "socket"})
            (void)TRY(packer.add(folder_.fd(), name, name));
        return {};
    });
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].path, "dir/");
    ASSERT_EQ(notes_.size(), 1U);
    EXPECT_TRUE(notes_[0].contains("is a socket")) << notes_[0];
}

TEST_F(PackTree, RefusesALinkThatWasToBeFollowed) {
    test::make_link(folder_.at("link"), "/etc");
    archive::TarWriter tar([](std::string_view) { return Result<>(); });
    TreePacker packer(tar);
    EXPECT_TRUE(succeeds(packer.add_tree(folder_.fd(), "link", "link")));
    packer.expect_no_link();
    EXPECT_TRUE(test::fails_saying(packer.add_tree(folder_.fd(), "link", "link"), "by a link"));
}

TEST_F(PackTree, ReadsFilesOfTheKernelToTheirEnd) {
    const os::Fd proc(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
    std::string bytes;
    archive::TarWriter tar([&](std::string_view piece) -> Result<> {
        bytes += piece;
        return {};
    });
    TreePacker packer(tar);
    ASSERT_TRUE(succeeds(packer.add_tree(proc, "version", "version")));
    ASSERT_TRUE(succeeds(tar.finish()));
    EXPECT_TRUE(bytes.contains("Linux version"));
}

}  // namespace
}  // namespace sbx::image
