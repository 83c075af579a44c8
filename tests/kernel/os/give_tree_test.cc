#include "os/give_tree.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "support/files.h"
#include "support/id_range.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::make_file;
using test::make_folder;
using test::succeeds;
using Strings = std::vector<std::string>;

constexpr Owner kOther{.uid = 7, .gid = 8};

bool is_others(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_uid == kOther.uid && status.st_gid == kOther.gid;
}

TEST(GiveTree, GivesAllThatIsBelow) {
    IN_ID_RANGE {
        const test::TempFolder folder;
        make_folder(folder.at("tree"));
        make_folder(folder.at("tree/sub"));
        make_file(folder.at("tree/sub/file"), "x");
        ASSERT_EQ(::link(folder.at("tree/sub/file").c_str(), folder.at("tree/hard").c_str()), 0);
        const Fd top = *open_directory(folder.fd(), "tree");
        const Result<Strings> kept = give_tree(top, kOther);
        ASSERT_TRUE(succeeds(kept));
        EXPECT_EQ(*kept, Strings{});
        for (const char* name : {"tree", "tree/sub", "tree/sub/file", "tree/hard"})
            EXPECT_TRUE(is_others(folder.at(name))) << name;
        ASSERT_TRUE(succeeds(give_tree(top, {.uid = 0, .gid = 0})));  // to be removed again
    };
}

TEST(GiveTree, LeavesWhatIsElsewhere) {
    IN_ID_RANGE {
        const test::TempFolder folder;
        make_folder(folder.at("tree"));
        make_file(folder.at("canary"), "mine");
        ASSERT_EQ(::symlink(folder.at("canary").c_str(), folder.at("tree/soft").c_str()), 0);
        ASSERT_EQ(::link(folder.at("canary").c_str(), folder.at("tree/hard").c_str()), 0);
        const Fd top = *open_directory(folder.fd(), "tree");
        const Result<Strings> kept = give_tree(top, kOther);
        ASSERT_TRUE(succeeds(kept));
        EXPECT_EQ(*kept, Strings{"hard"});
        EXPECT_FALSE(is_others(folder.at("canary")));
        EXPECT_TRUE(is_others(folder.at("tree/soft")));
        ASSERT_TRUE(succeeds(give_tree(top, {.uid = 0, .gid = 0})));
    };
}

TEST(GiveTree, TakesOneFileToo) {
    IN_ID_RANGE {
        const test::TempFolder folder;
        make_file(folder.at("file"), "x");
        const Fd file(::open(folder.at("file").c_str(), O_RDONLY | O_CLOEXEC));
        ASSERT_TRUE(succeeds(give_tree(file, kOther)));
        EXPECT_TRUE(is_others(folder.at("file")));
        ASSERT_EQ(::link(folder.at("file").c_str(), folder.at("more").c_str()), 0);
        EXPECT_EQ(give_tree(file, {.uid = 0, .gid = 0}).value(), Strings{"."});
    };
}

TEST(GiveTree, FailsForIdsThatThereAreNot) {
    const test::TempFolder folder;
    make_file(folder.at("file"), "x");
    const Result<Strings> given = give_tree(folder.fd(), {.uid = 1, .gid = 1});
    EXPECT_TRUE(::geteuid() == 0 || test::fails_saying(given, "give '.' to 1:1"));
}

}  // namespace
}  // namespace sbx::os
