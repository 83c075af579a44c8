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

}  // namespace
}  // namespace sbx::sandbox
