#include "container/streams.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::succeeds;

// What `child` exits with; it may do with descriptors 0 to 2 as it likes.
int code_of(const std::function<int()>& child) {
    return os::spawn(0, [&] { ::_exit(child()); }).value().wait()->code;
}

// The program's part: it writes what it reads, and complains.
void be_program() {
    char buffer[64];
    const ssize_t n = ::read(0, buffer, sizeof buffer);
    (void)os::write_all(os::FdView::number(1), {buffer, static_cast<std::size_t>(n < 0 ? 0 : n)});
    (void)os::write_all(os::FdView::number(2), "complaint");
}

std::string drain(const os::Fd& fd) { return os::read_to_end(fd, 1024).value_or("<failed>"); }

TEST(Streams, AreTheProgramsOwnDescriptors) {
    EXPECT_EQ(code_of([] {
                  const Result<Streams> streams = Streams::of_pipes(HasInput::yes);
                  if (!streams || !os::write_all(streams->input, "typed")) return 1;
                  be_program();
                  if (!forget_program_ends()) return 2;
                  if (drain(streams->output) != "typed") return 3;
                  return drain(streams->errors) == "complaint" ? 0 : 4;
              }),
              0);
}

TEST(Streams, WithoutInputAreAtTheirEnd) {
    EXPECT_EQ(code_of([] {
                  const Result<Streams> streams = Streams::of_pipes(HasInput::no);
                  if (!streams || streams->input) return 1;
                  be_program();
                  if (!forget_program_ends()) return 2;
                  return drain(streams->output).empty() ? 0 : 3;
              }),
              0);
}

TEST(Streams, OfTheCallerAreItsOwnButForInputThatIsNotWanted) {
    EXPECT_EQ(code_of([] {
                  const Result<Streams> written = Streams::of_pipes(HasInput::yes);
                  if (!written || !os::write_all(written->input, "typed")) return 1;
                  const Result<Streams> own = Streams::of_caller(HasInput::no);
                  if (!own || own->input || own->output || own->errors) return 2;
                  be_program();
                  if (!forget_program_ends()) return 3;
                  if (!drain(written->output).empty()) return 4;
                  return drain(written->errors) == "complaint" ? 0 : 5;
              }),
              0);
}

TEST(Streams, AreForgottenWithTheirProgram) {
    EXPECT_EQ(code_of([] {
                  const Result<Streams> streams = Streams::of_pipes(HasInput::yes);
                  if (!streams || !forget_program_ends()) return 1;
                  char byte = 0;
                  if (::read(0, &byte, 1) != 0) return 2;
                  ::signal(SIGPIPE, SIG_IGN);
                  const Result<> written = os::write_all(streams->input, "x");
                  return written.failed_with(std::errc::broken_pipe) ? 0 : 3;
              }),
              0);
}

}  // namespace
}  // namespace sbx::container
