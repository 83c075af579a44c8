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

}  // namespace
}  // namespace sbx::sandbox
