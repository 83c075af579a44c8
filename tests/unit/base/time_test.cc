#include "base/time.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;
using std::chrono::nanoseconds;
using test::fails_saying;
using test::succeeds;

struct Written {
    std::string_view text;
    std::string_view canonical;
};

class Instants : public testing::TestWithParam<Written> {};

TEST_P(Instants, AreReadAndWrittenInUtc) {
    const Result<Instant> instant = parse_rfc3339(GetParam().text);
    ASSERT_TRUE(succeeds(instant));
    EXPECT_EQ(rfc3339(*instant), GetParam().canonical);
}

INSTANTIATE_TEST_SUITE_P(
    All, Instants,
    testing::Values(Written{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
                    Written{"2026-11-23T18:23:05.123456789Z", "2026-11-23T18:23:05.123456789Z"},
                    Written{"2026-11-23T18:23:05.120Z", "2026-11-23T18:23:05.12Z"},
                    Written{"2026-11-23t18:23:05z", "2026-11-23T18:23:05Z"},
                    Written{"2026-11-23 18:23:05+02:00", "2026-11-23T16:23:05Z"},
                    Written{"2026-11-23T18:23:05-05:30", "2026-11-23T23:53:05Z"},
                    Written{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
                    Written{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},  // a leap second
                    Written{"2026-01-01T00:00:00.1234567899Z", "2026-01-01T00:00:00.123456789Z"},
                    Written{"1678-01-01T00:01:00+00:01", "1678-01-01T00:00:00Z"},
                    Written{"2261-12-31T23:58:59.999999999-00:01",
                            "2261-12-31T23:59:59.999999999Z"}));

TEST_P(Instants, AreReadAgainAsTheyAreWritten) {
    EXPECT_EQ(*parse_rfc3339(GetParam().canonical), *parse_rfc3339(GetParam().text));
}

class BadInstants : public testing::TestWithParam<std::string_view> {};

TEST_P(BadInstants, AreNoTimes) {
    EXPECT_TRUE(fails_saying(parse_rfc3339(GetParam()), "is not a time such as")) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    All, BadInstants,
    testing::Values("", "0000-00-00", "0000-00-00T00:00:00Z", "0001-01-01T00:00:00Z",
                    "10000-01-01T00:00:00Z", "1677-12-31T00:00:00Z", "2262-01-01T00:00:00Z",
                    "1678-01-01T00:00:00+00:01", "2261-12-31T23:59:60Z", "2026-13-01T00:00:00Z",
                    "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T18:60:00Z",
                    "2026-11-23T18:00:61Z", "2026-11-23T18:00:00", "2026-11-23T18:00:00+2:00",
                    "2026-11-23T18:00:00+24:00", "2026-11-23T18:00:00Zx", "2026-11-23",
                    "2026-11-23T18:00:00.Z", "-026-11-23T18:00:00Z", "2026-11-23T18:00:00Z\0"sv,
                    "2026-1-23T18:00:00Z"));

struct Passed {
    std::chrono::seconds time;
    std::string_view text;
};

class Ages : public testing::TestWithParam<Passed> {};

TEST_P(Ages, RoundsAsPeopleDo) {
    const Instant then = *parse_rfc3339("2026-01-01T00:00:00Z");
    EXPECT_EQ(ago(then, then + GetParam().time), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(All, Ages,
                         testing::Values(Passed{-5s, "Less than a second"},
                                         Passed{0s, "Less than a second"}, Passed{1s, "1 second"},
                                         Passed{59s, "59 seconds"}, Passed{60s, "About a minute"},
                                         Passed{120s, "2 minutes"}, Passed{1h, "About an hour"},
                                         Passed{2h, "2 hours"}, Passed{47h, "47 hours"},
                                         Passed{48h, "2 days"}, Passed{13 * 24h, "13 days"},
                                         Passed{14 * 24h, "2 weeks"}, Passed{60 * 24h, "2 months"},
                                         Passed{730 * 24h, "2 years"}));

TEST(Ago, ReachesFromTheFirstInstantToTheLast) {
    const Instant first = *parse_rfc3339("1678-01-01T00:00:00Z");
    const Instant last = *parse_rfc3339("2261-12-31T00:00:00Z");
    EXPECT_EQ(ago(first, last), "584 years");
    EXPECT_EQ(ago(last, first), "Less than a second");
}

struct Length {
    std::string_view text;
    nanoseconds time;
};

class Durations : public testing::TestWithParam<Length> {};

TEST_P(Durations, AreReadAsGoWritesThem) {
    const Result<nanoseconds> time = parse_duration(GetParam().text);
    ASSERT_TRUE(succeeds(time));
    EXPECT_EQ(*time, GetParam().time);
}

INSTANTIATE_TEST_SUITE_P(All, Durations,
                         testing::Values(Length{"0", 0s}, Length{"1", 1s}, Length{"90", 90s},
                                         Length{"300ms", 300ms}, Length{"1h2m", 62min},
                                         Length{"1.5s", 1500ms}, Length{".5s", 500ms},
                                         Length{"1µs", 1us}, Length{"1us", 1us},
                                         Length{"1h30m10s5ms", 5410005ms}, Length{"7ns", 7ns}));

class BadDurations : public testing::TestWithParam<std::string_view> {};

TEST_P(BadDurations, AreNoLengths) {
    EXPECT_TRUE(fails_saying(parse_duration(GetParam()), "is not a length of time")) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(All, BadDurations,
                         testing::Values("", " ", "1h2", "-5s", "+5s", "1d", "99999999h", ".", "s",
                                         ".s", "1 s", " 1s", "1.5.5s", "1e3s", "0x1s", "1s\0"sv,
                                         "infs", "nans", "1S", "99999999999999999999"));

// As long as it lives, the clocks are those of this zone: tzset(3).
class Zone {
public:
    explicit Zone(const char* zone) { set(zone); }
    ~Zone() { set("UTC0"); }

private:
    static void set(const char* zone) {
        ::setenv("TZ", zone, 1);
        ::tzset();
    }
};

std::string moment(std::string_view text) {
    const Result<Instant> time = parse_moment(text, *parse_rfc3339("2026-11-28T12:00:00Z"));
    return time ? rfc3339(*time) : time.error().text();
}

TEST(Moment, WithoutAZoneIsOfTheLocalOne) {
    const Zone zone("EST5EDT,M3.2.0,M11.1.0");
    EXPECT_EQ(moment("2026-11-28"), "2026-11-28T05:00:00Z");
    EXPECT_EQ(moment("2026-07-01"), "2026-07-01T04:00:00Z");
    EXPECT_EQ(moment("2026-11-28T12:30"), "2026-11-28T17:30:00Z");
    EXPECT_EQ(moment("2026-11-28 12:30:01.5"), "2026-11-28T17:30:01.5Z");
    EXPECT_EQ(moment("1969-12-31T18:59:59"), "1969-12-31T23:59:59Z");
}

TEST(Moment, WithAZoneIsWhatItSays) {
    const Zone zone("EST5EDT,M3.2.0,M11.1.0");
    EXPECT_EQ(moment("2026-11-28T12:30:00Z"), "2026-11-28T12:30:00Z");
    EXPECT_EQ(moment("2026-11-28T12:30:00+01:00"), "2026-11-28T11:30:00Z");
    EXPECT_EQ(moment("86400"), "1970-01-02T00:00:00Z");
    EXPECT_EQ(moment("90m"), "2026-11-28T10:30:00Z");
}

TEST(Moment, IsRefusedWhereItIsNone) {
    for (const char* text : {"", "soon", "2026-13-01", "2026-11-28T25:00", "2026-11-28T12",
                             "2026-11-28T12:00:00x", "2026-11-28x"})
        EXPECT_TRUE(moment(text).ends_with("is neither a time nor an age")) << text;
}

TEST(Now, IsAfterThisWasWritten) { EXPECT_GT(rfc3339(now()), "2025-01-01"); }

}  // namespace
}  // namespace sbx
