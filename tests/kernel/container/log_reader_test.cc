#include "container/log_reader.h"

#include <gtest/gtest.h>

#include "container/log_file.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::succeeds;

class LogReaderTest : public testing::Test {
protected:
    LogFile writer(LogLimits limits = {}) {
        return LogFile::open(folder_.fd(), "log", limits).value();
    }
    void write(const std::string& bytes) { writer().write(Stream::output, bytes, now()); }
    LogReader reader() { return LogReader::open(folder_.fd(), "log").value(); }

    // The texts that there are now, joined by '|'; a part has '+' behind it.
    static std::string rest(LogReader& reader) {
        std::string all;
        for (;;) {
            const auto line = reader.next();
            EXPECT_TRUE(succeeds(line));
            if (!line || !*line) return all;
            all += (all.empty() ? "" : "|") + (*line)->text + ((*line)->whole ? "" : "+");
        }
    }

    std::string last(std::uint64_t lines) {
        LogReader reader = this->reader();
        EXPECT_TRUE(succeeds(reader.keep_last(lines)));
        return rest(reader);
    }

    test::TempFolder folder_;
};

TEST_F(LogReaderTest, ReadsWhatIsThereAndWhatComes) {
    LogReader early = reader();
    EXPECT_EQ(rest(early), "") << "there is no log yet";
    write("one\ntwo\n");
    EXPECT_EQ(rest(early), "one|two");
    write("three\n");
    EXPECT_EQ(rest(early), "three");
    LogReader late = reader();
    EXPECT_EQ(rest(late), "one|two|three");
}

TEST_F(LogReaderTest, WaitsForTheEndOfALine) {
    test::make_file(folder_.at("log"), "2026-11-29T12:00:00Z stdout F ha");
    LogReader reader = this->reader();
    EXPECT_EQ(rest(reader), "");
    test::make_file(folder_.at("log"), "2026-11-29T12:00:00Z stdout F half\n");
    EXPECT_EQ(rest(reader), "half");
}

TEST_F(LogReaderTest, PassesOverWhatIsNoLine) {
    test::make_file(folder_.at("log"), "x\n\n2026-11-29T12:00:00Z stdout F one\n\xff\n");
    LogReader reader = this->reader();
    EXPECT_EQ(rest(reader), "one");
}

TEST_F(LogReaderTest, ReadsTheOlderFilesFirst) {
    LogFile log = writer({.size = 1, .files = 3});
    for (const char* text : {"1\n", "2\n", "3\n", "4\n"})
        log.write(Stream::output, text, now());
    LogReader reader = this->reader();
    EXPECT_EQ(rest(reader), "2|3|4");
}

TEST_F(LogReaderTest, FollowsAcrossFiles) {
    LogFile log = writer({.size = 1, .files = 3});
    log.write(Stream::output, "1\n", now());
    LogReader reader = this->reader();
    EXPECT_EQ(rest(reader), "1");
    log.write(Stream::output, "2\n", now());
    log.write(Stream::output, "3\n", now());
    EXPECT_EQ(rest(reader), "2|3");
    for (const char* text : {"4\n", "5\n", "6\n", "7\n"})
        log.write(Stream::output, text, now());
    EXPECT_EQ(rest(reader), "5|6|7") << "4 is gone";
}

TEST_F(LogReaderTest, KeepsTheLastLines) {
    write("1\n2\n3\n");
    EXPECT_EQ(last(0), "");
    EXPECT_EQ(last(1), "3");
    EXPECT_EQ(last(2), "2|3");
    EXPECT_EQ(last(3), "1|2|3");
    EXPECT_EQ(last(1000), "1|2|3");
}

TEST_F(LogReaderTest, CountsLinesThatWereWrittenInParts) {
    write("1\n");
    write("2a");
    write("2b\n");
    write("3a");
    EXPECT_EQ(last(1), "3a+");
    EXPECT_EQ(last(2), "2a+|2b|3a+");
    EXPECT_EQ(last(3), "1|2a+|2b|3a+");
}

TEST_F(LogReaderTest, KeepsTheLastLinesOfSeveralFiles) {
    LogFile log = writer({.size = 1, .files = 3});
    for (const char* text : {"1\n2\n", "3\n4\n", "5\n6\n"})
        log.write(Stream::output, text, now());
    EXPECT_EQ(last(1), "6");
    EXPECT_EQ(last(3), "4|5|6");
    EXPECT_EQ(last(5), "2|3|4|5|6");
    EXPECT_EQ(last(9), "1|2|3|4|5|6");
}

TEST_F(LogReaderTest, KeepsTheLastOfLongLines) {
    const std::string text(100'000, 'x');
    write(text + "\n" + text + "\n" + text + "\n");
    EXPECT_EQ(last(2), text + "|" + text);
    LogReader reader = this->reader();
    EXPECT_EQ(rest(reader).size(), 300'002U);
}

TEST_F(LogReaderTest, OfNoLogHasNothing) {
    EXPECT_EQ(last(5), "");
    test::make_file(folder_.at("log"));
    EXPECT_EQ(last(5), "");
}

TEST_F(LogReaderTest, DoesNotFollowALink) {
    test::make_link(folder_.at("log"), "/etc/passwd");
    EXPECT_FALSE(LogReader::open(folder_.fd(), "log"));
}

}  // namespace
}  // namespace sbx::container
