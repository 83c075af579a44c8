#include "image/receive_confined.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "os/file.h"
#include "support/files.h"
#include "support/id_range.h"
#include "support/results.h"
#include "support/tar_writer.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::succeeds;

class ReceiveConfined : public testing::Test {
protected:
    ReceiveConfined() { test::make_folder(folder_.at("into")); }

    Result<std::vector<std::string>> receive(const std::string& bytes) const {
        test::make_file(folder_.at("tar"), bytes);
        const os::Fd archive(::open(folder_.at("tar").c_str(), O_RDONLY | O_CLOEXEC));
        const os::Fd into = TRY(os::open_directory(os::FdView::cwd(), folder_.at("into")));
        return receive_confined(test::one_id(), into, archive);
    }

    test::TempFolder folder_;
};

TEST_F(ReceiveConfined, UnpacksIntoWhatIsThere) {
    test::make_file(folder_.at("into/stays"), "before");
    test::make_file(folder_.at("into/replaced"), "before");
    const std::string tar = test::tar_folder("./") + test::tar_file("replaced", "after") +
                            test::tar_folder("d") + test::tar_file("d/f", "x") +
                            test::tar_hard_link("d/h", "d/f") + test::tar_end();
    ASSERT_TRUE(succeeds(receive(tar)));
    EXPECT_EQ(test::bytes_of(folder_.at("into/stays")), "before");
    EXPECT_EQ(test::bytes_of(folder_.at("into/replaced")), "after");
    EXPECT_EQ(test::bytes_of(folder_.at("into/d/h")), "x");
    ASSERT_TRUE(succeeds(receive(test::gzip_stored(test::tar_file("z", "y") + test::tar_end()))));
    EXPECT_EQ(test::bytes_of(folder_.at("into/z")), "y");
}

TEST_F(ReceiveConfined, LeavesTheFolderByNoLink) {
    test::make_folder(folder_.at("out"));
    test::make_file(folder_.at("out/file"), "mine");
    ::symlink(folder_.at("out").c_str(), folder_.at("into/old").c_str());
    for (const char* name : {"old/file", "old/new", "link/file", "../out/file"}) {
        (void)receive(test::tar_symlink("link", folder_.at("out")) + test::tar_file(name, "bad") +
                      test::tar_end());
        EXPECT_EQ(test::bytes_of(folder_.at("out/file")), "mine") << name;
        EXPECT_NE(::access(folder_.at("out/new").c_str(), F_OK), 0) << name;
    }
    (void)receive(test::tar_hard_link("stolen", "../out/file") + test::tar_end());
    struct stat status{};
    ASSERT_EQ(::stat(folder_.at("out/file").c_str(), &status), 0);
    EXPECT_EQ(status.st_nlink, 1U);
}

TEST_F(ReceiveConfined, RefusesWhatIsNoArchive) {
    EXPECT_TRUE(fails_saying(receive(""), "the archive is empty"));
    EXPECT_FALSE(receive("no archive at all"));
    EXPECT_FALSE(receive(test::tar_file("a", std::string(2000, 'x')).substr(0, 1024)));
}

}  // namespace
}  // namespace sbx::image
