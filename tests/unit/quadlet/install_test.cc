#include "quadlet/install.h"

#include <gtest/gtest.h>

#include "support/quadlet.h"

namespace sbx::quadlet {
namespace {

using test::fails_saying;
using test::units_of;
using Links = std::vector<Link>;

Result<Links> links(const std::string& name, const std::string& install) {
    return links_for(units_of({{name, "[Install]\n" + install}}).all()[0]);
}

TEST(QuadletInstall, LinksFromWhatWantsIt) {
    EXPECT_EQ(*links("web.container", ""), Links());
    EXPECT_EQ(*links("web.container",
                     "WantedBy=default.target a.service\nRequiredBy=b.target\n"
                     "UpheldBy=c.service\nAlias=www.service\n"),
              (Links{{"www.service", "web.service"},
                     {"default.target.wants/web.service", "../web.service"},
                     {"a.service.wants/web.service", "../web.service"},
                     {"b.target.requires/web.service", "../web.service"},
                     {"c.service.upholds/web.service", "../web.service"}}));
    EXPECT_EQ(*links("data.volume", "WantedBy=default.target\n"),
              (Links{{"default.target.wants/data-volume.service", "../data-volume.service"}}));
}

TEST(QuadletInstall, LinksToTheInstanceOfATemplate) {
    EXPECT_EQ(*links("web@.container", "WantedBy=a.target\n"), Links());
    EXPECT_EQ(*links("web@.container", "WantedBy=a.target\nDefaultInstance=one\n"),
              (Links{{"a.target.wants/web@one.service", "../web@.service"}}));
    EXPECT_EQ(*links("web@two.container", "WantedBy=a.target\n"),
              (Links{{"a.target.wants/web@two.service", "../web@two.service"}}));
}

TEST(QuadletInstall, StaysInItsFolder) {
    for (const char* line : {"WantedBy=../x.target", "Alias=a/b.service", "Alias=..",
                             "RequiredBy=x", "UpheldBy=/etc/x.target"})
        EXPECT_TRUE(fails_saying(links("a.pod", line), "names of units belong there")) << line;
    EXPECT_TRUE(fails_saying(links("a@.pod", "DefaultInstance=../x\n"), "no name of an instance"));
}

}  // namespace
}  // namespace sbx::quadlet
