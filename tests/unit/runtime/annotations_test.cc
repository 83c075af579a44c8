#include "runtime/annotations.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::runtime {
namespace {

TEST(Annotations, ThatWouldConfineAreRefusedByName) {
    for (const char* name : {"run.oci.seccomp_bpf_data", "run.oci.seccomp.plugins"})
        EXPECT_TRUE(test::fails_saying(check_annotations({{name, "x"}}),
                                       fmt::format("the annotation {} cannot be had", name)));
    for (const char* handler : {"krun", "wasm", "CRUN", "\x1b[1m"})
        EXPECT_TRUE(
            check_annotations({{"run.oci.handler", handler}}).failed_as(Error::Kind::unsupported))
            << handler;
}

TEST(Annotations, OfOthersAreTheirs) {
    const Annotations fine = {
        {"run.oci.handler", ""},           {"run.oci.keep_original_groups", "1"},
        {"run.oci.systemd.subgroup", "x"}, {"run.oci.seccomp_fail_unknown_syscall", "1"},
        {"org.example.run.oci.x", "y"},    {"run.ocix", "y"}};
    EXPECT_TRUE(test::succeeds(check_annotations(fine)));
    EXPECT_TRUE(passed_over(fine).empty());
    for (const char* handler : {"crun", "runc"})
        EXPECT_TRUE(test::succeeds(check_annotations({{"run.oci.handler", handler}})));
}

TEST(Annotations, ThatNothingIsDoneAboutAreNamedOnce) {
    EXPECT_EQ(
        passed_over({{"run.oci.hooks.stdout", "/f"}, {"run.oci.\n", "x"}}),
        (std::vector<std::string>{"nothing is done about the annotation 'run.oci.\\x0a'",
                                  "nothing is done about the annotation 'run.oci.hooks.stdout'"}));
}

TEST(Annotations, MayRefuseUnknownCalls) {
    EXPECT_FALSE(refuses_unknown_calls({}));
    EXPECT_FALSE(refuses_unknown_calls({{"run.oci.seccomp_fail_unknown_syscall", "0"}}));
    EXPECT_TRUE(refuses_unknown_calls({{"run.oci.seccomp_fail_unknown_syscall", "1"}}));
}

}  // namespace
}  // namespace sbx::runtime
