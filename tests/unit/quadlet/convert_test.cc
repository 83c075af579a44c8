#include "quadlet/convert.h"

#include <gtest/gtest.h>

#include "support/quadlet.h"

namespace sbx::quadlet {
namespace {

using test::fails_saying;
using test::succeeds;

Result<Converted> converted(const std::string& name, const std::string& text) {
    const Units units = test::units_of({{name, text}});
    return convert(units.all()[0], units, {});
}

TEST(Convert, TurnsEachKindIntoAService) {
    const auto name = [](const std::string& unit, const std::string& text) {
        const Result<Converted> made = converted(unit, text);
        return made ? made->name : made.error().text();
    };
    EXPECT_EQ(name("a.container", "[Container]\nImage=i\n"), "a.service");
    EXPECT_EQ(name("a.volume", "[Volume]\n"), "a-volume.service");
    EXPECT_EQ(name("a.network", "[Network]\n"), "a-network.service");
    EXPECT_EQ(name("a.pod", "[Pod]\n"), "a-pod.service");
}

TEST(Convert, HasTheLinksOfItsInstallation) {
    const auto made = converted("a.volume", "[Volume]\n[Install]\nWantedBy=default.target\n");
    ASSERT_TRUE(succeeds(made));
    ASSERT_EQ(made->links.size(), 1U);
    EXPECT_EQ(made->links[0].path, "default.target.wants/a-volume.service");
    EXPECT_TRUE(made->text.contains("\n[Install]\nWantedBy=default.target\n"));
}

TEST(Convert, SaysWhatCannotBe) {
    EXPECT_TRUE(fails_saying(converted("a.pod", "[Quadlet]\nOther=1\n"),
                             "/units/a.pod:2: unsupported key 'Other' in section 'Quadlet'"));
    EXPECT_TRUE(succeeds(converted("a.pod", "[Quadlet]\nDefaultDependencies=no\n")));
    EXPECT_TRUE(fails_saying(converted("a.pod", "[Pod]\nServiceName=../x\n"),
                             "the name of a service belongs there"));
    EXPECT_TRUE(fails_saying(converted("a.pod", "[Install]\nAlias=/x.service\n"),
                             "names of units belong there"));
}

}  // namespace
}  // namespace sbx::quadlet
