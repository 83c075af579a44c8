#include "quadlet/volume.h"

#include <gtest/gtest.h>

#include "support/quadlet.h"

namespace sbx::quadlet {
namespace {

std::string service(const std::string& lines) {
    return test::service_text({{"data.volume", lines}}, "data.volume");
}

TEST(QuadletVolume, IsMadeWhereItIsMissing) {
    EXPECT_TRUE(
        service("").ends_with("\n[Service]\nType=oneshot\nRemainAfterExit=yes\n"
                              "ExecStart=/bin/sbx volume create --ignore systemd-data\n"));
    EXPECT_TRUE(service("[Volume]\nVolumeName=d\nLabel=a=b c=d\nPodmanArgs=-q\nGlobalArgs=--x\n")
                    .ends_with("ExecStart=/bin/sbx --x volume create --ignore --label a=b --label "
                               "c=d -q d\n"));
}

TEST(QuadletVolume, SaysWhatItCannotDo) {
    EXPECT_EQ(service("[Volume]\nDevice=/dev/sda\n"),
              "/units/data.volume:2: unsupported key 'Device' in section 'Volume'");
    EXPECT_EQ(service("[Volume]\nLabel='\n"),
              "/units/data.volume:2: Label=': a quote is not closed");
}

}  // namespace
}  // namespace sbx::quadlet
