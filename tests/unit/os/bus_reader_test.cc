#include "os/bus_reader.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::os {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using test::fails_saying;
using test::succeeds;

TEST(BusReader, PassesOverAValueOfAnyType) {
    const std::pair<std::string_view, std::string_view> values[] = {
        {"q", "\x01\x02"sv},
        {"t", "\1\2\3\4\5\6\7\x08"sv},
        {"a{sv}", "\x10\0\0\0\0\0\0\0\x01\0\0\0k\0\x01u\0\0\0\0\x05\0\0\0"sv},
        {"aay", "\x05\0\0\0\x01\0\0\0x"sv},
        {"a(yy)", "\0\0\0\0\0\0\0\0"sv},
        {"v", "\x01v\0\x01v\0\x01y\0\x07"sv}};
    for (const auto& [type, bytes] : values) {
        BusReader reader(bytes);
        EXPECT_TRUE(succeeds(reader.skip(type))) << type;
        EXPECT_TRUE(reader.at_end()) << type;
    }
}

TEST(BusReader, PassesOverNoValueOfATypeThatIsNone) {
    for (const std::string_view type :
         {"", "uu", "a", "(", ")", "()", "(u", "z", "a{", "{}", "az"}) {
        BusReader reader("\0\0\0\0\0\0\0\0\0\0\0\0"sv);
        EXPECT_TRUE(fails_saying(reader.skip(type), "signature")) << type;
    }
    std::string nested;
    for (int i = 0; i < 200; ++i)
        nested += "\x01v\0"s;
    BusReader deep(nested);
    EXPECT_TRUE(fails_saying(deep.skip("v"), "too deeply"));
    BusReader cut("\xff\0\0\0x"sv);
    EXPECT_TRUE(fails_saying(cut.skip("ay"), "cut short"));
    BusReader longer("\x01\0\0\0\0\0\0\0"sv);
    EXPECT_TRUE(fails_saying(longer.skip("au"), "longer than it says"));
}

TEST(BusReader, DoesNotReadBehindTheEnd) {
    BusReader reader("\xff\xff\xff\xffx"sv);
    EXPECT_TRUE(fails_saying(reader.text(), "cut short"));
    BusReader empty("");
    EXPECT_TRUE(fails_saying(empty.byte(), "cut short"));
    EXPECT_TRUE(fails_saying(empty.number(), "cut short"));
    EXPECT_TRUE(fails_saying(empty.signature(), "cut short"));
}

}  // namespace
}  // namespace sbx::os
