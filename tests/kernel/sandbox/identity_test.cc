#include "sandbox/identity.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "support/canary.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using namespace std::string_literals;
using test::fails_saying;

// An image whose account files are hostile: they are read by sbx itself, outside.
class HostileAccounts : public testing::Test {
protected:
    HostileAccounts() { test::make_folder(scratch_.tree() + "/etc"); }

    std::string at(const std::string& name) const { return scratch_.tree() + "/etc/" + name; }

    Result<ResolvedIdentity> resolve(const std::string& user) const {
        const os::Root root = TRY(os::Root::open(scratch_.tree()));
        return resolve_identity({.user = user}, root);
    }

    test::Scratch scratch_;
};

TEST_F(HostileAccounts, MayBeMissing) {
    const Result<ResolvedIdentity> resolved = resolve("12:34");
    ASSERT_TRUE(test::succeeds(resolved));
    EXPECT_EQ(resolved->uid, 12U);
    EXPECT_EQ(resolved->gid, 34U);
    EXPECT_TRUE(fails_saying(resolve("bob"), "the image's /etc/passwd has no user 'bob'"));
}

TEST_F(HostileAccounts, AreFoundBehindLinksInside) {
    test::make_file(scratch_.tree() + "/accounts", "bob:x:7:8::/b:/bin/sh\n");
    test::make_link(at("passwd"), "/accounts");
    EXPECT_EQ(resolve("bob")->uid, 7U);
}

TEST_F(HostileAccounts, AreNotReadFromTheHost) {
    const std::string outside = scratch_.path() + "/accounts";
    test::make_file(outside, "bob:x:7:8::/b:/bin/sh\n");
    for (const std::string& target : {outside, std::string("../../accounts")}) {
        test::make_link(at("passwd"), target);
        EXPECT_TRUE(fails_saying(resolve("bob"), "the image's /etc/passwd has no user 'bob'"));
        ASSERT_EQ(::unlink(at("passwd").c_str()), 0);
    }
}

// CVE-2024-9676: a FIFO or a device would be waited for, or read, for ever.
TEST_F(HostileAccounts, AreFilesOrNothing) {
    test::make_fifo(at("passwd"));
    EXPECT_TRUE(fails_saying(resolve("bob"), "/etc/passwd"));
    ASSERT_EQ(::unlink(at("passwd").c_str()), 0);
    test::make_folder(at("passwd"));
    EXPECT_TRUE(fails_saying(resolve("bob"), "/etc/passwd"));
    ASSERT_EQ(::rmdir(at("passwd").c_str()), 0);
    test::make_link(at("passwd"), "passwd");
    EXPECT_TRUE(fails_saying(resolve("bob"), "/etc/passwd"));
}

TEST_F(HostileAccounts, AreNotReadWhereTheyAreHuge) {
    test::make_file(at("passwd"), "bob:x:7:8::/b:/bin/sh\n");
    ASSERT_EQ(::truncate(at("passwd").c_str(), off_t{1} << 40), 0);
    EXPECT_TRUE(fails_saying(resolve("bob"), "/etc/passwd"));
}

TEST_F(HostileAccounts, MayHoldWhatIsNoAccount) {
    test::make_file(at("passwd"),
                    "\0\xff:::::\nbob:x:-1:0::/:\nbob:x:99999999999:0::/:\n"
                    "bob:x\nbob:x:7:8::/b:/bin/sh"s);
    EXPECT_EQ(resolve("bob")->uid, 7U);
}

}  // namespace
}  // namespace sbx::sandbox
