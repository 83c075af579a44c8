#include "container/log_line.h"

#include <gtest/gtest.h>

namespace sbx::container {
namespace {

using namespace std::string_literals;

const Instant kTime = parse_rfc3339("2026-11-29T21:50:16.649640607Z").value();

std::string lines_of(std::string_view bytes, Stream stream = Stream::output) {
    std::string log;
    append_log_lines(stream, bytes, kTime, log);
    return log;
}

TEST(LogLine, IsOfTheKubernetesCri) {
    EXPECT_EQ(lines_of("hello\n"), "2026-11-29T21:50:16.649640607Z stdout F hello\n");
    EXPECT_EQ(lines_of("no end", Stream::errors),
              "2026-11-29T21:50:16.649640607Z stderr P no end\n");
    EXPECT_EQ(lines_of("a\n\nb"),
              "2026-11-29T21:50:16.649640607Z stdout F a\n"
              "2026-11-29T21:50:16.649640607Z stdout F \n"
              "2026-11-29T21:50:16.649640607Z stdout P b\n");
    EXPECT_EQ(lines_of(""), "");
}

TEST(LogLine, IsReadAsItWasWritten) {
    for (const std::string& text : {""s, "hello"s, "  two  spaces "s, "\x1b[1m\r"s, "\xff\0x"s}) {
        const std::string log = lines_of(text + "\n", Stream::errors);
        const auto line = parse_log_line(std::string_view(log).substr(0, log.size() - 1));
        ASSERT_TRUE(line) << log;
        EXPECT_EQ(line->time, kTime);
        EXPECT_EQ(line->stream, Stream::errors);
        EXPECT_TRUE(line->whole);
        EXPECT_EQ(line->text, text);
    }
}

TEST(LogLine, OfPodmansIsRead) {
    const auto line = parse_log_line("2026-11-29T21:50:16.649640607+00:00 stdout P part");
    ASSERT_TRUE(line);
    EXPECT_EQ(line->time, kTime);
    EXPECT_FALSE(line->whole);
}

TEST(LogLine, ThatIsNoneIsPassedOver) {
    for (const char* line :
         {"", " ", "x", "2026-11-29T21:50:16Z", "2026-11-29T21:50:16Z stdout", "now stdout F x",
          "2026-11-29T21:50:16Z stdin F x", "2026-11-29T21:50:16Z stdout X x", "\xff\xff\xff"})
        EXPECT_FALSE(parse_log_line(line)) << line;
}

}  // namespace
}  // namespace sbx::container
