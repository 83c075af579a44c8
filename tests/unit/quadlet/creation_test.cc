#include "quadlet/creation.h"

#include <gtest/gtest.h>

#include "support/quadlet.h"

namespace sbx::quadlet {
namespace {

TEST(QuadletCreation, IsByTheCommandOfTheKind) {
    for (const char* kind : {"volume", "network"}) {
        const std::string file = fmt::format("data.{}", kind);
        EXPECT_TRUE(
            test::service_text({{file, ""}}, file)
                .ends_with(fmt::format("\n[Service]\nType=oneshot\nRemainAfterExit=yes\n"
                                       "ExecStart=/bin/sbx {} create --ignore systemd-data\n",
                                       kind)));
    }
}

TEST(QuadletCreation, PutsWhatIsSaidOfItBetween) {
    EXPECT_TRUE(test::service_text(
                    {{"n.network", "[Network]\nLabel=a=b\nPodmanArgs=--x y\nGlobalArgs=--z\n"}},
                    "n.network")
                    .ends_with("ExecStart=/bin/sbx --z network create --ignore --label a=b --x y "
                               "systemd-n\n"));
}

}  // namespace
}  // namespace sbx::quadlet
