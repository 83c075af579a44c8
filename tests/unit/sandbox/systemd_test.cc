#include "sandbox/systemd.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;
using Texts = std::vector<std::string>;

os::BusValue value(std::string_view text) {
    Result<os::BusValue> parsed = parse_gvariant(text);
    EXPECT_TRUE(succeeds(parsed)) << text;
    return parsed ? *std::move(parsed) : os::BusValue(false);
}

TEST(GVariant, IsReadAsUnitsNeedIt) {
    EXPECT_EQ(value("true"), os::BusValue(true));
    EXPECT_EQ(value(" false "), os::BusValue(false));
    EXPECT_EQ(value("5"), os::BusValue(std::int32_t{5}));
    EXPECT_EQ(value("-5"), os::BusValue(std::int32_t{-5}));
    EXPECT_EQ(value("uint64 5"), os::BusValue(std::uint64_t{5}));
    EXPECT_EQ(value("int64 -5"), os::BusValue(std::int64_t{-5}));
    EXPECT_EQ(value("uint32 5"), os::BusValue(std::uint32_t{5}));
    EXPECT_EQ(value("'a b'"), os::BusValue(std::string("a b")));
    EXPECT_EQ(value("\"it's\""), os::BusValue(std::string("it's")));
    EXPECT_EQ(value("'it\\'s'"), os::BusValue(std::string("it's")));
    EXPECT_EQ(value("['a', \"b\"]"), os::BusValue(Texts{"a", "b"}));
    EXPECT_EQ(value("@as []"), os::BusValue(Texts{}));
}

TEST(GVariant, ThatIsNoneIsRefused) {
    for (const char* text :
         {"", "tru", "'a", "'a' b", "['a'", "['a' 'b']", "[5]", "[", "uint64", "uint64 -1",
          "uint32 4294967296", "5 5", "99999999999", "@au [1]", "(1, 2)", "uint16 5", "'\\"})
        EXPECT_FALSE(parse_gvariant(text)) << text;
}

TEST(Properties, ComeFromAnnotations) {
    const auto properties = properties_of({{"org.systemd.property.TimeoutStopSec", "uint64 3"},
                                           {"org.systemd.property.Description", "'a box'"},
                                           {"org.systemd.property.TimeoutStopUSec", "uint64 7"},
                                           {"other", "1"}});
    ASSERT_TRUE(succeeds(properties));
    EXPECT_EQ(*properties,
              (std::vector<os::BusProperty>{{"Description", std::string("a box")},
                                            {"TimeoutStopUSec", std::uint64_t{3'000'000}},
                                            {"TimeoutStopUSec", std::uint64_t{7}}}));
}

TEST(Properties, ThatCannotBeAreRefused) {
    EXPECT_TRUE(fails_saying(properties_of({{"org.systemd.property.", "1"}}), "no property"));
    EXPECT_TRUE(fails_saying(properties_of({{"org.systemd.property.a b", "1"}}), "no property"));
    EXPECT_TRUE(fails_saying(properties_of({{"org.systemd.property.A", "x"}}),
                             "annotation 'org.systemd.property.A'"));
    EXPECT_TRUE(fails_saying(properties_of({{"org.systemd.property.ASec", "'x'"}}), "seconds"));
    EXPECT_TRUE(fails_saying(properties_of({{"org.systemd.property.ASec", "-1"}}), "seconds"));
}

TEST(Scope, IsOursToDivideUnlessAskedOtherwise) {
    const auto properties =
        scope_properties({.unit = "a.scope",
                          .slice = "user.slice",
                          .description = "box",
                          .properties = {{"Description", std::string("mine")},
                                         {"OOMPolicy", std::string("continue")}}},
                         42);
    const auto find = [&](std::string_view name) {
        const auto at = std::ranges::find(properties, name, &os::BusProperty::name);
        return at == properties.end() ? os::BusValue(false) : at->value;
    };
    EXPECT_EQ(find("Delegate"), os::BusValue(true));
    EXPECT_EQ(find("PIDs"), os::BusValue(os::BusNumbers{42}));
    EXPECT_EQ(find("Slice"), os::BusValue(std::string("user.slice")));
    EXPECT_EQ(find("Description"), os::BusValue(std::string("mine")));
    EXPECT_EQ(find("OOMPolicy"), os::BusValue(std::string("continue")));
    EXPECT_EQ(properties.size(), 6U);
}

}  // namespace
}  // namespace sbx::sandbox
