#include "image/tree_changes.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "os/rlimits.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::image {
namespace {

class TreeChanges : public testing::Test {
protected:
    // "A /x, C /y", or what went wrong.
    std::string changes(const std::vector<std::string>& left_out = {}, bool with_lower = true) {
        std::optional<os::Root> lower;
        if (with_lower) lower.emplace(os::Root::open(lower_.path()).value());
        const os::Root upper = os::Root::open(upper_.path()).value();
        const Result<std::vector<TreeChange>> all =
            compare({.lower = lower, .upper = upper, .left_out = left_out});
        if (!all) return all.error().text();
        std::string text;
        for (const TreeChange& change : *all)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", static_cast<char>(change.kind),
                                change.path);
        return text;
    }

    void whiteout(const std::string& name) const {
        ASSERT_EQ(::mknod(upper_.at(name).c_str(), S_IFCHR, ::makedev(0, 0)), 0);
    }

    // In both, as overlay copies one up.
    void folder(const std::string& name) const {
        test::make_folder(lower_.at(name));
        test::make_folder(upper_.at(name));
        const struct stat status = test::status(lower_.at(name));
        const timespec times[2] = {status.st_atim, status.st_mtim};
        ASSERT_EQ(::utimensat(AT_FDCWD, upper_.at(name).c_str(), times, 0), 0);
    }

    test::TempFolder lower_;
    test::TempFolder upper_;
};

TEST_F(TreeChanges, AreAddedChangedAndDeleted) {
    folder("etc");
    test::make_file(lower_.at("etc/old"));
    test::make_file(lower_.at("gone"));
    test::make_file(lower_.at("same"));
    test::make_file(upper_.at("etc/old"));
    test::make_file(upper_.at("etc/new"));
    whiteout("gone");
    EXPECT_EQ(changes(), "C /etc, A /etc/new, C /etc/old, D /gone");
    EXPECT_EQ(changes({}, false), "A /etc, A /etc/new, A /etc/old");
}

TEST_F(TreeChanges, OfAFolderAreItsRightsAndItsTime) {
    folder("same");
    folder("rights");
    folder("time");
    ASSERT_EQ(::chmod(upper_.at("rights").c_str(), 0700), 0);
    const timespec times[2] = {};
    ASSERT_EQ(::utimensat(AT_FDCWD, upper_.at("time").c_str(), times, 0), 0);
    EXPECT_EQ(changes(), "C /rights, C /time");
}

TEST_F(TreeChanges, OfAFolderAreItsAttributes) {
    folder("same");
    folder("note");
    const std::string overlays = upper_.at("same");
    if (::setxattr(upper_.at("note").c_str(), "user.note", "x", 1, 0) != 0) GTEST_SKIP();
    ASSERT_EQ(::setxattr(overlays.c_str(), "user.overlay.origin", "x", 1, 0), 0);
    EXPECT_EQ(changes(), "C /note");
    ASSERT_EQ(::setxattr(lower_.at("note").c_str(), "user.note", "x", 1, 0), 0);
    EXPECT_EQ(changes(), "");
}

TEST_F(TreeChanges, OfAnOpaqueFolderAreAllThatItHides) {
    folder("d");
    folder("d/sub");
    test::make_file(lower_.at("d/hidden"));
    test::make_file(lower_.at("d/sub/deep"));
    test::make_file(upper_.at("d/new"));
    if (::setxattr(upper_.at("d").c_str(), "user.overlay.opaque", "y", 1, 0) != 0) GTEST_SKIP();
    EXPECT_EQ(changes(), "C /d, D /d/hidden, A /d/new, C /d/sub, D /d/sub/deep");
}

TEST_F(TreeChanges, DoNotSpeakOfMountsAndTheWayToThem) {
    folder("etc");
    test::make_file(upper_.at("etc/hosts"));
    test::make_folder(upper_.at("mnt"));
    test::make_folder(upper_.at("mnt/data"));
    test::make_file(upper_.at("mnt/data/below"));
    test::make_folder(upper_.at("with"));
    test::make_folder(upper_.at("with/data"));
    test::make_file(upper_.at("with/more"));
    EXPECT_EQ(changes({"/etc/hosts", "/mnt/data", "/with/data"}), "A /with, A /with/more");
}

TEST_F(TreeChanges, AreWhatFilesAreNotWhatTheyAreCalled) {
    test::make_file(lower_.at("file"));
    test::make_file(upper_.at(".wh.file"));
    test::make_file(upper_.at(".wh..wh..opq"));
    EXPECT_EQ(changes(), "A /.wh..wh..opq, A /.wh.file");
}

TEST_F(TreeChanges, AreFoundDeeperThanFilesMayBeOpen) {
    test::in_own_process([this] {
        const rlim_t most = os::limit_of(RLIMIT_NOFILE)->rlim_max;
        ASSERT_TRUE(
            test::succeeds(os::set_limit(RLIMIT_NOFILE, {.rlim_cur = 64, .rlim_max = most})));
        std::string path = "d";
        for (int level = 1; level < 600; ++level, path += "/d")
            folder(path);
        test::make_file(upper_.at(path));
        const std::string found = changes();
        EXPECT_TRUE(found.ends_with(", A /" + path)) << found.substr(0, 200);
    });
}

TEST_F(TreeChanges, OfKindAreChanges) {
    test::make_file(lower_.at("x"));
    test::make_folder(upper_.at("x"));
    test::make_file(upper_.at("x/in"));
    EXPECT_EQ(changes(), "C /x, A /x/in");
}

}  // namespace
}  // namespace sbx::image
