#include <gtest/gtest.h>

#include "sandbox/compile.h"
#include "support/requests.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::shell_request;

TEST(PlaceProgram, RefusesNoCommand) {
    Request request = shell_request();
    for (const std::vector<std::string>& argv : {std::vector<std::string>{}, {""}, {"", "x"}}) {
        request.spec.process.args = argv;
        EXPECT_TRUE(
            fails_saying(compile_program(request), "no command given, and the image names none"));
    }
}

TEST(PlaceProgram, OfABundleKnowsNoImage) {
    Request request = shell_request();
    request.exact = true;
    request.spec.process.args = {};
    EXPECT_TRUE(fails_saying(compile_program(request), "process.args is empty"));
}

TEST(PlaceProgram, RefusesAWorkingDirectoryThatIsNoPathInside) {
    Request request = shell_request();
    for (const char* cwd : {"srv", "/srv/../..", ""}) {
        request.spec.process.cwd = cwd;
        EXPECT_TRUE(fails_saying(compile_program(request), "working directory")) << cwd;
    }
}

TEST(PlaceProgram, RefusesLimitsTheWrongWayRoundAndUnknownOnes) {
    Request request = shell_request();
    request.spec.process.rlimits = {{.type = "RLIMIT_CORE", .soft = 2, .hard = 1}};
    EXPECT_TRUE(fails_saying(compile_program(request),
                             "the soft limit of RLIMIT_CORE is above the hard one"));
    request.spec.process.rlimits = {{.type = "RLIMIT_COFFEE", .soft = 1, .hard = 1}};
    EXPECT_TRUE(fails_saying(compile_program(request), "RLIMIT_COFFEE"));
}

TEST(PlaceProgram, IsThatOfTheWholePlan) {
    Request request = test::usual_request();
    request.identity.user = "web";
    request.kept_descriptors = 2;
    const Program alone = compile_program(request).value();
    const Program whole = compile(request, test::rootless_host()).value().program;
    EXPECT_EQ(alone.argv, whole.argv);
    EXPECT_EQ(alone.env, whole.env);
    EXPECT_EQ(alone.identity.user, "web");
    EXPECT_EQ(alone.kept_descriptors, 2);
    EXPECT_EQ(alone.of_root, whole.of_root);
    EXPECT_EQ(alone.limits.size(), 1U);
}

TEST(PlaceProgram, TellsTheSchedulersWhatTheSpecSays) {
    Request request = shell_request();
    oci::Process& process = request.spec.process;
    process.scheduler = {.policy = "SCHED_BATCH", .nice = 5, .flags = {"SCHED_FLAG_RESET_ON_FORK"}};
    process.io_priority = {.io_class = "IOPRIO_CLASS_IDLE", .priority = 0};
    process.exec_cpu_affinity = {.initial = "0-1", .final = "3"};
    request.spec.memory_policy = {
        .mode = "MPOL_BIND", .nodes = "0", .flags = {"MPOL_F_STATIC_NODES"}};
    request.spec.personality = {.domain = "LINUX32"};
    const Program program = compile_program(request).value();
    EXPECT_EQ(program.scheduler, (os::Scheduler{.policy = 3, .flags = 1, .nice = 5}));
    EXPECT_EQ(program.io_priority, (os::IoPriority{.io_class = 3, .level = 0}));
    EXPECT_EQ(program.first_processors, (std::vector<unsigned>{0, 1}));
    EXPECT_EQ(program.processors, (std::vector<unsigned>{3}));
    EXPECT_EQ(program.memory_policy, (os::MemoryPolicy{.mode = 2 | 1 << 15, .nodes = {0}}));
    EXPECT_EQ(program.personality, 8UL);
    const std::string text = explain({.program = program});
    for (const char* line :
         {"scheduling policy 3, nice 5, priority 0\n", "I/O priority class 3, level 0\n",
          "memory policy 0x8002, nodes 0\n", "personality 0x8\n", "processors 3\n"})
        EXPECT_TRUE(text.contains(line)) << line << text;
}

TEST(PlaceProgram, RefusesWhatNoSchedulerKnows) {
    Request request = shell_request();
    request.spec.process.scheduler = {.policy = "SCHED_COFFEE"};
    EXPECT_TRUE(fails_saying(compile_program(request), "'SCHED_COFFEE' is not"));
    request = shell_request();
    request.spec.process.exec_cpu_affinity = {.final = "0-"};
    EXPECT_TRUE(fails_saying(compile_program(request), "process: '0-'"));
    request = shell_request();
    request.spec.memory_policy = {.mode = "MPOL_BIND", .nodes = "x"};
    EXPECT_TRUE(fails_saying(compile_program(request), "memory nodes"));
}

TEST(PlaceProgram, HasATerminalOfTheSizeThatIsAskedFor) {
    Request request = shell_request();
    EXPECT_FALSE(compile_program(request)->window);
    request.spec.process.console_size = {.height = 40, .width = 100000};
    const Program program = compile_program(request).value();
    EXPECT_EQ(program.window->rows, 40);
    EXPECT_EQ(program.window->columns, 65535) << "more than any terminal has";
}

TEST(PlaceProgram, KeepsTheGroupsOfTheCallerWhereItIsAnnotated) {
    Request request = shell_request();
    EXPECT_FALSE(compile_program(request)->identity.keep_groups);
    request.spec.annotations = {{"run.oci.keep_original_groups", "1"}};
    EXPECT_TRUE(compile_program(request)->identity.keep_groups);
    request.spec.annotations = {{"run.oci.keep_original_groups", "0"}};
    EXPECT_FALSE(compile_program(request)->identity.keep_groups);
}

}  // namespace
}  // namespace sbx::sandbox
