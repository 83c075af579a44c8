#include <linux/capability.h>

#include <gtest/gtest.h>

#include "sandbox/compile.h"
#include "sandbox/places.h"
#include "support/requests.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::rootless_host;
using test::shell_request;

constexpr os::CapabilitySet bit(int capability) { return std::uint64_t{1} << capability; }

Result<Plan> with_capabilities(std::vector<std::string> names) {
    Request request = shell_request();
    request.spec.process.capabilities.bounding = std::move(names);
    return compile(request, rootless_host());
}

TEST(PlacePrivileges, HasTheCapabilitiesAskedForAndNoOther) {
    EXPECT_EQ(with_capabilities({})->program.bounding, 0U);
    EXPECT_EQ(with_capabilities({"CAP_CHOWN", "net_admin"})->program.bounding,
              bit(CAP_CHOWN) | bit(CAP_NET_ADMIN));
}

TEST(PlacePrivileges, RefusesUnknownCapabilitiesByName) {
    EXPECT_TRUE(fails_saying(with_capabilities({"CAP_CHOWN", "CAP_COFFEE"}), "CAP_COFFEE"));
}

TEST(PlacePrivileges, KeepsForOtherUsersWhatWasAddedByNameAlone) {
    Request request = shell_request();
    request.spec.process.capabilities.bounding = {"CAP_CHOWN", "CAP_NET_ADMIN"};
    request.added_capabilities = bit(CAP_NET_ADMIN) | bit(CAP_SYS_ADMIN);
    const Program program = compile(request, rootless_host())->program;
    EXPECT_EQ(program.of_others.ambient, bit(CAP_NET_ADMIN))
        << "and nothing that the container has not";
    EXPECT_EQ(program.of_others.permitted, bit(CAP_NET_ADMIN));
    EXPECT_EQ(program.of_root.permitted, program.bounding);
    EXPECT_EQ(program.of_root.ambient, 0U);
}

TEST(PlacePrivileges, FiltersSystemCallsUnlessToldNotTo) {
    Request request = shell_request();
    EXPECT_TRUE(compile(request, rootless_host())->program.filter);
    request.seccomp = Unconfined{};
    EXPECT_FALSE(compile(request, rootless_host())->program.filter);
}

TEST(PlacePrivileges, TakesAFilterOfThePersons) {
    Request request = shell_request();
    request.seccomp = os::SeccompProfile{.fallback = os::SeccompProfile::Action::allow};
    const Plan plan = compile(request, rootless_host()).value();
    ASSERT_TRUE(plan.program.filter);
    EXPECT_LT(plan.program.filter->program.size(), 20U) << "and not sbx's own beside it";
}

TEST(PlacePrivileges, TakesTheFilterOfADocument) {
    Request request = shell_request();
    request.seccomp = oci::Seccomp{.default_action = "SCMP_ACT_ALLOW"};
    EXPECT_TRUE(test::succeeds(compile(request, rootless_host())));
    request.seccomp = oci::Seccomp{.default_action = "SCMP_ACT_GUESS"};
    EXPECT_TRUE(fails_saying(compile(request, rootless_host()),
                             "seccomp: defaultAction: unknown action 'SCMP_ACT_GUESS'"));
    request.seccomp = oci::Seccomp{.default_action = "SCMP_ACT_ALLOW",
                                   .syscalls = {{.names = {"mount"}, .action = "SCMP_ACT_NOTIFY"}}};
    EXPECT_TRUE(fails_saying(compile(request, rootless_host()), "seccomp: SCMP_ACT_NOTIFY"));
}

Result<Program> specified(oci::Capabilities sets) {
    Request request = shell_request();
    request.user_namespace = AsSpecified{};
    request.spec.process.capabilities = std::move(sets);
    return compile_program(request);
}

TEST(SpecifiedCapabilities, AreExactlyThoseWhoeverRuns) {
    const Program program = specified({.bounding = {"CAP_CHOWN", "CAP_KILL"},
                                       .effective = {"CAP_CHOWN"},
                                       .inheritable = {"CAP_SETUID", "CAP_CHOWN"},
                                       .permitted = {"CAP_CHOWN", "CAP_KILL"},
                                       .ambient = {"CAP_CHOWN"}})
                                .value();
    EXPECT_EQ(program.bounding, bit(CAP_CHOWN) | bit(CAP_KILL));
    EXPECT_EQ(program.of_root, (os::Capabilities{.permitted = bit(CAP_CHOWN) | bit(CAP_KILL),
                                                 .effective = bit(CAP_CHOWN),
                                                 .inheritable = bit(CAP_SETUID) | bit(CAP_CHOWN),
                                                 .ambient = bit(CAP_CHOWN)}));
    EXPECT_EQ(program.of_others, program.of_root);
    EXPECT_TRUE(program.warnings.empty());
}

TEST(SpecifiedCapabilities, AreLeftOutWithAWarningWhereThisKernelLacksThem) {
    const Program program =
        specified({.bounding = {"CAP_COFFEE", "CAP_KILL"}, .ambient = {"CAP_KILL"}}).value();
    EXPECT_EQ(program.bounding, bit(CAP_KILL));
    EXPECT_EQ(program.of_root.ambient, 0U);
    ASSERT_EQ(program.warnings.size(), 2U);
    EXPECT_EQ(program.warnings.front(), "ambient capabilities that are not permitted: CAP_KILL");
    EXPECT_EQ(program.warnings.back(), "'CAP_COFFEE' is not a capability");
}

// As engines write them, so that a file's inheritable ones give nothing.
TEST(SpecifiedCapabilities, AreNotAmbientAndNotSpokenOfWhereNoneAreInheritable) {
    const Program program = specified({.permitted = {"CAP_KILL"}, .ambient = {"CAP_KILL"}}).value();
    EXPECT_EQ(program.of_root.ambient, 0U);
    EXPECT_TRUE(program.warnings.empty());
}

TEST(SpecifiedCapabilities, AreRefusedWhereTheKernelWould) {
    EXPECT_TRUE(fails_saying(specified({.effective = {"CAP_KILL"}, .permitted = {"CAP_CHOWN"}}),
                             "effective capabilities that are not permitted: CAP_KILL"));
}

}  // namespace
}  // namespace sbx::sandbox
