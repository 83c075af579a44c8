#include "base/criteria.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx {
namespace {

using test::fails_saying;

TEST(Criteria, WantOneConditionOfAKeyAndSomethingOfEach) {
    Criteria<int> criteria;
    EXPECT_TRUE(criteria.admit(1)) << "nothing is asked for";
    criteria.add("size", [](int n) { return n < 10; });
    criteria.add("size", [](int n) { return n > 100; });
    criteria.add("kind", [](int n) { return n % 2 == 0; });
    EXPECT_TRUE(criteria.admit(4));
    EXPECT_TRUE(criteria.admit(102));
    EXPECT_FALSE(criteria.admit(50));
    EXPECT_FALSE(criteria.admit(5));
    EXPECT_TRUE(criteria.ask_for("size"));
    EXPECT_FALSE(criteria.ask_for("colour"));
}

TEST(Criteria, WantAllLabels) {
    Criteria<int> criteria;
    criteria.add("label", [](int n) { return n % 2 == 0; });
    criteria.add("label", [](int n) { return n % 3 == 0; });
    EXPECT_TRUE(criteria.admit(6));
    EXPECT_FALSE(criteria.admit(4));
    criteria.add("label!", [](int n) { return n > 10; });
    criteria.add("label!", [](int n) { return n < 20; });
    EXPECT_FALSE(criteria.admit(6));
    EXPECT_TRUE(criteria.admit(12));
}

TEST(ParseFilter, TakesBothSides) {
    EXPECT_EQ(parse_filter_pair("label!=a=b")->before, "label!");
    EXPECT_EQ(parse_filter_pair("label!=a=b")->after, "a=b");
    for (const char* text : {"", "name", "name=", "=x"}) {
        const Result<Halves> parsed = parse_filter_pair(text);
        EXPECT_TRUE(fails_saying(parsed, "KEY=VALUE belongs there")) << text;
        EXPECT_TRUE(parsed.failed_as(Error::Kind::usage)) << text;
    }
    EXPECT_EQ(unknown_filter("a", "b").text(), "--filter a=b: unknown key");
}

TEST(ParseFilter, TakesTruthAndTimes) {
    EXPECT_TRUE(*parse_filter_truth("k", "true") && *parse_filter_truth("k", "1"));
    EXPECT_FALSE(*parse_filter_truth("k", "false") || *parse_filter_truth("k", "0"));
    EXPECT_TRUE(fails_saying(parse_filter_truth("k", "yes"), "--filter k=yes: true or false"));
    const Instant now = *parse_rfc3339("2024-01-02T00:00:00Z");
    EXPECT_EQ(*parse_filter_time("until", "24h", now), *parse_rfc3339("2024-01-01T00:00:00Z"));
    EXPECT_TRUE(fails_saying(parse_filter_time("until", "soon", now), "--filter until=soon"));
}

TEST(HasLabel, LooksAtTheValueWhereOneIsAskedFor) {
    const std::map<std::string, std::string> labels = {{"a", "1"}, {"b", ""}};
    EXPECT_TRUE(has_label(labels, "a"));
    EXPECT_TRUE(has_label(labels, "a=1"));
    EXPECT_FALSE(has_label(labels, "a=2"));
    EXPECT_FALSE(has_label(labels, "a="));
    EXPECT_TRUE(has_label(labels, "b="));
    EXPECT_FALSE(has_label(labels, "c"));
}

}  // namespace
}  // namespace sbx
