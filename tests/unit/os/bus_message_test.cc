#include "os/bus_message.h"

#include <gtest/gtest.h>

#include "os/bus_reader.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using test::fails_saying;
using test::succeeds;

// As dbus-daemon sends it to who says Hello, but for shorter names.
constexpr std::string_view kAnswer =
    "l\x02\x01\x01\x09\0\0\0\x01\0\0\0\x2d\0\0\0"  // answer, body of 9, serial 1, fields of 45
    "\x06\x01s\0\x04\0\0\0:1.0\0\0\0\0"            // destination, and padding
    "\x05\x01u\0\x01\0\0\0"                        // answers serial 1
    "\x08\x01g\0\x01s\0\0"                         // signature, and padding
    "\x07\x01s\0\x04\0\0\0org.\0\0\0\0"            // sender
    "\x04\0\0\0:1.0\0"sv;

std::string with(std::size_t at, char byte) {
    std::string bytes(kAnswer);
    bytes.at(at) = byte;
    return bytes;
}

TEST(BusMessage, OfACallIsTheseBytes) {
    BusBody body;
    body.add_text("a").add_number(std::uint32_t{7});
    const BusHeader header{
        .serial = 2, .destination = "d.e", .path = "/", .interface = "i.j", .member = "M"};
    EXPECT_EQ(bus_message(header, body),
              "l\x01\0\x01\x0c\0\0\0\x02\0\0\0\x48\0\0\0"
              "\x01\x01o\0\x01\0\0\0/\0\0\0\0\0\0\0"
              "\x02\x01s\0\x03\0\0\0i.j\0\0\0\0\0"
              "\x03\x01s\0\x01\0\0\0M\0\0\0\0\0\0\0"
              "\x06\x01s\0\x03\0\0\0d.e\0\0\0\0\0"
              "\x08\x01g\0\x02su\0"
              "\x01\0\0\0a\0\0\0\x07\0\0\0"sv);
}

TEST(BusBody, HoldsPropertiesAsDictionaryEntries) {
    BusBody body;
    body.add_properties(std::vector<BusProperty>{{.name = "Delegate", .value = true}});
    EXPECT_EQ(body.signature(), "a(sv)");
    EXPECT_EQ(body.bytes(),
              "\x14\0\0\0\0\0\0\0"
              "\x08\0\0\0Delegate\0\x01"
              "b\0\x01\0\0\0"sv);
}

std::string value_bytes(BusValue value) {
    BusBody body;
    body.add_properties(std::vector<BusProperty>{{.name = "", .value = std::move(value)}});
    return body.bytes().substr(8 + 5);  // after the size, the padding and the empty name
}

TEST(BusBody, HoldsEachKindOfValue) {
    EXPECT_EQ(value_bytes(std::uint64_t{0x0102030405060708}),
              "\x01t\0\x08\x07\x06\x05\x04\x03\x02\x01"sv);
    EXPECT_EQ(value_bytes(std::int32_t{-2}), "\x01i\0\xfe\xff\xff\xff"sv);
    EXPECT_EQ(value_bytes(std::int64_t{-1}), "\x01x\0\xff\xff\xff\xff\xff\xff\xff\xff"sv);
    EXPECT_EQ(value_bytes(std::string("ab")), "\x01s\0\x02\0\0\0ab\0"sv);
    EXPECT_EQ(value_bytes(BusNumbers{258}),
              "\x02"
              "au\0\0\0\0\x04\0\0\0\x02\x01\0\0"sv);
    EXPECT_EQ(value_bytes(std::vector<std::string>{"x"}),
              "\x02"
              "as\0\0\0\0\x06\0\0\0\x01\0\0\0x\0"sv);
}

TEST(BusMessage, IsReadWithItsFields) {
    const Result<BusMessage> message = parse_bus_message(kAnswer);
    ASSERT_TRUE(succeeds(message));
    EXPECT_EQ(message->header.type, BusMessageType::answer);
    EXPECT_EQ(message->header.reply_to, 1U);
    EXPECT_EQ(message->header.destination, ":1.0");
    EXPECT_EQ(message->signature, "s");
    BusReader body(message->body);
    EXPECT_EQ(body.text().value_or(""), ":1.0");
    EXPECT_TRUE(body.at_end());
}

TEST(BusMessage, OfOurOwnIsReadAgain) {
    BusBody body;
    body.add_text("text").add_number(std::uint32_t{3});
    const BusHeader header{.type = BusMessageType::error,
                           .serial = 9,
                           .reply_to = 4,
                           .path = "/p",
                           .error_name = "an.Error"};
    const Result<BusMessage> message = parse_bus_message(bus_message(header, body));
    ASSERT_TRUE(succeeds(message));
    EXPECT_EQ(message->header.error_name, "an.Error");
    EXPECT_EQ(message->header.path, "/p");
    EXPECT_EQ(message->header.reply_to, 4U);
    EXPECT_EQ(message->signature, "su");
    EXPECT_EQ(message->body, body.bytes());
}

// A signal of a bus's, with one more field of its header, of type `type`.
std::string with_field(std::string_view type, std::string_view value) {
    std::string fields = "\x07\x01s\0\x04\0\0\0:1.9\0\0\0\0"s;  // its sender
    fields += '\x2a';
    fields += static_cast<char>(type.size());
    fields += type;
    fields += '\0';
    fields += value;
    std::string message = "l\x04\0\x01\0\0\0\0\x01\0\0\0"s;
    message += std::string{static_cast<char>(fields.size()), 0, 0, 0};
    message += fields;
    message.append((8 - message.size() % 8) % 8, '\0');
    return message;
}

TEST(BusMessage, IsReadPastFieldsThatAreNotKnown) {
    const std::pair<std::string_view, std::string_view> fields[] = {
        {"y", "\x01"sv},
        {"u", "\x05\0\0\0"sv},
        {"s", "\x02\0\0\0ab\0"sv},
        {"g", "\x01u\0"sv},
        {"as", "\0\0\0\x07\0\0\0\x02\0\0\0ab\0"sv},
        {"v", "\x01y\0\x05"sv},
        {"(yy)", "\0\x01\x02"sv}};
    for (const auto& [type, value] : fields) {
        const Result<BusMessage> message = parse_bus_message(with_field(type, value));
        ASSERT_TRUE(succeeds(message)) << type;
        EXPECT_EQ(message->header.sender, ":1.9");
    }
}

TEST(BusMessageSize, OfAPreambleThatCannotBeIsRefused) {
    EXPECT_EQ(bus_message_size(kAnswer.substr(0, 16)).value_or(0), kAnswer.size());
    EXPECT_TRUE(fails_saying(bus_message_size(with(0, 'B').substr(0, 16)), "little-endian"));
    EXPECT_TRUE(fails_saying(bus_message_size(with(1, 0).substr(0, 16)), "type"));
    EXPECT_TRUE(fails_saying(bus_message_size(with(1, 5).substr(0, 16)), "type"));
    EXPECT_TRUE(fails_saying(bus_message_size(with(3, 2).substr(0, 16)), "version"));
    EXPECT_TRUE(fails_saying(bus_message_size(with(8, 0).substr(0, 16)), "serial"));
    EXPECT_TRUE(fails_saying(bus_message_size(with(7, 1).substr(0, 16)), "too large"));
    EXPECT_TRUE(fails_saying(bus_message_size(with(15, '\x7f').substr(0, 16)), "too large"));
    EXPECT_TRUE(fails_saying(bus_message_size("l\x01"), "cut short"));
}

TEST(BusMessage, CutAnywhereIsRefused) {
    for (std::size_t size = 0; size < kAnswer.size(); ++size)
        EXPECT_FALSE(parse_bus_message(kAnswer.substr(0, size))) << size;
    EXPECT_FALSE(parse_bus_message(std::string(kAnswer) + "x"));
}

TEST(BusMessage, WithAnyByteChangedIsReadOrRefused) {
    for (std::size_t at = 0; at < kAnswer.size(); ++at)
        for (const int byte : {0, 1, 4, 0x7f, 0x80, 0xff}) {
            const Result<BusMessage> message = parse_bus_message(with(at, static_cast<char>(byte)));
            if (!message) {
                EXPECT_TRUE(message.error().text().contains("malformed"));
            }
        }
}

TEST(BusMessage, SaysWhatIsWrongWithIt) {
    EXPECT_TRUE(fails_saying(parse_bus_message(with(17, 2)), "malformed"));
    EXPECT_TRUE(fails_saying(parse_bus_message(with(18, 'u')), "wrong type"));
    EXPECT_TRUE(fails_saying(parse_bus_message(with(24, '\xff')), "UTF-8"));
    EXPECT_TRUE(fails_saying(parse_bus_message(with(24, '\0')), "no end"));
    EXPECT_TRUE(fails_saying(parse_bus_message(with(29, 'x')), "padding"));
    EXPECT_TRUE(fails_saying(parse_bus_message(with(12, 0x2c)), "malformed"));
}

}  // namespace
}  // namespace sbx::os
