#include "quadlet/network.h"

#include <gtest/gtest.h>

#include "support/quadlet.h"

namespace sbx::quadlet {
namespace {

std::string service(const std::string& lines) {
    return test::service_text({{"app.network", lines}}, "app.network");
}

TEST(QuadletNetwork, IsMadeWhereItIsMissing) {
    EXPECT_TRUE(
        service("[Network]\nSubnet=10.1.0.0/24\nGateway=10.1.0.1\nInternal=yes\nIPv6=no\n")
            .ends_with("\n[Service]\nType=oneshot\nRemainAfterExit=yes\n"
                       "ExecStart=/bin/sbx network create --ignore --gateway 10.1.0.1 --internal "
                       "--subnet 10.1.0.0/24 systemd-app\n"));
}

TEST(QuadletNetwork, IsRemovedWhereThatIsAskedFor) {
    EXPECT_TRUE(service("[Network]\nNetworkName=n\nNetworkDeleteOnStop=true\n")
                    .ends_with("create --ignore n\nExecStopPost=-/bin/sbx network rm n\n"));
    EXPECT_FALSE(service("[Network]\nNetworkDeleteOnStop=no\n").contains("ExecStopPost"));
}

TEST(QuadletNetwork, SaysWhatItCannotDo) {
    EXPECT_EQ(service("[Network]\nInternal=x\n"),
              "/units/app.network:2: Internal=x: yes or no belongs there");
    EXPECT_EQ(service("[Network]\nIPAMDriver=dhcp\n"),
              "/units/app.network:2: unsupported key 'IPAMDriver' in section 'Network'");
}

}  // namespace
}  // namespace sbx::quadlet
