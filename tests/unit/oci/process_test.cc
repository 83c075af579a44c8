#include "oci/process.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

Result<Process> read(std::string_view members) {
    const std::string text = fmt::format(R"({{"user":{{"uid":0,"gid":0}},"cwd":"/"{}{}}})",
                                         members.empty() ? "" : ",", members);
    return Process::from_json(TRY(Json::parse(text)));
}

TEST(Process, IsTheJsonOfTheSpecification) {
    const Process process{.terminal = true,
                          .user = {.uid = 1000, .gid = 100, .additional_gids = {4}, .umask = 022},
                          .args = {"sh", "-c", ""},
                          .cwd = "/srv",
                          .capabilities = Capabilities::of({"CAP_CHOWN"}),
                          .no_new_privileges = true,
                          .oom_score_adj = 0};
    EXPECT_EQ(process.to_json().dump(),
              R"({"terminal":true,"user":{"uid":1000,"gid":100,"umask":18,"additionalGids":[4]},)"
              R"("args":["sh","-c",""],"cwd":"/srv","capabilities":{"bounding":["CAP_CHOWN"],)"
              R"("effective":["CAP_CHOWN"],"permitted":["CAP_CHOWN"]},"noNewPrivileges":true,)"
              R"("oomScoreAdj":0})");
}

TEST(Process, MayHaveNothingButAUserAndAFolder) {
    const Result<Process> process = read("");
    ASSERT_TRUE(succeeds(process));
    EXPECT_EQ(*process, Process{});
}

TEST(Process, HasFiveSetsOfCapabilities) {
    const Result<Process> process =
        read(R"("capabilities":{"bounding":["A"],"effective":["B"],"inheritable":["C"],)"
             R"("permitted":["D"],"ambient":["E"]})");
    ASSERT_TRUE(succeeds(process));
    EXPECT_EQ(process->capabilities, (Capabilities{.bounding = {"A"},
                                                   .effective = {"B"},
                                                   .inheritable = {"C"},
                                                   .permitted = {"D"},
                                                   .ambient = {"E"}}));
}

struct Bad {
    std::string_view members;
    std::string_view why;
};

class BadProcesses : public testing::TestWithParam<Bad> {};

TEST_P(BadProcesses, AreRefused) {
    EXPECT_TRUE(fails_saying(read(GetParam().members), GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadProcesses,
    testing::Values(
        Bad{R"("terminal":1)", "terminal: 1 is not true or false"},
        Bad{R"("consoleSize":{"height":25})", "consoleSize.width: is missing"},
        Bad{R"("args":"sh")", R"(args: "sh" is not an array)"},
        Bad{R"("args":["sh",1])", "args[1]: 1 is not a string"},
        Bad{R"("args":["a\u0000b"])", "args[0]: a NUL byte is in it"},
        Bad{R"("env":[null])", "env[0]: null is not a string"},
        Bad{R"("env":[{"base64":"?"}])", "env[0]: not valid base64"},
        Bad{R"("capabilities":[])", "capabilities: [] is not an object"},
        Bad{R"("capabilities":{"ambient":"CAP_KILL"})", "capabilities.ambient: "},
        Bad{R"("rlimits":{})", "rlimits: {} is not an array"},
        Bad{R"("rlimits":[{"type":"RLIMIT_CORE","hard":1}])", "rlimits[0].soft: is missing"},
        Bad{R"("rlimits":[{"type":"RLIMIT_CORE","hard":-1,"soft":0}])", "rlimits[0].hard: -1 is"},
        Bad{R"("rlimits":[{"type":"A","hard":1,"soft":1},{"type":"A","hard":2,"soft":2}])",
            "has two limits of one type"},
        Bad{R"("noNewPrivileges":"no")", "noNewPrivileges: \"no\" is not true or false"},
        Bad{R"("oomScoreAdj":"x")", "oomScoreAdj: \"x\" is not a number from -1000 to 1000"},
        Bad{R"("oomScoreAdj":1001)", "oomScoreAdj: 1001 is not a number from -1000 to 1000"},
        Bad{R"("oomScoreAdj":-1001)", "oomScoreAdj: -1001 is not a number"},
        Bad{R"("oomScoreAdj":4294967296)", "oomScoreAdj: 4294967296 is not a number"},
        Bad{R"("scheduler":{"nice":1})", "scheduler.policy: is missing"},
        Bad{R"("scheduler":{"policy":"SCHED_FAST"})", "scheduler.policy: 'SCHED_FAST' is none of"},
        Bad{R"("scheduler":{"policy":"SCHED_RR","nice":20})", "scheduler.nice: 20 is not"},
        Bad{R"("scheduler":{"policy":"SCHED_RR","flags":["X"]})", "scheduler.flags[0]: 'X' is"},
        Bad{R"("ioPriority":{"class":"BEST"})", "ioPriority.class: 'BEST' is none of"},
        Bad{R"("ioPriority":{"class":"IOPRIO_CLASS_BE","priority":8})", "ioPriority.priority: 8"},
        Bad{R"("execCPUAffinity":{"initial":"all"})", "execCPUAffinity.initial: \"all\" is not"},
        Bad{R"("execCPUAffinity":{"final":"0x1"})", "execCPUAffinity.final: "}));

Result<Process> read_whole(std::string_view text) {
    return Process::from_json(TRY(Json::parse(text)));
}

TEST(Process, IsRefusedWithoutAUserOrAFolder) {
    EXPECT_TRUE(fails_saying(read_whole(R"({"cwd":"/"})"), "user: is missing"));
    EXPECT_TRUE(fails_saying(read_whole(R"({"user":"root"})"), "user: \"root\" is not an object"));
    EXPECT_TRUE(fails_saying(read_whole(R"({"user":{"uid":0,"gid":0}})"), "cwd: is missing"));
    EXPECT_TRUE(fails_saying(read_whole(R"({"user":{"uid":0,"gid":0},"cwd":"srv"})"),
                             "cwd: \"srv\" is not an absolute path"));
}

struct BadUser {
    std::string_view user;
    std::string_view why;
};

class BadUsers : public testing::TestWithParam<BadUser> {};

TEST_P(BadUsers, AreRefused) {
    const std::string text = fmt::format(R"({{"user":{{{}}},"cwd":"/"}})", GetParam().user);
    EXPECT_TRUE(fails_saying(read_whole(text), GetParam().why));
}

// (uid_t)-1 is nobody's.
INSTANTIATE_TEST_SUITE_P(
    All, BadUsers,
    testing::Values(BadUser{R"("gid":0)", "user.uid: is missing"},
                    BadUser{R"("uid":0)", "user.gid: is missing"},
                    BadUser{R"("uid":-1)", "user.uid: -1 is not a number from 0 to 4294967294"},
                    BadUser{R"("uid":4294967295)", "user.uid: 4294967295 is not a number"},
                    BadUser{R"("uid":"0")", R"(user.uid: "0" is not a number from 0 to)"},
                    BadUser{R"("uid":0,"gid":4294967295)", "user.gid: 4294967295 is not a number"},
                    BadUser{R"("uid":0,"gid":0,"umask":512)", "umask: 512 is not a number from 0"},
                    BadUser{R"("uid":0,"gid":0,"additionalGids":[1,4294967296])",
                            "user.additionalGids[1]: 4294967296 is not a number"}));

}  // namespace
}  // namespace sbx::oci
