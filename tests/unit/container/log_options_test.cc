#include "container/log_options.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

TEST(LogOptions, ChooseAFileUnlessToldOtherwise) {
    for (const char* name : {"", "k8s-file", "json-file", "local"}) {
        const Result<LogChoice> choice = parse_log_options(name, {});
        ASSERT_TRUE(succeeds(choice)) << name;
        EXPECT_EQ(choice->driver, "k8s-file");
        EXPECT_TRUE(choice->kept());
        EXPECT_EQ(choice->limits.size, 0U);
        EXPECT_EQ(choice->limits.files, 1);
    }
    for (const char* name : {"none", "passthrough"})
        EXPECT_FALSE(parse_log_options(name, {})->kept()) << name;
}

TEST(LogOptions, LimitTheFile) {
    const auto choice = parse_log_options("", {"max-size=10m", "max-file=3"});
    ASSERT_TRUE(succeeds(choice));
    EXPECT_EQ(choice->limits.size, 10U << 20);
    EXPECT_EQ(choice->limits.files, 3);
    EXPECT_EQ(parse_log_options("", {"max-size=-1"})->limits.size, 0U);
}

TEST(LogOptions, OfTheJournalNameItsEntries) {
    const auto choice = parse_log_options("journald", {"tag=web/{{.Name}}", "labels=a,b"});
    ASSERT_TRUE(succeeds(choice));
    EXPECT_TRUE(choice->kept() && choice->in_journal() && !choice->in_file());
    EXPECT_EQ(choice->tag, "web/{{.Name}}");
    EXPECT_EQ(choice->labels, "a,b");
    EXPECT_TRUE(fails_saying(parse_log_options("journald", {"max-size=1m"}),
                             "--log-opt max-size=1m: of the journal there are tag and labels"));
    EXPECT_TRUE(fails_saying(parse_log_options("journald", {"tag={{.Nmae}}"}), "'.Nmae': there"));
    EXPECT_TRUE(fails_saying(parse_log_options("journald", {"tag={{.Name"}), "never closed"));
}

TEST(LogOptions, ThatCannotBeHadAreNamed) {
    EXPECT_TRUE(fails_saying(parse_log_options("syslog", {}), "--log-driver syslog: there are"));
    EXPECT_TRUE(
        fails_saying(parse_log_options("", {"max-size"}), "--log-opt max-size: NAME=VALUE"));
    EXPECT_TRUE(
        fails_saying(parse_log_options("", {"path=/x"}), "there are max-size and max-file"));
    for (const char* bad : {"max-size=x", "max-size=", "max-file=0", "max-file=1001", "max-file=x"})
        EXPECT_TRUE(fails_saying(parse_log_options("", {bad}), "--log-opt max-")) << bad;
    EXPECT_TRUE(fails_saying(parse_log_options("none", {"max-file=2"}), "nothing is kept"));
}

TEST(LogOptions, AreReadAsTheyWereKept) {
    const LogChoice choice = parse_log_options("k8s-file", {"max-size=1k", "max-file=7"}).value();
    const Result<LogChoice> read = log_choice_from(to_json(choice));
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(read->limits.size, 1024U);
    EXPECT_EQ(read->limits.files, 7);
    const LogChoice journal = parse_log_options("journald", {"tag=x", "labels=y"}).value();
    EXPECT_EQ(log_choice_from(to_json(journal))->tag, "x");
    EXPECT_EQ(log_choice_from(to_json(journal))->labels, "y");
    EXPECT_EQ(log_choice_from(to_json(parse_log_options("none", {}).value()))->driver, "none");
    EXPECT_EQ(log_choice_from(Json())->driver, "k8s-file") << "of a container from before";
    EXPECT_EQ(log_choice_from(Json::object().set("max_files", -5))->limits.files, 1);
}

}  // namespace
}  // namespace sbx::container
