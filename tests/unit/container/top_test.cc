#include "container/top.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using Strings = std::vector<std::string>;

std::string parsed(const Strings& words) {
    const Result<Strings> found = parse_descriptors(words);
    return found ? join(*found, ",") : found.error().text();
}

TEST(TopDescriptors, AreTheUsualOnesWhereNoneIsGiven) {
    EXPECT_EQ(parsed({}), "user,pid,ppid,pcpu,etime,tty,time,args");
}

TEST(TopDescriptors, AreListsWordsAndCodes) {
    EXPECT_EQ(parsed({"pid,args"}), "pid,args");
    EXPECT_EQ(parsed({"hpid", "%U,%p"}), "hpid,user,pid");
    EXPECT_EQ(parsed({"-o", "pid,cmd"}), "pid,args");
    EXPECT_EQ(parsed({"-eo", "pid"}), "pid");
    EXPECT_EQ(parsed({"-ef"}), "user,pid,ppid,pcpu,stime,tty,time,args");
    EXPECT_TRUE(parsed({"aux"}).contains("rss"));
}

TEST(TopDescriptors, ThatAreNoneAreNamed) {
    EXPECT_EQ(parsed({"pid,colour"}), "there is no column 'colour'");
    EXPECT_EQ(parsed({"\x1b"}), "there is no column '\\x1b'");
    EXPECT_EQ(parsed({"pid,"}), "there is no column ''");
    EXPECT_EQ(parsed({"-ef", "pid"}), "there is no column '-ef'");
    EXPECT_TRUE(parse_descriptors({"x"}).error().hint().contains("huser, label"));
    EXPECT_TRUE(parse_descriptors({"x"}).failed_as(Error::Kind::usage));
}

TEST(TopDescriptors, AllHaveANameOfTheirOwn) {
    for (const std::string_view name : all_descriptors())
        EXPECT_EQ(parsed({std::string(name)}), name);
}

TEST(TopTimes, AreWrittenAsGoDoes) {
    EXPECT_EQ(seconds_text(0), "0s");
    EXPECT_EQ(seconds_text(59), "59s");
    EXPECT_EQ(seconds_text(247), "4m7s");
    EXPECT_EQ(seconds_text(90061), "25h1m1s");
}

}  // namespace
}  // namespace sbx::container
