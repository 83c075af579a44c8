#include "container/journal_reader.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::comes_true;
using test::fails_saying;
using test::succeeds;
using Writer = JournalReader::Writer;

// What stands in journalctl's place is a script here; the real one reads a real journal in
// tests/vm.
class JournalReaderTest : public testing::Test {
protected:
    JournalReader reader(const std::string& script, bool follows = false) {
        const std::string program = folder_.at("journalctl");
        test::make_file(program, "#!/bin/sh\n" + script, 0755);
        return JournalReader::open({.program = program, .container = "abc", .follows = follows})
            .value();
    }

    static std::string entry(const std::string& text) {
        return "printf '__CURSOR=at-" + text + "\\n__REALTIME_TIMESTAMP=5\\nMESSAGE=" + text +
               "\\n\\n'\n";
    }

    static std::string next(JournalReader& reader, Writer writer = Writer::has_ended) {
        const Result<std::optional<LogLine>> line = reader.next(writer);
        EXPECT_TRUE(succeeds(line));
        return line && *line ? (*line)->text : "<none>";
    }

    test::TempFolder folder_;
};

TEST_F(JournalReaderTest, ReadsAllOfOneContainer) {
    JournalReader reader = this->reader(
        R"(case "$*" in *--output=export*--lines=all*CONTAINER_ID_FULL=abc);; *) exit 1;; esac
)" + entry("one") +
        entry("two"));
    EXPECT_EQ(next(reader), "one");
    EXPECT_EQ(next(reader), "two");
    EXPECT_EQ(next(reader), "<none>");
    EXPECT_EQ(next(reader), "<none>");
}

TEST_F(JournalReaderTest, AsksForTheLastLines) {
    JournalReader reader = this->reader("case \"$*\" in *--lines=7*);; *) exit 1;; esac\n");
    reader.keep_last(7);
    EXPECT_EQ(next(reader), "<none>");
}

TEST_F(JournalReaderTest, FollowsUntilTheWriterHasEndedAndReadsWhatCameLast) {
    JournalReader reader = this->reader("case \"$*\" in *--follow*)\n" + entry("one") +
                                            "exec sleep 1000;; *--after-cursor=at-one*)\n" +
                                            entry("two") + ";; *) exit 1;; esac\n",
                                        true);
    ASSERT_TRUE(comes_true([&] { return next(reader, Writer::lives) == "one"; }));
    EXPECT_EQ(next(reader, Writer::lives), "<none>");
    EXPECT_GE(reader.change().get(), 0);
    EXPECT_EQ(next(reader), "two");
    EXPECT_EQ(next(reader), "<none>");
}

TEST_F(JournalReaderTest, SaysWhyItCouldNot) {
    JournalReader reader = this->reader("echo 'No journal files were opened' >&2; exit 1\n");
    EXPECT_TRUE(fails_saying(reader.next(Writer::has_ended), "journalctl: No journal files were"));
    JournalReader silent = this->reader("exit 3\n");
    EXPECT_TRUE(fails_saying(silent.next(Writer::has_ended), "journalctl has ended with 3"));
    JournalReader early = this->reader("exit 0\n", true);
    Result<std::optional<LogLine>> line = std::optional<LogLine>();
    ASSERT_TRUE(comes_true([&] { return !(line = early.next(Writer::lives)); }));
    EXPECT_TRUE(fails_saying(line, "journalctl has ended with 0"));
}

TEST_F(JournalReaderTest, NeedsItsProgram) {
    EXPECT_TRUE(fails_saying(JournalReader::open({.program = "/no/journalctl", .container = "a"}),
                             "there is no '/no/journalctl' to read that"));
}

}  // namespace
}  // namespace sbx::container
