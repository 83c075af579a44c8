#include "quadlet/units.h"

#include <gtest/gtest.h>

#include "support/quadlet.h"

namespace sbx::quadlet {
namespace {

using test::fails_saying;
using test::units_of;
using Strings = std::vector<std::string>;

TEST(QuadletUnits, AreKnownByTheirEndings) {
    EXPECT_EQ(kind_of("a.container"), Kind::container);
    EXPECT_EQ(kind_of("a.b.pod"), Kind::pod);
    EXPECT_EQ(kind_of("a@.volume"), Kind::volume);
    for (const char* name : {"a.service", ".container", "container", "a.kube", "a.container~", ""})
        EXPECT_FALSE(kind_of(name)) << name;
}

TEST(QuadletUnits, NameServicesAndWhatTheseMake) {
    const auto names = [](const std::string& name, const std::string& text = "") {
        const Units units = units_of({{name, text}});
        return units.all()[0].service() + " " + units.all()[0].object();
    };
    EXPECT_EQ(names("web.container"), "web.service systemd-web");
    EXPECT_EQ(names("web.volume"), "web-volume.service systemd-web");
    EXPECT_EQ(names("web.network"), "web-network.service systemd-web");
    EXPECT_EQ(names("web.pod"), "web-pod.service systemd-web");
    EXPECT_EQ(names("web@.container"), "web@.service systemd-web_%i");
    EXPECT_EQ(names("web@one.container"), "web@one.service systemd-web_one");
    EXPECT_EQ(names("web@.volume"), "web-volume@.service systemd-web_%i");
    EXPECT_EQ(names("a.container", "[Container]\nContainerName=box\nServiceName=s\n"),
              "s.service box");
    EXPECT_EQ(names("a.network", "[Network]\nNetworkName=n\n"), "a-network.service n");
}

TEST(QuadletUnits, AreFoundByTheirNames) {
    const Units units = units_of({{"a.volume", ""}, {"a.container", ""}});
    const Entry entry{.key = "Volume", .value = "b.volume:/x", .place = "f:3"};
    EXPECT_EQ((*units.find(Kind::volume, "a.volume", entry))->name, "a.volume");
    EXPECT_EQ(*units.find(Kind::volume, "a.container", entry), nullptr);
    EXPECT_EQ(*units.find(Kind::volume, "/b.volume", entry), nullptr) << "a path";
    EXPECT_TRUE(fails_saying(units.find(Kind::volume, "b.volume", entry),
                             "f:3: Volume=b.volume:/x: there is no unit 'b.volume'"));
    EXPECT_EQ(units.service_of("a.volume"), "a-volume.service");
    EXPECT_EQ(units.service_of("b.volume"), "b.volume");
}

TEST(QuadletUnits, HaveDropInsOfSeveralNames) {
    EXPECT_EQ(drop_in_folders("web.container"), (Strings{"web.container.d", "container.d"}));
    EXPECT_EQ(drop_in_folders("a-b-c.pod"),
              (Strings{"a-b-c.pod.d", "a-b-.pod.d", "a-.pod.d", "pod.d"}));
    EXPECT_EQ(drop_in_folders("web@one.container"),
              (Strings{"web@one.container.d", "web@.container.d", "container.d"}));
    EXPECT_EQ(drop_in_folders("-.volume"), (Strings{"-.volume.d", "volume.d"}));
}

}  // namespace
}  // namespace sbx::quadlet
