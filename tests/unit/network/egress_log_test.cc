#include "network/egress_log.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "os/file.h"
#include "support/files.h"

namespace sbx::network {
namespace {

using std::chrono::milliseconds;

const Address kAddress = Address::known("2001:db8::1");
const Instant kNow = parse_rfc3339("2026-11-28T12:00:00Z").value();

class EgressLogTest : public ::testing::Test {
protected:
    EgressLogTest() {
        test::make_file(folder_.at("log"));
        log_ = EgressLog(os::Fd(::open(folder_.at("log").c_str(), O_WRONLY | O_APPEND)));
    }

    std::vector<Json> lines() const {
        std::vector<Json> lines;
        const std::string text = test::bytes_of(folder_.at("log"));
        for (const std::string_view line : split(text, '\n'))
            if (!line.empty()) lines.push_back(Json::parse(line).value());
        return lines;
    }

    test::TempFolder folder_;
    EgressLog log_ = EgressLog(os::Fd());
};

TEST_F(EgressLogTest, WritesALineForEach) {
    log_.note({.name = "a.example", .address = kAddress, .port = {.number = 443}, .rule = "why"},
              kNow);
    log_.note({.name = "b.example", .rule = "not allowed", .is_question = true}, kNow);
    const std::vector<Json> all = lines();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].dump(),
              R"({"time":"2026-11-28T12:00:00Z","action":"refused","name":"a.example",)"
              R"("address":"2001:db8::1","port":443,"protocol":"tcp","rule":"why"})");
    EXPECT_EQ(all[1].dump(), R"({"time":"2026-11-28T12:00:00Z","action":"refused",)"
                             R"("name":"b.example","rule":"not allowed"})");
}

TEST_F(EgressLogTest, WritesTheSameOnceASecond) {
    const Refused refused{.address = kAddress, .port = {.number = 53, .protocol = Protocol::udp}};
    for (const int after : {0, 10, 999, 1000, 1001})
        log_.note(refused, kNow + milliseconds(after));
    EXPECT_EQ(lines().size(), 2U);
    EXPECT_EQ(log_.summary(), "5 refused: [2001:db8::1]:53/udp (5)");
}

TEST_F(EgressLogTest, WritesAHundredASecond) {
    for (std::uint32_t i = 0; i < 5000; ++i)
        log_.note({.address = Address::of_number(i)}, kNow + milliseconds(i));
    EXPECT_GT(lines().size(), 400U) << "also after the first thousand";
    EXPECT_LT(lines().size(), 700U);
}

TEST_F(EgressLogTest, SumsUp) {
    EXPECT_EQ(log_.summary(), "");
    for (const int number : {1, 2, 3, 4, 5, 6, 7, 3})
        log_.note({.name = "a.example",
                   .address = kAddress,
                   .port = {.number = static_cast<std::uint16_t>(number)}},
                  kNow);
    EXPECT_EQ(log_.summary(),
              "8 refused: a.example:3 (2), a.example:1, a.example:2, a.example:4, "
              "a.example:5 and 2 more");
}

TEST_F(EgressLogTest, CountsWithoutAFile) {
    EgressLog log{os::Fd()};
    for (std::uint32_t i = 0; i < 2000; ++i)
        log.note({.address = Address::of_number(i)}, kNow);
    EXPECT_TRUE(log.summary().starts_with("2000 refused: "));
}

}  // namespace
}  // namespace sbx::network
