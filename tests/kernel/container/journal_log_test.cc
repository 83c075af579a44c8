#include "container/journal_log.h"

#include <gtest/gtest.h>

#include "os/process.h"
#include "support/files.h"
#include "support/journal.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::bytes_of;
using test::comes_true;
using test::field_of;

class JournalLogTest : public testing::Test {
protected:
    JournalLog log() const {
        return JournalLog::open({.socket = journal_.path(), .fields = "CONTAINER_NAME=box\n"})
            .value();
    }
    std::string next_text() const { return field_of(journal_.next(), "MESSAGE"); }

    test::TempFolder folder_;
    test::Journal journal_ = test::Journal(folder_.at("socket"));
};

TEST_F(JournalLogTest, HasAnEntryForALine) {
    JournalLog log = this->log();
    log.write(Stream::output, "one\ntwo\n");
    log.write(Stream::errors, "three\n");
    EXPECT_EQ(journal_.next(), "CONTAINER_NAME=box\nPRIORITY=6\nMESSAGE=one\n");
    EXPECT_EQ(next_text(), "two");
    EXPECT_EQ(journal_.next(), "CONTAINER_NAME=box\nPRIORITY=3\nMESSAGE=three\n");
    EXPECT_EQ(next_text(), "<none>");
}

TEST_F(JournalLogTest, WaitsForTheEndOfALine) {
    JournalLog log = this->log();
    log.write(Stream::output, "he");
    log.write(Stream::errors, "bad\n");
    log.write(Stream::output, "llo\npart");
    EXPECT_EQ(next_text(), "bad");
    EXPECT_EQ(next_text(), "hello");
    EXPECT_EQ(next_text(), "<none>");
    log.finish();
    const std::string last = journal_.next();
    EXPECT_EQ(field_of(last, "MESSAGE"), "part");
    EXPECT_EQ(field_of(last, "CONTAINER_PARTIAL_MESSAGE"), "true");
}

TEST_F(JournalLogTest, CutsALineThatIsTooLong) {
    JournalLog log = this->log();
    log.write(Stream::output, std::string(50'000, 'x') + "\nnext\n");
    const std::string first = journal_.next();
    EXPECT_EQ(field_of(first, "MESSAGE").size(), std::size_t{48} * 1024);
    EXPECT_EQ(field_of(first, "CONTAINER_PARTIAL_MESSAGE"), "true");
    const std::string rest = journal_.next();
    EXPECT_EQ(field_of(rest, "MESSAGE").size(), 50'000 - std::size_t{48} * 1024);
    EXPECT_EQ(field_of(rest, "CONTAINER_PARTIAL_MESSAGE"), "<none>");
    EXPECT_EQ(next_text(), "next");
}

TEST_F(JournalLogTest, SaysOnceWhatTheJournalDidNotTake) {
    JournalLog log = this->log();
    journal_.stop();
    log.write(Stream::output, "a\nb\n");
    log.write(Stream::errors, "c\n");
    journal_.start();
    log.write(Stream::output, "d\ne\n");
    EXPECT_TRUE(next_text().starts_with("sbx: 3 lines were not logged: write to the journal at '"));
    EXPECT_EQ(next_text(), "d");
    EXPECT_EQ(next_text(), "e");
    EXPECT_EQ(next_text(), "<none>");
}

TEST_F(JournalLogTest, DoesNotStopForAJournalThatTakesNothing) {
    JournalLog log = this->log();
    constexpr int kLines = 20'000;  // more than a socket holds; a second for each were hours
    for (int i = 0; i < kLines; ++i)
        log.write(Stream::output, fmt::format("{}\n", i));
    int taken = 0;
    while (next_text() != "<none>")
        ++taken;
    EXPECT_LT(taken, kLines);
    log.finish();
    EXPECT_TRUE(next_text().starts_with(fmt::format("sbx: {} lines were not", kLines - taken)));
}

// The last word about what is lost has nobody to follow it.
TEST_F(JournalLogTest, WaitsAtTheEndToTellWhatIsLost) {
    JournalLog log = this->log();
    for (int i = 0; i < 20'000; ++i)  // more than a socket holds
        log.write(Stream::output, "line\n");
    const std::string writer = fmt::format("/proc/{}/stat", ::getpid());
    Result<os::Process> journal = os::spawn(0, [&] {
        const bool waits = comes_true([&] { return bytes_of(writer).contains(") S "); });
        const auto is_told = [&] { return next_text().starts_with("sbx: "); };
        ::_exit(waits && comes_true(is_told) ? 0 : 1);
    });
    ASSERT_TRUE(test::succeeds(journal));
    log.finish();
    EXPECT_EQ(journal->wait().value().code, 0);
}

TEST_F(JournalLogTest, ThatIsNotThereStopsNothing) {
    JournalLog log = JournalLog::open({.socket = folder_.at("none"), .fields = ""}).value();
    log.write(Stream::output, "lost\n");
    log.finish();
    EXPECT_EQ(next_text(), "<none>");
}

}  // namespace
}  // namespace sbx::container
