#include "container/journal_export.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

std::string entry(const std::string& fields) {
    return "__CURSOR=c1\n__REALTIME_TIMESTAMP=1700000000123456\n" + fields + "\n";
}

std::optional<LogLine> only(const std::string& bytes) {
    JournalExport entries;
    entries.add(bytes);
    const Result<std::optional<LogLine>> line = entries.next();
    EXPECT_TRUE(succeeds(line));
    return line ? *line : std::nullopt;
}

TEST(JournalExport, HasLines) {
    const auto line = only(entry("MESSAGE=hello\nPRIORITY=6\n"));
    ASSERT_TRUE(line);
    EXPECT_EQ(line->text, "hello");
    EXPECT_EQ(line->stream, Stream::output);
    EXPECT_TRUE(line->whole);
    EXPECT_EQ(rfc3339(line->time), "2023-11-14T22:13:20.123456Z");
}

TEST(JournalExport, KnowsErrorsAndParts) {
    const auto line = only(entry("PRIORITY=3\nCONTAINER_PARTIAL_MESSAGE=true\nMESSAGE=x\n"));
    ASSERT_TRUE(line);
    EXPECT_EQ(line->stream, Stream::errors);
    EXPECT_FALSE(line->whole);
}

TEST(JournalExport, HasFieldsOfAnyBytes) {
    using namespace std::string_literals;
    const auto line = only(entry("MESSAGE\n\5\0\0\0\0\0\0\0a\n\0\n\n\n"s));
    ASSERT_TRUE(line);
    EXPECT_EQ(line->text, "a\n\0\n\n"s);
}

TEST(JournalExport, ComesInPieces) {
    using namespace std::string_literals;
    const std::string bytes = entry("MESSAGE\n\3\0\0\0\0\0\0\0a\nb\n"s) + entry("MESSAGE=c\n");
    JournalExport entries;
    std::string seen;
    for (const char byte : bytes) {
        entries.add({&byte, 1});
        const auto line = entries.next();
        ASSERT_TRUE(succeeds(line));
        if (*line) seen += (*line)->text + '|';
    }
    EXPECT_EQ(seen, "a\nb|c|");
    EXPECT_EQ(entries.cursor(), "c1");
}

TEST(JournalExport, BeginsBehindACursor) {
    JournalExport entries("c0");
    entries.add("MESSAGE=no time\n\n__CURSOR=c9\n");
    EXPECT_FALSE(entries.next().value());
    EXPECT_EQ(entries.cursor(), "c0") << "half an entry is none";
}

// Text without an end, which the journal may have from anybody.
TEST(JournalExport, HasABoundOnWhatIsNoField) {
    JournalExport entries;
    const std::string piece(std::size_t{64} * 1024, 'x');
    entries.add("MESSAGE=");
    Result<std::optional<LogLine>> line = entries.next();
    for (int i = 0; line && i < 100; ++i) {
        entries.add(piece);
        line = entries.next();
    }
    EXPECT_TRUE(fails_saying(line, "a field too large"));
}

TEST(JournalExport, PassesOverWhatIsNoLine) {
    EXPECT_FALSE(only(entry("PRIORITY=6\n")));
    EXPECT_FALSE(only("MESSAGE=without a time\n\n"));
    EXPECT_FALSE(only("__REALTIME_TIMESTAMP=99999999999999999999\nMESSAGE=late\n\n"));
    EXPECT_FALSE(only(entry("MESSAGE=half").substr(0, 60)));
}

TEST(JournalExport, ThatIsDamagedIsRefused) {
    JournalExport entries;
    entries.add(std::string_view("MESSAGE\n\1\0\0\0\0\0\0\0xy\n", 19));
    EXPECT_TRUE(fails_saying(entries.next(), "is damaged"));
    JournalExport large;
    large.add(std::string_view("MESSAGE\n\1\0\0\1\0\0\0\0", 16));
    EXPECT_TRUE(fails_saying(large.next(), "a field too large"));
}

}  // namespace
}  // namespace sbx::container
