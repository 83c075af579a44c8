#include "image/pack_changes.h"

#include <functional>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "archive/tar.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::image {
namespace {

using archive::Entry;
using Kind = TreeChange::Kind;

class PackChanges : public testing::Test {
protected:
    std::vector<Entry> pack(const std::vector<TreeChange>& changes) {
        std::string bytes;
        archive::TarWriter tar([&](std::string_view piece) -> Result<> {
            bytes += piece;
            if (on_write_) on_write_();
            return {};
        });
        const os::Root upper = os::Root::open(upper_.path()).value();
        Result<std::vector<std::string>> notes = pack_changes(upper, changes, tar);
        EXPECT_TRUE(test::succeeds(notes));
        notes_ = notes.value_or(std::vector<std::string>());
        archive::TextReader text(bytes);
        archive::TarReader reader(text);
        std::vector<Entry> entries;
        while (std::optional<Entry> entry = reader.next().value())
            entries.push_back(*std::move(entry));
        return entries;
    }

    std::string paths(const std::vector<TreeChange>& changes) {
        std::string text;
        for (const Entry& entry : pack(changes))
            text += entry.path + " ";
        return text;
    }

    test::TempFolder upper_;
    std::vector<std::string> notes_;
    std::function<void()> on_write_;
};

TEST_F(PackChanges, AreFilesAsTheyAreAndWhiteouts) {
    test::make_folder(upper_.at("etc"), 0750);
    test::make_file(upper_.at("etc/new"), "text", 0640);
    const std::vector<Entry> entries = pack({{Kind::changed, "/etc"},
                                             {Kind::deleted, "/etc/group"},
                                             {Kind::added, "/etc/new"},
                                             {Kind::deleted, "/home"}});
    ASSERT_EQ(entries.size(), 4U);
    EXPECT_EQ(entries[0].path, "etc/");
    EXPECT_EQ(entries[0].mode, 0750U);
    EXPECT_EQ(entries[1].path, "etc/.wh.group");
    EXPECT_EQ(entries[1].kind, Entry::Kind::regular);
    EXPECT_EQ(entries[1].size, 0U);
    EXPECT_EQ(entries[2].path, "etc/new");
    EXPECT_EQ(entries[2].size, 4U);
    EXPECT_EQ(entries[2].mode, 0640U);
    EXPECT_EQ(entries[3].path, ".wh.home");
    EXPECT_EQ(notes_, std::vector<std::string>{});
}

TEST_F(PackChanges, AreNoNeighboursThatDidNotChange) {
    test::make_file(upper_.at("a"));
    test::make_file(upper_.at("b"));
    EXPECT_EQ(paths({{Kind::added, "/b"}}), "b ");
    EXPECT_EQ(paths({}), "");
}

// An archive with an entry below a link would be refused by whoever unpacks it.
TEST_F(PackChanges, AreNothingBelowWhatWasPackedAsALink) {
    ASSERT_EQ(::symlink("elsewhere", upper_.at("d").c_str()), 0);
    on_write_ = [&] {
        if (::unlink(upper_.at("d").c_str()) != 0) return;  // only the first time it is a link
        test::make_folder(upper_.at("d"));
        test::make_file(upper_.at("d/in"));
    };
    EXPECT_EQ(paths({{Kind::added, "/d"}, {Kind::added, "/d/in"}, {Kind::added, "/e"}}), "d ");
}

TEST_F(PackChanges, HaveHardLinks) {
    test::make_folder(upper_.at("d"));
    test::make_file(upper_.at("a"), "text");
    ASSERT_EQ(::link(upper_.at("a").c_str(), upper_.at("d/b").c_str()), 0);
    const std::vector<Entry> entries =
        pack({{Kind::added, "/a"}, {Kind::added, "/d"}, {Kind::added, "/d/b"}});
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[2].kind, Entry::Kind::hard_link);
    EXPECT_EQ(entries[2].target, "a");
}

TEST_F(PackChanges, LeaveOutNamesOfWhiteouts) {
    test::make_folder(upper_.at(".wh.d"));
    test::make_file(upper_.at(".wh.d/f"));
    test::make_file(upper_.at(".wh..wh..opq"));
    test::make_file(upper_.at("f"));
    EXPECT_EQ(paths({{Kind::added, "/.wh..wh..opq"},
                     {Kind::added, "/.wh.d"},
                     {Kind::added, "/.wh.d/f"},
                     {Kind::added, "/f"}}),
              "f ");
    ASSERT_EQ(notes_.size(), 2U);
    EXPECT_TRUE(notes_[1].starts_with("'.wh.d' is left out")) << notes_[1];
}

TEST_F(PackChanges, PassOverWhatHasGoneOrIsAnother) {
    test::make_link(upper_.at("link"), "d");
    test::make_folder(upper_.at("d"));
    test::make_file(upper_.at("d/f"));
    ASSERT_EQ(::mknod(upper_.at("hidden").c_str(), S_IFCHR, ::makedev(0, 0)), 0);
    EXPECT_EQ(paths({{Kind::added, "/gone"},
                     {Kind::added, "/gone/f"},
                     {Kind::added, "/hidden"},
                     {Kind::added, "/link/f"},
                     {Kind::added, "/d/f"},
                     {Kind::added, "/d/f/below"}}),
              "d/f ");
    EXPECT_EQ(notes_, std::vector<std::string>{});
}

TEST_F(PackChanges, SayWhichFilesNoLayerCanHave) {
    ASSERT_EQ(::mknod(upper_.at("socket").c_str(), S_IFSOCK | 0600, 0), 0);
    EXPECT_EQ(paths({{Kind::added, "/socket"}}), "");
    ASSERT_EQ(notes_.size(), 1U);
    EXPECT_TRUE(notes_[0].contains("is a socket")) << notes_[0];
}

TEST_F(PackChanges, RefuseWhatNoNameCanHide) {
    EXPECT_EQ(pack({{Kind::deleted, "/" + std::string(251, 'x')}}).size(), 1U);
    archive::TarWriter tar([](std::string_view) { return Result<>(); });
    const auto packed = pack_changes(os::Root::open(upper_.path()).value(),
                                     {{Kind::deleted, "/" + std::string(252, 'x')}}, tar);
    EXPECT_TRUE(test::fails_saying(packed, "its name is too long"));
    EXPECT_EQ(packed.error().kind(), Error::Kind::unsupported);
}

TEST_F(PackChanges, PassOnThatNobodyReadsThem) {
    test::make_file(upper_.at("f"));
    archive::TarWriter tar([](std::string_view) { return Error(Error::Kind::failed, "full"); });
    EXPECT_TRUE(test::fails_saying(
        pack_changes(os::Root::open(upper_.path()).value(), {{Kind::added, "/f"}}, tar), "full"));
}

}  // namespace
}  // namespace sbx::image
