#include "quadlet/keys.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/results.h"

namespace sbx::quadlet {
namespace {

using test::fails_saying;
using test::succeeds;

constexpr Key kKeys[] = {
    {"One", Takes::value, "--one"},          {"Many", Takes::values, "--many"},
    {"Words", Takes::words, "--word", "w="}, {"Yes", Takes::yes, "--yes"},
    {"Toggle", Takes::toggle, "--toggle"},   {"Own"},
};

UnitFile unit(const std::string& lines) { return UnitFile::parse("f", "[A]\n" + lines).value(); }

std::string options(const std::string& lines) {
    const auto words = options_for(unit(lines), "A", kKeys);
    return words ? join(*words, "|") : words.error().text();
}

TEST(QuadletKeys, StandForOptions) {
    EXPECT_EQ(options(""), "");
    EXPECT_EQ(options("One=a b\nOne=c d\n"), "--one|c d");
    EXPECT_EQ(options("Many=a b\nMany=c\n"), "--many|a b|--many|c");
    EXPECT_EQ(options("Words=a 'b c'\n"), "--word|w=a|--word|w=b c");
    EXPECT_EQ(options("Yes=yes\nToggle=no\n"), "--yes|--toggle=false");
    EXPECT_EQ(options("Yes=no\nToggle=1\nOwn=x\n"), "--toggle=true");
}

TEST(QuadletKeys, SayWhatIsWrong) {
    EXPECT_EQ(options("Yes=perhaps\n"), "f:2: Yes=perhaps: yes or no belongs there");
    EXPECT_EQ(options("Words='a\n"), "f:2: Words='a: a quote is not closed");
}

TEST(QuadletKeys, AreThoseThatAreKnown) {
    EXPECT_TRUE(succeeds(check_keys(unit("One=1\nOwn=\n"), "A", kKeys)));
    EXPECT_TRUE(succeeds(check_keys(unit("Other=1\n"), "B", kKeys))) << "another section";
    const Result<> unknown = check_keys(unit("One=1\nTogle=1\n"), "A", kKeys);
    EXPECT_TRUE(fails_saying(unknown, "f:3: unsupported key 'Togle' in section 'A'"));
    EXPECT_EQ(unknown.error().hint(), "did you mean Toggle?");
    EXPECT_TRUE(fails_saying(check_keys(unit("one=1\n"), "A", kKeys), "unsupported key 'one'"));
}

}  // namespace
}  // namespace sbx::quadlet
