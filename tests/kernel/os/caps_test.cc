#include "os/caps.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::in_mapped_namespaces;
using test::in_own_process;
using test::succeeds;

constexpr CapabilitySet bit(int number) { return CapabilitySet{1} << number; }

// A line of /proc/self/status, as the kernel prints it: "CapEff", "NoNewPrivs".
std::string status_line(std::string_view name) {
    const std::string status = read_proc("/proc/self/status").value();
    const std::size_t at = status.find(fmt::format("{}:\t", name)) + name.size() + 2;
    return status.substr(at, status.find('\n', at) - at);
}

std::string hex(CapabilitySet set) { return fmt::format("{:016x}", set); }

TEST(SetCapabilities, SetsWhatTheKernelShows) {
    IN_NAMESPACES {
        const CapabilitySet kept = bit(CAP_CHOWN) | bit(CAP_NET_ADMIN);
        ASSERT_TRUE(succeeds(set_capabilities({.permitted = kept | bit(CAP_KILL),
                                               .effective = kept,
                                               .inheritable = kept,
                                               .ambient = bit(CAP_CHOWN)})));
        EXPECT_EQ(status_line("CapPrm"), hex(kept | bit(CAP_KILL)));
        EXPECT_EQ(status_line("CapEff"), hex(kept));
        EXPECT_EQ(status_line("CapInh"), hex(kept));
        EXPECT_EQ(status_line("CapAmb"), hex(bit(CAP_CHOWN)));
    };
}

TEST(SetCapabilities, DropsAmbientOnesAgain) {
    IN_NAMESPACES {
        const CapabilitySet one = bit(CAP_CHOWN);
        ASSERT_TRUE(
            succeeds(set_capabilities({.permitted = one, .inheritable = one, .ambient = one})));
        ASSERT_TRUE(succeeds(set_capabilities({.permitted = one, .effective = one})));
        EXPECT_EQ(status_line("CapAmb"), hex(0));
        EXPECT_EQ(status_line("CapPrm"), hex(one));
    };
}

TEST(SetCapabilities, GainsNothing) {
    IN_NAMESPACES {
        ASSERT_TRUE(succeeds(set_capabilities({.permitted = 0})));
        EXPECT_TRUE(fails_saying(
            set_capabilities({.permitted = bit(CAP_CHOWN), .effective = bit(CAP_CHOWN)}),
            "set capabilities: Operation not permitted"));
        EXPECT_EQ(status_line("CapEff"), hex(0));
    };
}

TEST(LimitBoundingSet, KeepsNoOther) {
    IN_NAMESPACES {
        const CapabilitySet kept = bit(CAP_CHOWN) | bit(CAP_SYS_CHROOT);
        ASSERT_TRUE(succeeds(limit_bounding_set(kept)));
        EXPECT_EQ(status_line("CapBnd"), hex(kept));
        EXPECT_TRUE(succeeds(limit_bounding_set(kept))) << "a second time";
    };
}

TEST(LimitBoundingSet, NamesWhatItMayNotDrop) {
    IN_NAMESPACES {
        ASSERT_TRUE(succeeds(set_capabilities({.permitted = 0})));
        EXPECT_TRUE(fails_saying(limit_bounding_set(~bit(CAP_CHOWN)),
                                 "drop capability 0 for good: Operation not permitted"));
    };
}

TEST(KeepCapabilities, OutlastsAChangeOfUser) {
    in_mapped_namespaces([] {
        ASSERT_TRUE(succeeds(keep_capabilities()));
        ASSERT_EQ(::setresuid(5, 5, 5), 0);
        EXPECT_NE(status_line("CapPrm"), hex(0));
        ASSERT_TRUE(
            succeeds(set_capabilities({.permitted = bit(CAP_CHOWN), .effective = bit(CAP_CHOWN)})));
        EXPECT_EQ(status_line("CapEff"), hex(bit(CAP_CHOWN)));
    });
}

TEST(ForbidNewPrivileges, CannotBeTakenBack) {
    in_own_process([] {
        EXPECT_EQ(status_line("NoNewPrivs"), "0");
        ASSERT_TRUE(succeeds(forbid_new_privileges()));
        EXPECT_EQ(status_line("NoNewPrivs"), "1");
        EXPECT_NE(::prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
    });
}

TEST(AllCapabilities, AreThoseOfTheKernel) {
    const std::string last = read_proc("/proc/sys/kernel/cap_last_cap").value();
    EXPECT_EQ(fmt::format("{}\n", capability_names(all_capabilities()).size() - 1), last);
}

}  // namespace
}  // namespace sbx::os
