#include "sandbox/handshake.h"

#include <csignal>

#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;

// A line of which one end is spoken at as no Line would.
class RawLine : public testing::Test {
protected:
    void send(std::string_view bytes) {
        ASSERT_EQ(::send(ends_.child.socket().get(), bytes.data(), bytes.size(), 0),
                  static_cast<ssize_t>(bytes.size()));
    }

    Ends ends_ = Line::open().value();
};

TEST_F(RawLine, CarriesVerbsInTheirOrder) {
    ASSERT_TRUE(succeeds(ends_.child.say(Verb::serve)));
    ASSERT_TRUE(succeeds(ends_.child.say(Verb::ready)));
    EXPECT_EQ(ends_.parent.hear()->verb, Verb::serve);
    EXPECT_TRUE(succeeds(ends_.parent.expect(Verb::ready)));
}

TEST_F(RawLine, CarriesDescriptors) {
    const test::TempFolder folder;
    ASSERT_TRUE(succeeds(ends_.child.say(Verb::ready, {folder.fd()})));
    const std::vector<os::Fd> fds = ends_.parent.expect(Verb::ready).value();
    ASSERT_EQ(fds.size(), 1U);
    EXPECT_EQ(os::status_of(fds.front())->st_ino, os::status_of(folder.fd())->st_ino);
}

TEST_F(RawLine, RefusesAVerbOutOfOrder) {
    ASSERT_TRUE(succeeds(ends_.child.say(Verb::go)));
    EXPECT_TRUE(fails_saying(ends_.parent.expect(Verb::ready), "expected 'r', got 'g'"));
    send("\x01");
    EXPECT_TRUE(fails_saying(ends_.parent.expect(Verb::ready), "expected 'r', got '"));
}

TEST_F(RawLine, DropsTheDescriptorsOfWhatItRefuses) {
    const test::TempFolder folder;
    const int before = test::open_descriptors();
    ASSERT_TRUE(succeeds(ends_.child.say(Verb::go, {folder.fd(), folder.fd()})));
    EXPECT_FALSE(ends_.parent.expect(Verb::ready));
    EXPECT_EQ(test::open_descriptors(), before);
}

TEST_F(RawLine, CarriesAnErrorAsItWas) {
    ends_.child.report(Error::from_errno(ENOENT, "open '/x'").context("mounting").hint("make it"));
    const Result<std::vector<os::Fd>> heard = ends_.parent.expect(Verb::ready);
    ASSERT_FALSE(heard);
    EXPECT_EQ(heard.error().text(), "mounting: open '/x': No such file or directory");
    EXPECT_EQ(heard.error().hint(), "make it");
    EXPECT_TRUE(heard.error().is(std::errc::no_such_file_or_directory));
}

TEST_F(RawLine, CutsAnErrorThatIsTooLong) {
    ends_.child.report(Error(Error::Kind::failed, "{}", std::string(1 << 20, 'x')));
    const Result<std::vector<os::Fd>> heard = ends_.parent.expect(Verb::ready);
    ASSERT_FALSE(heard);
    EXPECT_TRUE(heard.error().text().starts_with("xxxxxxxx"));
    EXPECT_LE(heard.error().text().size(), os::kLargestMessage);
}

TEST_F(RawLine, TakesNoMessageThatIsTooLong) {
    const int room = 1 << 22;
    ::setsockopt(ends_.child.socket().get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    send(std::string(os::kLargestMessage + 1, 'r'));
    EXPECT_TRUE(fails_saying(ends_.parent.expect(Verb::ready), "a message came that is too large"));
}

TEST_F(RawLine, SurvivesAFailureThatIsGarbage) {
    for (const std::string& bytes :
         {std::string("f"), std::string("f\xff\xff\xff\xff"), std::string("f\0\0\0", 4),
          "f" + std::string(60'000, '\x7f')}) {
        send(bytes);
        EXPECT_FALSE(ends_.parent.expect(Verb::ready));
        send(bytes);
        EXPECT_FALSE(ends_.parent.expect_closed());
    }
}

TEST_F(RawLine, TakesItsEndForTheProgramsStart) {
    ends_.child.close();
    EXPECT_TRUE(succeeds(ends_.parent.expect_closed()));
}

TEST_F(RawLine, TakesNothingElseForTheProgramsStart) {
    ends_.child.report(Error(Error::Kind::no_such_command, "run 'x'"));
    const Result<> closed = ends_.parent.expect_closed();
    ASSERT_TRUE(fails_saying(closed, "run 'x'"));
    EXPECT_EQ(closed.error().kind(), Error::Kind::no_such_command);
    send("r");
    EXPECT_TRUE(fails_saying(ends_.parent.expect_closed(), "expected the end, got 'r'"));
}

TEST_F(RawLine, EndsEarlyWhereTheOtherSideDoes) {
    ends_.child.close();
    EXPECT_TRUE(fails_saying(ends_.parent.expect(Verb::ready), "the other side ended early"));
    EXPECT_FALSE(ends_.parent.say(Verb::go)) << "and no SIGPIPE ends this process";
}

TEST_F(RawLine, EndsEarlyWhereTheOtherSideIsKilled) {
    Result<os::Process> child = os::spawn(0, [&] {
        ends_.parent.close();
        (void)ends_.child.expect(Verb::go);
        ::_exit(0);
    });
    ASSERT_TRUE(succeeds(child));
    ends_.child.close();
    ASSERT_TRUE(succeeds(child->signal(SIGKILL)));
    EXPECT_TRUE(fails_saying(ends_.parent.expect(Verb::ready), "the other side ended early"));
}

TEST_F(RawLine, IsNotInheritedByAProgram) {
    for (const Line* line : {&ends_.parent, &ends_.child})
        EXPECT_EQ(::fcntl(line->socket().get(), F_GETFD), FD_CLOEXEC);
}

}  // namespace
}  // namespace sbx::sandbox
