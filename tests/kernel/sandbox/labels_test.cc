#include "sandbox/labels.h"

#include <gtest/gtest.h>

#include "support/containers.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::run;
using test::succeeds;
using test::TinyRoot;

TEST(Labels, AreNoneWhereNoneIsAskedFor) {
    const int before = test::open_descriptors();
    const Result<Labels> labels = Labels::open(Program{});
    ASSERT_TRUE(succeeds(labels));
    EXPECT_TRUE(succeeds(labels->take()));
    EXPECT_TRUE(labels->fds().empty());
    EXPECT_EQ(test::open_descriptors(), before);
}

// What a program was to be confined by is not passed over. A kernel that has the module is asked,
// and knows no such label.
TEST(Labels, AreRefusedByName) {
    const auto refused = [](const Program& program) -> std::string {
        const Result<Labels> labels = Labels::open(program);
        if (!labels) return labels.error().text();
        const Result<> taken = labels->take();
        return taken ? "" : taken.error().text();
    };
    EXPECT_TRUE(refused({.apparmor_profile = "no-such"}).contains("AppArmor profile 'no-such'"));
    EXPECT_TRUE(refused({.selinux_label = "a:b:c"}).contains("SELinux label 'a:b:c'"));
}

TEST(Labels, ThatCannotBeTakenKeepTheProgramFromRunning) {
    const TinyRoot root;
    Request request = root.request("true");
    request.spec.process.apparmor_profile = "no-such-profile";
    const test::Outcome outcome = run(request);
    EXPECT_EQ(outcome.code, 125);
    EXPECT_TRUE(outcome.failure.contains("AppArmor profile 'no-such-profile'")) << outcome.failure;
}

}  // namespace
}  // namespace sbx::sandbox
