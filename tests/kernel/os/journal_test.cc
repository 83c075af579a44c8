#include "os/journal.h"

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/journal.h"
#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::succeeds;
using Patience = JournalSocket::Patience;

class JournalTest : public testing::Test {
protected:
    JournalSocket socket() const { return JournalSocket::open(journal_.path()).value(); }

    test::TempFolder folder_;
    test::Journal journal_ = test::Journal(folder_.at("socket"));
};

TEST_F(JournalTest, WritesFieldsThatAreLinesAndThoseOfAnyBytes) {
    std::string entry;
    append_journal_field("A", "x=y", entry);
    append_journal_field("B", "", entry);
    append_journal_field("C", std::string_view("1\n\0", 3), entry);
    EXPECT_EQ(entry, std::string_view("A=x=y\nB=\nC\n\3\0\0\0\0\0\0\0001\n\0\n", 23));
}

TEST_F(JournalTest, TakesAnEntry) {
    ASSERT_TRUE(succeeds(socket().send("MESSAGE=hello\n", Patience::a_second)));
    EXPECT_EQ(journal_.next(), "MESSAGE=hello\n");
    EXPECT_EQ(journal_.next(), "<none>");
}

TEST_F(JournalTest, TakesWhatIsTooLargeForADatagramAsAFile) {
    const std::string entry = "MESSAGE=" + std::string(std::size_t{20} << 20, 'x') + '\n';
    ASSERT_TRUE(succeeds(socket().send(entry, Patience::a_second)));
    EXPECT_TRUE(journal_.next() == entry);
}

TEST_F(JournalTest, ThatWasStartedAnewIsFound) {
    const JournalSocket early = socket();
    journal_.stop();
    EXPECT_TRUE(fails_saying(early.send("A=1\n", Patience::a_second), "write to the journal at '"));
    journal_.start();
    ASSERT_TRUE(succeeds(early.send("A=2\n", Patience::a_second)));
    EXPECT_EQ(journal_.next(), "A=2\n");
}

TEST_F(JournalTest, ThatTakesNothingIsNotWaitedForForEver) {
    const JournalSocket socket = this->socket();
    while (socket.send("A=1\n", Patience::none))
        continue;
    EXPECT_TRUE(socket.send("A=1\n", Patience::none)
                    .failed_with(std::errc::resource_unavailable_try_again));
    EXPECT_TRUE(socket.send("A=1\n", Patience::a_second)
                    .failed_with(std::errc::resource_unavailable_try_again));
}

TEST_F(JournalTest, WhosePathNoSocketCanHaveIsRefused) {
    EXPECT_TRUE(fails_saying(JournalSocket::open('/' + std::string(200, 'x')), "is too long"));
}

}  // namespace
}  // namespace sbx::os
