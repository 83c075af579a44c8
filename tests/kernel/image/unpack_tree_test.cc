#include "image/unpack_tree.h"

#include <gtest/gtest.h>

#include "archive/stream.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/tar_writer.h"

namespace sbx::image {
namespace {

using test::tar_entry;
using test::tar_file;
using test::tar_folder;
using test::tar_symlink;

class UnpackTree : public testing::Test {
protected:
    std::string unpack(const std::string& bytes, const UnpackWishes& wishes = {.to_host = true}) {
        const os::Root base = os::Root::open(folder_.path()).value();
        TreeUnpacker unpacker = TreeUnpacker::open(base, wishes).value();
        const Result<> done = add_all(bytes, unpacker);
        notes_ = unpacker.notes();
        return done ? "ok" : done.error().text();
    }

    static Result<> add_all(const std::string& bytes, TreeUnpacker& unpacker) {
        archive::TextReader text(bytes);
        archive::TarReader tar(text);
        while (const std::optional<archive::Entry> entry = TRY(tar.next())) {
            const LayerPath path = TRY(parse_layer_path(entry->path));
            TRY(unpacker.add(tar, *entry, path));
        }
        return unpacker.settle();
    }

    test::TempFolder folder_;
    std::vector<std::string> notes_;
};

TEST_F(UnpackTree, MakesFilesWithTheirModesAndTimes) {
    EXPECT_EQ(
        unpack(tar_entry({.name = "d", .type = '5', .mode = 0500}) +
               tar_entry({.name = "d/f", .mode = 04751}, "text") + tar_symlink("l", "/nowhere")),
        "ok");
    EXPECT_EQ(test::bytes_of(folder_.at("d/f")), "text");
    EXPECT_EQ(test::mode_of(folder_.at("d/f")), 0751U);
    EXPECT_EQ(test::mode_of(folder_.at("d")), 0500U);
    EXPECT_EQ(test::status(folder_.at("d/f")).st_mtim.tv_sec, 1'000'000'000);
    ASSERT_EQ(::chmod(folder_.at("d").c_str(), 0700), 0);
}

TEST_F(UnpackTree, KeepsSetIdBitsWhereToldTo) {
    EXPECT_EQ(unpack(tar_entry({.name = "f", .mode = 04755}), {.keep = true, .to_host = true}),
              "ok");
    EXPECT_EQ(test::mode_of(folder_.at("f")), 04755U);
}

TEST_F(UnpackTree, JoinsFoldersAndReplacesFiles) {
    test::make_folder(folder_.at("d"), 0700);
    test::make_file(folder_.at("d/kept"), "kept");
    test::make_file(folder_.at("d/f"), "before");
    test::make_link(folder_.at("d/l"), folder_.at("d/kept"));
    EXPECT_EQ(unpack(tar_folder("d") + tar_file("d/f", "after") + tar_file("d/l", "file")), "ok");
    EXPECT_EQ(test::bytes_of(folder_.at("d/kept")), "kept");
    EXPECT_EQ(test::bytes_of(folder_.at("d/f")), "after");
    EXPECT_EQ(test::bytes_of(folder_.at("d/l")), "file");
    EXPECT_EQ(test::mode_of(folder_.at("d")), 0700U);
}

TEST_F(UnpackTree, RefusesToChangeFoldersForFilesUnlessToldTo) {
    test::make_folder(folder_.at("x"));
    test::make_file(folder_.at("x/below"));
    test::make_file(folder_.at("y"));
    EXPECT_TRUE(unpack(tar_file("x", "")).contains("is a folder there"));
    EXPECT_TRUE(unpack(tar_folder("y")).contains("is no folder there"));
    const UnpackWishes overwrite{.to_host = true, .overwrite = true};
    EXPECT_EQ(unpack(tar_file("x", "new") + tar_folder("y"), overwrite), "ok");
    EXPECT_EQ(test::bytes_of(folder_.at("x")), "new");
}

TEST_F(UnpackTree, MakesHolesOfZeros) {
    const std::string zeros(std::size_t{4} << 20, '\0');
    EXPECT_EQ(unpack(tar_file("end", zeros) + tar_file("middle", "a" + zeros + "b")), "ok");
    EXPECT_EQ(test::bytes_of(folder_.at("end")), zeros);
    EXPECT_EQ(test::bytes_of(folder_.at("middle")), "a" + zeros + "b");
    EXPECT_EQ(test::status(folder_.at("end")).st_blocks, 0);
    constexpr blkcnt_t kMegabyte = 2048;
    EXPECT_LT(test::status(folder_.at("middle")).st_blocks, kMegabyte);
}

TEST_F(UnpackTree, FollowsNoLink) {
    test::TempFolder outside;
    test::make_link(folder_.at("out"), outside.path());
    EXPECT_NE(unpack(tar_file("out/planted", "x")), "ok");
    EXPECT_TRUE(unpack(tar_folder("out")).contains("is no folder there"));
    EXPECT_NE(unpack(tar_symlink("l", outside.path()) + tar_file("l/planted", "x")), "ok");
    EXPECT_NE(unpack(tar_file("../planted", "x")), "ok");
    EXPECT_FALSE(test::exists(outside.at("planted")));
}

TEST_F(UnpackTree, TakesNamesOfWhiteoutsForNames) {
    test::make_file(folder_.at("f"), "kept");
    EXPECT_EQ(unpack(tar_file(".wh.f", "") + tar_file(".wh..wh..opq", "")), "ok");
    EXPECT_EQ(test::bytes_of(folder_.at("f")), "kept");
    EXPECT_TRUE(test::exists(folder_.at(".wh.f")));
}

TEST_F(UnpackTree, LeavesOutDevicesAndSaysSo) {
    EXPECT_EQ(unpack(tar_entry({.name = "null", .type = '3'})), "ok");
    ASSERT_EQ(notes_.size(), 1U);
    EXPECT_TRUE(notes_[0].contains("'null' is a device"));
}

TEST_F(UnpackTree, GivesAllToRootOrToTheirOwners) {
    test::in_mapped_namespaces([&] {
        const std::string tar = tar_entry({.name = "f", .uid = 7, .gid = 8});
        EXPECT_EQ(unpack(tar, {}), "ok");
        EXPECT_EQ(test::status(folder_.at("f")).st_uid, 0U);
        EXPECT_EQ(unpack(tar, {.keep = true}), "ok");
        EXPECT_EQ(test::status(folder_.at("f")).st_uid, 7U);
        EXPECT_EQ(test::status(folder_.at("f")).st_gid, 8U);
    });
}

}  // namespace
}  // namespace sbx::image
