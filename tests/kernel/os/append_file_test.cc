#include "os/append_file.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::succeeds;

TEST(AppendFile, AddsToWhatIsThere) {
    const test::TempFolder folder;
    for (const char* line : {"one\n", "two\n"}) {
        const Result<Fd> file = append_to(folder.at("log"));
        ASSERT_TRUE(succeeds(file));
        ASSERT_TRUE(succeeds(write_all(*file, line)));
    }
    EXPECT_EQ(test::bytes_of(folder.at("log")), "one\ntwo\n");
}

TEST(AppendFile, FollowsNoLink) {
    const test::TempFolder folder;
    test::make_file(folder.at("profile"), "mine\n");
    test::make_link(folder.at("log"), "profile");
    EXPECT_FALSE(append_to(folder.at("log")));
    test::make_link(folder.at("nowhere"), "new");
    EXPECT_FALSE(append_to(folder.at("nowhere")));
    EXPECT_FALSE(test::exists(folder.at("new")));
    EXPECT_FALSE(append_to(folder.at("no/such/log")));
}

}  // namespace
}  // namespace sbx::os
