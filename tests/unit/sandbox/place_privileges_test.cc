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
    EXPECT_EQ(with_capabilities({})->capabilities, 0U);
    EXPECT_EQ(with_capabilities({"CAP_CHOWN", "net_admin"})->capabilities,
              bit(CAP_CHOWN) | bit(CAP_NET_ADMIN));
}

TEST(PlacePrivileges, RefusesUnknownCapabilitiesByName) {
    EXPECT_TRUE(fails_saying(with_capabilities({"CAP_CHOWN", "CAP_COFFEE"}), "CAP_COFFEE"));
}

TEST(PlacePrivileges, KeepsForOtherUsersWhatWasAddedByNameAlone) {
    Request request = shell_request();
    request.spec.process.capabilities.bounding = {"CAP_CHOWN", "CAP_NET_ADMIN"};
    request.added_capabilities = bit(CAP_NET_ADMIN) | bit(CAP_SYS_ADMIN);
    EXPECT_EQ(compile(request, rootless_host())->ambient, bit(CAP_NET_ADMIN))
        << "and nothing that the container has not";
}

TEST(PlacePrivileges, FiltersSystemCallsUnlessToldNotTo) {
    Request request = shell_request();
    EXPECT_TRUE(compile(request, rootless_host())->filter);
    request.seccomp = Unconfined{};
    EXPECT_FALSE(compile(request, rootless_host())->filter);
}

TEST(PlacePrivileges, TakesAFilterOfThePersons) {
    Request request = shell_request();
    request.seccomp = os::SeccompProfile{.fallback = os::SeccompProfile::Action::allow};
    const Plan plan = compile(request, rootless_host()).value();
    ASSERT_TRUE(plan.filter);
    EXPECT_LT(plan.filter->program.size(), 20U) << "and not sbx's own beside it";
}

TEST(PlacePrivileges, RefusesPathsThatAreNotOfTheContainer) {
    Request request = shell_request();
    request.spec.masked_paths = {"/proc/../../etc"};
    EXPECT_TRUE(fails_saying(compile(request, rootless_host()), "masked path"));
    request = shell_request();
    request.spec.read_only_paths = {"proc"};
    EXPECT_TRUE(fails_saying(compile(request, rootless_host()), "read-only path"));
}

}  // namespace
}  // namespace sbx::sandbox
