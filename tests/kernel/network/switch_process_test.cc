#include "network/switch_process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "os/file.h"
#include "os/socket.h"
#include "support/lan.h"

namespace sbx::network {
namespace {

using test::succeeds;

TEST(SwitchProcess, IsLookedAtByNobody) {
    const test::TempFolder folder;
    const test::Comer box = test::join(folder, test::shared_network(), 'b');
    const std::string place = fmt::format("/proc/{}/", box.membership.server());
    EXPECT_EQ(::geteuid() == 0, os::read_proc(place + "environ").has_value()) << "but root";
    EXPECT_TRUE(os::read_proc(place + "status")->contains("Seccomp:\t2"));
    EXPECT_TRUE(os::read_proc(place + "status")->contains("CapEff:\t0000000000000000"));
    EXPECT_TRUE(os::read_proc(place + "status")->contains("NoNewPrivs:\t1"));
}

TEST(SwitchProcess, EndsWhereItCannotBegin) {
    const test::TempFolder folder;
    SharedNetwork network = test::shared_network();
    network.layout.mtu = 70'000;
    EXPECT_TRUE(
        test::fails_saying(Membership::join(folder.fd(), network, test::applicant("box", 'b')),
                           "does not take the settings"));
    EXPECT_TRUE(
        succeeds(Membership::join(folder.fd(), test::shared_network(), test::applicant("a", 'c'))));
}

}  // namespace
}  // namespace sbx::network
