#include "image/transfer.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"
#include "support/tar_writer.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::succeeds;

class Transfer : public testing::Test {
protected:
    Transfer() {
        test::make_folder(from_.at("src"));
        test::make_file(from_.at("src/file"), "text");
    }

    // By way of a file, as both are done one after the other here.
    Result<std::string> copy(const std::string& path, const std::string& to) {
        const os::Fd archive(::open(way_.at("tar").c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600));
        const os::Root from = TRY(os::Root::open(from_.path()));
        TRY(send(from, {.path = path}, archive));
        ::lseek(archive.get(), 0, SEEK_SET);
        const os::Root root = TRY(os::Root::open(to_.path()));
        return receive(root, {.path = to, .how = {.to_host = true}}, archive);
    }

    Result<std::string> take(const std::string& bytes, const std::string& to) {
        test::make_file(way_.at("foreign"), bytes);
        const os::Fd archive(::open(way_.at("foreign").c_str(), O_RDONLY));
        const os::Root root = TRY(os::Root::open(to_.path()));
        return receive(root, {.path = to, .foreign = true, .how = {.to_host = true}}, archive);
    }

    test::TempFolder from_;
    test::TempFolder to_;
    test::TempFolder way_;
};

TEST_F(Transfer, PutsIntoAFolderOrGivesANewName) {
    EXPECT_TRUE(succeeds(copy("/src", "/")));
    EXPECT_EQ(test::bytes_of(to_.at("src/file")), "text");
    EXPECT_TRUE(succeeds(copy("/src", "/new")));
    EXPECT_EQ(test::bytes_of(to_.at("new/file")), "text");
    EXPECT_TRUE(succeeds(copy("/src/.", "/content")));
    EXPECT_EQ(test::bytes_of(to_.at("content/file")), "text");
    EXPECT_TRUE(succeeds(copy("/src/file", "/renamed")));
    EXPECT_EQ(test::bytes_of(to_.at("renamed")), "text");
}

TEST_F(Transfer, WantsTheFolderToBeThere) {
    EXPECT_TRUE(fails_saying(copy("/src/file", "/no/such"), "there is no folder '/no/'"));
    EXPECT_TRUE(fails_saying(copy("/src/file", "/new/"), "there is no folder '/new/'"));
    EXPECT_TRUE(fails_saying(copy("/none", "/new"), "No such file"));
    test::make_file(to_.at("file"), "before");
    EXPECT_TRUE(fails_saying(copy("/src", "/file"), "'/file' is a file"));
    EXPECT_EQ(test::bytes_of(to_.at("file")), "before");
}

TEST_F(Transfer, TakesArchivesOfOthersAsTheyAre) {
    EXPECT_TRUE(succeeds(take(test::tar_file("a/b", "x") + test::tar_end(), "/")));
    EXPECT_EQ(test::bytes_of(to_.at("a/b")), "x");
    EXPECT_TRUE(succeeds(take(test::gzip_stored(test::tar_file("c", "y") + test::tar_end()), "/")));
    EXPECT_EQ(test::bytes_of(to_.at("c")), "y");
    EXPECT_TRUE(fails_saying(take("", "/"), "the archive is empty"));
    EXPECT_TRUE(fails_saying(take(test::tar_file("c", "y"), "/none"), "there is no folder"));
    EXPECT_TRUE(fails_saying(take(test::tar_file("c", "y"), "/c"), "Not a directory"));
}

TEST_F(Transfer, SendsARootWithoutAnEntryOfItsOwn) {
    const os::Fd archive(::open(way_.at("tar").c_str(), O_RDWR | O_CREAT, 0600));
    ASSERT_TRUE(succeeds(send_root(os::Root::open(from_.path()).value(), archive)));
    EXPECT_TRUE(test::bytes_of(way_.at("tar")).contains("src/file"));
}

TEST(Notes, SurviveTheWay) {
    const std::vector<std::string> notes = {"one", "two"};
    EXPECT_EQ(notes_in(pack_notes(notes)), notes);
    EXPECT_TRUE(notes_in(pack_notes({})).empty());
}

}  // namespace
}  // namespace sbx::image
