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
    static std::string part(const std::string& text) {
        return "printf 'CONTAINER_PARTIAL_MESSAGE=true\\n'\n" + entry(text);
    }
    // What --reverse shows, the last line first.
    static std::string from_its_end() {
        return "case \"$*\" in *--reverse*)\n" + entry("c") + part("b2") + part("b1") + entry("a") +
               "printf 'an entry without its end'; exec sleep 1000;; *) ";
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
        R"(case "$*" in *--output=export*--lines=all*CONTAINER_ID_FULL=abc\ _UID=$(id -u));; *) exit 1;; esac
)" + entry("one") +
        entry("two"));
    EXPECT_EQ(next(reader), "one");
    EXPECT_EQ(next(reader), "two");
    EXPECT_EQ(next(reader), "<none>");
    EXPECT_EQ(next(reader), "<none>");
}

TEST_F(JournalReaderTest, KeepsTheLastLinesWhole) {
    JournalReader reader = this->reader(from_its_end() + "exit 1;; esac\n");
    reader.keep_last(1);
    EXPECT_EQ(next(reader), "b1");
    EXPECT_EQ(next(reader), "b2");
    EXPECT_EQ(next(reader), "c");
    EXPECT_EQ(next(reader), "<none>");
    EXPECT_EQ(next(reader), "<none>");
}

TEST_F(JournalReaderTest, KeepsNoLineWhereNoneIsAskedFor) {
    JournalReader reader = this->reader(from_its_end() + "exit 1;; esac\n");
    reader.keep_last(0);
    EXPECT_EQ(next(reader), "<none>");
}

TEST_F(JournalReaderTest, KeepsAllWhereThereAreFewer) {
    JournalReader reader = this->reader("case \"$*\" in *--reverse*)\n" + entry("b") + entry("a") +
                                        ";; *) exit 1;; esac\n");
    reader.keep_last(7);
    EXPECT_EQ(next(reader), "a");
    EXPECT_EQ(next(reader), "b");
    EXPECT_EQ(next(reader), "<none>");
}

TEST_F(JournalReaderTest, FollowsFromTheLastLines) {
    JournalReader reader = this->reader(from_its_end() +
                                            "case \"$*\" in *--after-cursor=at-c*);; *) exit 1;; "
                                            "esac\n" +
                                            entry("d") + "exec sleep 1000;; esac\n",
                                        true);
    reader.keep_last(1);
    for (const char* text : {"b1", "b2", "c"})
        EXPECT_EQ(next(reader, Writer::lives), text);
    EXPECT_TRUE(comes_true([&] { return next(reader, Writer::lives) == "d"; }));
}

// The one that followed was in the middle of a line.
TEST_F(JournalReaderTest, LeavesHalfAnEntryToTheOneThatIsReadAnew) {
    JournalReader reader = this->reader("case \"$*\" in *--follow*)\n" + entry("one") +
                                            "printf '__CURSOR=at-two\\nMESSAGE=tw'\n"
                                            "exec sleep 1000;; *--after-cursor=at-one*)\n" +
                                            entry("two") + ";; *) exit 1;; esac\n",
                                        true);
    ASSERT_TRUE(comes_true([&] { return next(reader, Writer::lives) == "one"; }));
    EXPECT_EQ(next(reader), "two");
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
