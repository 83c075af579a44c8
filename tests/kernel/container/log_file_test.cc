#include "container/log_file.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/process.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::bytes_of;
using test::succeeds;

const Instant kTime = parse_rfc3339("2026-11-29T12:00:00Z").value();

std::string line(const std::string& text, const char* stream = "stdout") {
    return fmt::format("2026-11-29T12:00:00Z {} F {}\n", stream, text);
}

class LogFileTest : public testing::Test {
protected:
    LogFile open(LogLimits limits = {}) {
        return LogFile::open(folder_.fd(), "log", limits).value();
    }

    test::TempFolder folder_;
};

TEST_F(LogFileTest, HasWhatWasWritten) {
    LogFile log = open();
    log.write(Stream::output, "one\ntwo\n", kTime);
    log.write(Stream::errors, "three\n", kTime);
    EXPECT_EQ(bytes_of(folder_.at("log")), line("one") + line("two") + line("three", "stderr"));
    EXPECT_EQ(test::mode_of(folder_.at("log")), 0600U);
}

TEST_F(LogFileTest, IsAppendedTo) {
    open().write(Stream::output, "one\n", kTime);
    open().write(Stream::output, "two\n", kTime);
    EXPECT_EQ(bytes_of(folder_.at("log")), line("one") + line("two"));
}

TEST_F(LogFileTest, BeginsAnewWhereItIsFull) {
    LogFile log = open({.size = line("x").size(), .files = 3});
    for (const char* text : {"1\n", "2\n", "3\n", "4\n"})
        log.write(Stream::output, text, kTime);
    EXPECT_EQ(bytes_of(folder_.at("log")), line("4"));
    EXPECT_EQ(bytes_of(folder_.at("log.1")), line("3"));
    EXPECT_EQ(bytes_of(folder_.at("log.2")), line("2"));
    EXPECT_FALSE(test::exists(folder_.at("log.3")));
}

TEST_F(LogFileTest, AloneLosesWhatItHadWhereItIsFull) {
    LogFile log = open({.size = 10});
    log.write(Stream::output, "1\n", kTime);
    log.write(Stream::output, "2\n", kTime);
    EXPECT_EQ(bytes_of(folder_.at("log")), line("2"));
    EXPECT_FALSE(test::exists(folder_.at("log.1")));
}

TEST_F(LogFileTest, IsNotOpenedThroughALink) {
    test::make_file(folder_.at("other"));
    test::make_link(folder_.at("log"), "other");
    EXPECT_TRUE(test::fails_saying(LogFile::open(folder_.fd(), "log", {}), "open the log 'log'"));
}

// A limit on the size of files stands in for a disk that is full.
TEST_F(LogFileTest, SaysWhatItLost) {
    os::Process writer =
        os::spawn(0, [&] {
            ::signal(SIGXFSZ, SIG_IGN);
            LogFile log = open();
            log.write(Stream::output, "kept\n", kTime);
            const auto size = bytes_of(folder_.at("log")).size();
            const rlimit small{.rlim_cur = size + 40, .rlim_max = RLIM_INFINITY};
            ::setrlimit(RLIMIT_FSIZE, &small);
            log.write(Stream::output, "lost, for it is too long\n", kTime);
            log.write(Stream::output, "lost\n", kTime);
            if (bytes_of(folder_.at("log")) != line("kept")) ::_exit(1);
            const rlimit large{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
            ::setrlimit(RLIMIT_FSIZE, &large);
            log.write(Stream::output, "again\n", kTime);
            ::_exit(0);
        }).value();
    EXPECT_EQ(writer.wait()->code, 0) << "no line is torn";
    EXPECT_EQ(bytes_of(folder_.at("log")),
              line("kept") + line("sbx: 30 bytes were not logged: File too large", "stderr") +
                  line("again"));
}

}  // namespace
}  // namespace sbx::container
