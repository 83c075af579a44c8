#include "os/file_watch.h"

#include <poll.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::succeeds;

bool tells(const FileWatch& watch) {
    pollfd change{.fd = watch.fd().get(), .events = POLLIN, .revents = 0};
    return ::poll(&change, 1, 0) == 1;
}

TEST(FileWatch, TellsOfWhatIsMadeWrittenAndRenamed) {
    const test::TempFolder folder;
    FileWatch watch = FileWatch::open(folder.fd()).value();
    EXPECT_FALSE(tells(watch));
    const Fd file = make_file(folder.at("file"), 0600).value();
    EXPECT_TRUE(tells(watch));
    watch.forget();
    EXPECT_FALSE(tells(watch));
    ASSERT_TRUE(succeeds(write_all(file, "x")));
    EXPECT_TRUE(tells(watch));
    watch.forget();
    ASSERT_TRUE(succeeds(rename_at(folder.fd(), "file", "other")));
    EXPECT_TRUE(tells(watch));
}

TEST(FileWatch, WantsAFolderThatIsOpen) {
    EXPECT_TRUE(test::fails_saying(FileWatch::open(FdView::number(-1)), "watch a folder"));
}

}  // namespace
}  // namespace sbx::os
