#include "oci/linux.h"

#include <gtest/gtest.h>

#include "oci/members.h"
#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

template <class T>
Result<T> read(std::string_view text) {
    return read_document<T>(TRY(Json::parse(text)));
}

TEST(Linux, HasPartsThatGoThroughJson) {
    const auto same = []<class T>(std::string_view text) {
        const Result<T> part = read<T>(text);
        return part && write_document(*part).dump() == text;
    };
    EXPECT_TRUE(same.operator()<Namespace>(R"({"type":"time","path":"/proc/1/ns/time"})"));
    EXPECT_TRUE(same.operator()<NetDevice>(R"({"name":"eth0"})"));
    EXPECT_TRUE(same.operator()<NetDevice>("{}"));
    EXPECT_TRUE(same.operator()<TimeOffset>(R"({"secs":-9,"nanosecs":999999999})"));
    EXPECT_TRUE(same.operator()<IntelRdt>(R"({"closID":"c","schemata":["L3:0=f"]})"));
    EXPECT_TRUE(same.operator()<MemoryPolicy>(
        R"({"mode":"MPOL_BIND","nodes":"0,2-3","flags":["MPOL_F_STATIC_NODES"]})"));
    EXPECT_TRUE(same.operator()<Personality>(R"({"domain":"LINUX"})"));
}

TEST(Linux, HasNamespacesOfKnownTypes) {
    EXPECT_TRUE(fails_saying(read<Namespace>("{}"), "type: is missing"));
    EXPECT_TRUE(fails_saying(read<Namespace>(R"({"type":"net"})"), "type: 'net' is none of pid,"));
    EXPECT_TRUE(fails_saying(read<Namespace>(R"({"type":"pid","path":"ns"})"),
                             "path: \"ns\" is not an absolute path"));
}

TEST(Linux, HasOffsetsOfLessThanASecond) {
    EXPECT_TRUE(fails_saying(read<TimeOffset>(R"({"nanosecs":1000000000})"),
                             "nanosecs: 1000000000 is not a number from 0 to 999999999"));
    EXPECT_TRUE(fails_saying(read<TimeOffset>(R"({"secs":"1"})"), "secs: \"1\" is not a number"));
}

TEST(Linux, HasResctrlGroupsInOneFolderAndLines) {
    const auto fails = [](std::string_view text, std::string_view why) {
        return fails_saying(read<IntelRdt>(text), why);
    };
    EXPECT_TRUE(fails(R"({"closID":"../x"})", "closID: \"../x\" is not the name of a folder"));
    EXPECT_TRUE(fails(R"({"closID":".."})", "closID: "));
    EXPECT_TRUE(fails(R"({"schemata":["a\nb"]})", "schemata: "));
    EXPECT_TRUE(fails(R"({"l3CacheSchema":"a\nb"})", "l3CacheSchema: "));
    EXPECT_TRUE(fails(R"({"memBwSchema":"L3:0=f"})", "memBwSchema: \"L3:0=f\" is not one line"));
    EXPECT_TRUE(fails(R"({"enableMonitoring":1})", "enableMonitoring: 1 is not true or false"));
}

TEST(Linux, HasMemoryPoliciesOfKnownWords) {
    const auto fails = [](std::string_view text, std::string_view why) {
        return fails_saying(read<MemoryPolicy>(text), why);
    };
    EXPECT_TRUE(fails("{}", "mode: is missing"));
    EXPECT_TRUE(fails(R"({"mode":"MPOL_NEAR"})", "mode: 'MPOL_NEAR' is none of"));
    EXPECT_TRUE(fails(R"({"mode":"MPOL_BIND","flags":["X"]})", "flags[0]: 'X' is none of"));
    EXPECT_TRUE(fails(R"({"mode":"MPOL_BIND","nodes":"all"})", "nodes: \"all\" is not a list"));
}

TEST(Linux, HasPersonalitiesWithoutFlags) {
    EXPECT_TRUE(fails_saying(read<Personality>(R"({"domain":"BSD"})"), "domain: 'BSD' is none"));
    EXPECT_TRUE(fails_saying(read<Personality>(R"({"domain":"LINUX","flags":["X"]})"), "flags: "));
    EXPECT_TRUE(succeeds(read<Personality>(R"({"domain":"LINUX","flags":[]})")));
}

}  // namespace
}  // namespace sbx::oci
