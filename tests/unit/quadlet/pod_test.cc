#include "quadlet/pod.h"

#include <gtest/gtest.h>

#include "support/quadlet.h"

namespace sbx::quadlet {
namespace {

std::string service(const std::string& lines) {
    return test::service_text({{"app.pod", "[Pod]\n" + lines},
                               {"a.container", "[Container]\nPod=app.pod\n"},
                               {"b.container", "[Container]\nPod=app.pod\nStartWithPod=no\n"},
                               {"c.container", "[Container]\nPod=other.pod\n"},
                               {"n.network", ""},
                               {"v.volume", ""}},
                              "app.pod");
}

TEST(QuadletPod, IsMadeAndRemoved) {
    EXPECT_TRUE(service("PublishPort=80:80\nNetwork=n.network\nVolume=v.volume:/v\n")
                    .ends_with("\n[Service]\nType=oneshot\nRemainAfterExit=yes\n"
                               "ExecStart=/bin/sbx pod create --name systemd-app --replace "
                               "--publish 80:80 --network systemd-n --volume systemd-v:/v\n"
                               "ExecStop=/bin/sbx pod stop --ignore systemd-app\n"
                               "ExecStopPost=-/bin/sbx pod rm --force --ignore systemd-app\n"));
}

TEST(QuadletPod, StartsItsContainers) {
    const std::string text = service("");
    EXPECT_TRUE(text.contains("\nWants=a.service\nBefore=a.service\n"));
    EXPECT_FALSE(text.contains("b.service"));
    EXPECT_FALSE(text.contains("c.service"));
}

TEST(QuadletPod, SaysWhatItCannotDo) {
    EXPECT_EQ(service("IP=10.0.0.1\n"), "/units/app.pod:2: unsupported key 'IP' in section 'Pod'");
    EXPECT_EQ(service("Volume=no.volume:/x\n"),
              "/units/app.pod:2: Volume=no.volume:/x: there is no unit 'no.volume'");
}

}  // namespace
}  // namespace sbx::quadlet
