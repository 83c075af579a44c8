#include "os/path.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::os {
namespace {

using namespace std::string_view_literals;
using test::fails_saying;
using test::succeeds;

struct Written {
    std::string_view text;
    std::string_view normal;
};

class InnerPaths : public testing::TestWithParam<Written> {};

TEST_P(InnerPaths, AreNormal) {
    const Result<InnerPath> path = InnerPath::parse(GetParam().text);
    ASSERT_TRUE(succeeds(path));
    EXPECT_EQ(path->text(), GetParam().normal);
    EXPECT_EQ(*InnerPath::parse(path->text()), *path);
    EXPECT_EQ(InnerPath::clean(GetParam().text), *path);
}

INSTANTIATE_TEST_SUITE_P(All, InnerPaths,
                         testing::Values(Written{"/", "/"}, Written{"//", "/"}, Written{"/.", "/"},
                                         Written{"/a/b", "/a/b"}, Written{"//a///b//", "/a/b"},
                                         Written{"/a/./b/.", "/a/b"}, Written{"/...", "/..."},
                                         Written{"/ a\n", "/ a\n"}, Written{"/\xff", "/\xff"}));

struct Refused {
    std::string_view text;
    std::string_view why;
};

class RefusedPaths : public testing::TestWithParam<Refused> {};

TEST_P(RefusedPaths, CouldMeanElsewhere) {
    EXPECT_TRUE(fails_saying(InnerPath::parse(GetParam().text), GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(All, RefusedPaths,
                         testing::Values(Refused{"", "'' is not an absolute path"},
                                         Refused{"a/b", "'a/b' is not an absolute path"},
                                         Refused{"./a", "is not an absolute path"},
                                         Refused{"/..", "'/..' contains '..'"},
                                         Refused{"/a/../b", "contains '..'"},
                                         Refused{"/a\0b"sv, "'/a\\x00b' contains a NUL byte"}));

class CleanedPaths : public testing::TestWithParam<Written> {};

TEST_P(CleanedPaths, StayBelowTheRoot) {
    EXPECT_EQ(InnerPath::clean(GetParam().text).text(), GetParam().normal);
}

INSTANTIATE_TEST_SUITE_P(All, CleanedPaths,
                         testing::Values(Written{"", "/"}, Written{"a/b", "/a/b"},
                                         Written{"../../etc", "/etc"}, Written{"/a/../../b", "/b"},
                                         Written{"a/b/..", "/a"}, Written{"/a/b/../../..", "/"},
                                         Written{"/a\0/../b"sv, "/a"}, Written{"..", "/"}));

TEST(InnerPath, KnowsItsParts) {
    const InnerPath path = *InnerPath::parse("/a/b");
    EXPECT_EQ(path.names(), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(path.relative(), "a/b");
    EXPECT_EQ(path.parent().text(), "/a");
    EXPECT_FALSE(path.is_root());
}

TEST(InnerPath, OfTheRootIsItsOwnParent) {
    const InnerPath root;
    EXPECT_TRUE(root.is_root());
    EXPECT_EQ(root.text(), "/");
    EXPECT_EQ(root.relative(), ".");
    EXPECT_EQ(root.parent(), root);
}

TEST(InnerPath, ContainsItselfAndWhatIsBelow) {
    const InnerPath path = *InnerPath::parse("/a/b");
    for (const char* inside : {"/a/b", "/a/b/c", "/a/b/c/d"})
        EXPECT_TRUE(path.contains(*InnerPath::parse(inside))) << inside;
    for (const char* outside : {"/", "/a", "/a/bc", "/b/a/b", "/a/c/b"})
        EXPECT_FALSE(path.contains(*InnerPath::parse(outside))) << outside;
    EXPECT_TRUE(InnerPath().contains(path));
}

}  // namespace
}  // namespace sbx::os
