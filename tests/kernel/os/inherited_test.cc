#include "os/inherited.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

TEST(Inherited, IsWhatCameThroughExecve) {
    test::in_own_process([] {
        ::close_range(3, ~0U, 0);
        EXPECT_TRUE(check_inherited(0));
        EXPECT_TRUE(test::fails_saying(check_inherited(1), "descriptor 3"));
        ASSERT_EQ(::open("/dev/null", O_RDONLY | O_CLOEXEC), 3);
        EXPECT_TRUE(test::fails_saying(check_inherited(1), "descriptor 3")) << "it is our own";
        ASSERT_EQ(::fcntl(3, F_SETFD, 0), 0);
        EXPECT_TRUE(check_inherited(1));
        EXPECT_TRUE(test::fails_saying(check_inherited(2), "descriptor 4"));
    });
}

TEST(Inherited, HasAnEnd) {
    EXPECT_TRUE(test::fails_saying(check_inherited(1025), "at most 1024"));
    EXPECT_TRUE(test::fails_saying(check_inherited(-1), "at most 1024"));
}

}  // namespace
}  // namespace sbx::os
