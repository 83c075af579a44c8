#include "os/caps.h"

#include <linux/capability.h>

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::os {
namespace {

using namespace std::string_view_literals;
using test::fails_saying;
using test::succeeds;

constexpr CapabilitySet bit(int number) { return CapabilitySet{1} << number; }

TEST(Capability, IsKnownByItsNames) {
    for (const char* name : {"NET_ADMIN", "CAP_NET_ADMIN", "net_admin", "cap_net_admin"})
        EXPECT_EQ(*parse_capability(name), bit(CAP_NET_ADMIN)) << name;
}

TEST(Capability, AllIsEveryOneOfTheKernel) {
    EXPECT_EQ(*parse_capability("all"), all_capabilities());
    EXPECT_EQ(*parse_capability("ALL"), all_capabilities());
    EXPECT_EQ(all_capabilities() & bit(CAP_CHOWN), bit(CAP_CHOWN));
    EXPECT_EQ(all_capabilities() >> 60, 0U);
}

class BadCapabilities : public testing::TestWithParam<std::string_view> {};

TEST_P(BadCapabilities, AreNone) {
    const Result<CapabilitySet> set = parse_capability(GetParam());
    EXPECT_TRUE(fails_saying(set, "is not a capability"));
    EXPECT_TRUE(set.error().hint().contains("capabilities(7)"));
}

INSTANTIATE_TEST_SUITE_P(All, BadCapabilities,
                         testing::Values("", "CAP_", "NET", "NET_ADMI", "NET_ADMINX", "12",
                                         "CAP_12", "cap_all", " NET_ADMIN", "-NET_ADMIN",
                                         "NET_ADMIN ", "NET_ADMIN,SYS_ADMIN", "net_admin+ep",
                                         "NET_ADMIN=", "NET_ADMIN\0"sv));

TEST(CapabilityNames, AreInTheOrderOfTheirNumbers) {
    EXPECT_EQ(capability_names(bit(CAP_NET_RAW) | bit(CAP_CHOWN)),
              (std::vector<std::string>{"CAP_CHOWN", "CAP_NET_RAW"}));
    EXPECT_TRUE(capability_names(0).empty());
}

TEST(CapabilityNames, AreReadBack) {
    CapabilitySet together = 0;
    for (const std::string& name : capability_names(all_capabilities()))
        together |= *parse_capability(name);
    EXPECT_EQ(together, all_capabilities());
}

}  // namespace
}  // namespace sbx::os
