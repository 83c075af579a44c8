#include "runtime/log_file.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

using Format = LogFile::Format;

const Instant kThen = *parse_rfc3339("2026-11-28T22:36:10.8Z");

TEST(LogFile, HasTheLinesOfRunc) {
    EXPECT_EQ(log_line(Format::json, log::Level::error, "container does not exist", kThen),
              "{\"level\":\"error\",\"msg\":\"container does not exist\","
              "\"time\":\"2026-11-28T22:36:10Z\"}\n");
    EXPECT_EQ(log_line(Format::text, log::Level::warning, "a \"b\"", kThen),
              "time=\"2026-11-28T22:36:10Z\" level=warning msg=\"a \\\"b\\\"\"\n");
}

TEST(LogFile, KeepsALineALine) {
    for (const Format format : {Format::json, Format::text}) {
        const std::string line = log_line(format, log::Level::error, "a\nb\x1b\xff", kThen);
        EXPECT_EQ(line.find('\n'), line.size() - 1);
        EXPECT_EQ(line.find('\x1b'), line.npos);
    }
}

TEST(LogFile, IsAppendedTo) {
    const test::TempFolder folder;
    test::make_file(folder.at("log"), "before\n");
    const std::string path = "file:" + folder.at("log");
    const Result<LogFile> log = LogFile::open(path, Format::text);
    ASSERT_TRUE(test::succeeds(log));
    log->write(log::Level::error, "x", kThen);
    EXPECT_EQ(test::bytes_of(folder.at("log")),
              "before\ntime=\"2026-11-28T22:36:10Z\" level=error msg=\"x\"\n");
}

TEST(LogFile, RefusesOtherPlacesAndFormats) {
    EXPECT_TRUE(test::fails_saying(LogFile::open("journald:x", Format::text), "only files"));
    EXPECT_TRUE(test::fails_saying(LogFile::open("/no/such/file", Format::text),
                                   "--log: open '/no/such/file'"));
    EXPECT_TRUE(test::fails_saying(LogFile::parse_format("xml"), "text or json belongs there"));
    EXPECT_EQ(*LogFile::parse_format("json"), Format::json);
}

}  // namespace
}  // namespace sbx::runtime
