#include "quadlet/references.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/quadlet.h"

namespace sbx::quadlet {
namespace {

using test::units_of;

// The words that a key has come to, and what the service needs by then.
std::string words(const std::string& lines,
                  Result<std::vector<std::string>> (*turn)(const Unit&, const Units&, Service&)) {
    const Units units = units_of({{"web.container", "[Container]\n" + lines},
                                  {"box.container", "[Container]\nContainerName=b\n"},
                                  {"data.volume", ""},
                                  {"app.network", "[Network]\nNetworkName=n\n"}});
    const Caller caller;
    const Unit& unit = test::unit_in(units, "web.container");
    Service service = Service::begin(unit, units, caller).value();
    const auto made = turn(unit, units, service);
    if (!made) return made.error().text();
    std::string text = join(*made, " ");
    for (const std::string_view line : split(service.text(), '\n'))
        if (line.starts_with("Requires=")) text += fmt::format(" {}", line);
    return text;
}

TEST(References, OfVolumes) {
    const auto of = [](const std::string& lines) { return words(lines, volume_words); };
    EXPECT_EQ(of("Volume=/a:/b:ro\nVolume=name:/c\nVolume=/d\nVolume=%h/x:/y\n"),
              "--volume /a:/b:ro --volume name:/c --volume /d --volume %h/x:/y");
    EXPECT_EQ(of("Volume=data.volume:/d:O\n"),
              "--volume systemd-data:/d:O Requires=data-volume.service");
    EXPECT_EQ(of("Volume=./x:/y\nVolume=../z:/z\n"),
              "--volume /units/x:/y --volume /units/../z:/z");
    EXPECT_EQ(of("Volume=no.volume:/d\n"),
              "/units/web.container:2: Volume=no.volume:/d: there is no unit 'no.volume'");
}

TEST(References, OfMounts) {
    const auto of = [](const std::string& lines) { return words(lines, mount_words); };
    EXPECT_EQ(of("Mount=type=volume,source=data.volume,dst=/d,ro\n"),
              "--mount type=volume,source=systemd-data,dst=/d,ro Requires=data-volume.service");
    EXPECT_EQ(of("Mount=type=bind,src=/a,dst=/b\nMount=type=tmpfs,dst=/t\n"),
              "--mount type=bind,src=/a,dst=/b --mount type=tmpfs,dst=/t");
    EXPECT_EQ(of("Mount=type=bind,src=./a,dst=/b\n"), "--mount type=bind,src=/units/a,dst=/b");
    EXPECT_EQ(of("Mount=type=volume,src=no.volume,dst=/d\n"),
              "/units/web.container:2: Mount=type=volume,src=no.volume,dst=/d: there is no unit "
              "'no.volume'");
}

TEST(References, OfNetworks) {
    const auto of = [](const std::string& lines) { return words(lines, network_words); };
    EXPECT_EQ(of("Network=none\nNetwork=own\n"), "--network none --network own");
    EXPECT_EQ(of("Network=app.network:ip=10.0.0.2\n"),
              "--network n:ip=10.0.0.2 Requires=app-network.service");
    EXPECT_EQ(of("Network=box.container\n"), "--network container:b Requires=box.service");
    EXPECT_EQ(of("Network=no.network\n"),
              "/units/web.container:2: Network=no.network: there is no unit 'no.network'");
}

}  // namespace
}  // namespace sbx::quadlet
