#include "container/egress_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::container {
namespace {

TEST(EgressLog, IsAFileThatGrows) {
    const test::TempFolder folder;
    for (const char* line : {"one\n", "two\n"}) {
        const Result<os::Fd> log = open_egress_log(folder.at("log"), Watched::by_nobody);
        ASSERT_TRUE(test::succeeds(log));
        EXPECT_TRUE(test::succeeds(os::write_all(*log, line)));
    }
    EXPECT_EQ(test::bytes_of(folder.at("log")), "one\ntwo\n");
}

TEST(EgressLog, IsNowhereWhereNobodyWouldSeeIt) {
    EXPECT_FALSE(*open_egress_log("", Watched::by_person));
    EXPECT_FALSE(*open_egress_log("-", Watched::by_nobody));
}

TEST(EgressLog, IsWhatAPersonSees) {
    const test::TempFolder folder;
    test::make_file(folder.at("errors"));
    test::in_own_process([&] {
        const os::Fd errors(::open(folder.at("errors").c_str(), O_WRONLY | O_CLOEXEC));
        ASSERT_TRUE(test::succeeds(os::place_at(errors, STDERR_FILENO)));
        EXPECT_TRUE(
            test::succeeds(os::write_all(*open_egress_log("-", Watched::by_person), "one\n")));
    });
    EXPECT_EQ(test::bytes_of(folder.at("errors")), "one\n");
}

TEST(EgressLog, IsNoLinkAndHasToBeWritable) {
    const test::TempFolder folder;
    ASSERT_EQ(::symlink("elsewhere", folder.at("link").c_str()), 0);
    for (const std::string& path : {folder.at("link"), folder.at(""), folder.at("no/log")})
        EXPECT_TRUE(test::fails_saying(open_egress_log(path, Watched::by_nobody), "--net-log"));
    EXPECT_NE(::access(folder.at("elsewhere").c_str(), F_OK), 0);
}

}  // namespace
}  // namespace sbx::container
