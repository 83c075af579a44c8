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

TEST(GiveNull, TakesThePlaceOfWhatIsThere) {
    test::in_own_process([] {
        const Fd file(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        ASSERT_TRUE(test::succeeds(place_at(file, 0)));
        ASSERT_TRUE(test::succeeds(give_null({0, 50})));
        char byte = 0;
        for (const int number : {0, 50}) {
            EXPECT_EQ(::read(number, &byte, 1), 0);
            EXPECT_EQ(::write(number, &byte, 1), 1);
        }
        EXPECT_TRUE(test::fails_saying(give_null({1 << 20}), "Bad file descriptor"));
    });
}

}  // namespace
}  // namespace sbx::os
