#include "runtime/id.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::runtime {
namespace {

TEST(Id, IsWhatRuncTakes) {
    for (const char* id : {"a", "box", "A.b-c_d+e", "_x", "+1", "-f", "0"})
        EXPECT_TRUE(test::succeeds(check_id(id))) << id;
    EXPECT_TRUE(test::succeeds(check_id(std::string(1024, 'x'))));
}

TEST(Id, IsNeverAPathOrHidden) {
    for (const char* id : {".", "..", ".hidden", "a/b", "/a", "a b", "a\nb", "\xc3\xa4", "a:b"})
        EXPECT_TRUE(test::fails_saying(check_id(id), "is not the id of a container")) << id;
    EXPECT_TRUE(test::fails_saying(check_id(""), "is empty"));
    EXPECT_TRUE(test::fails_saying(check_id(std::string(1025, 'x')), "longer than 1024 bytes"));
    EXPECT_FALSE(check_id(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace sbx::runtime
