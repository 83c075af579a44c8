#include "container/foreground.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/container_test.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::container {
namespace {

class ForegroundTest : public test::ContainerTest {};

TEST_F(ForegroundTest, LeavesNothingBetweenTheProgramAndItsOutput) {
    test::Output output;
    os::Process sbx = run(options("echo out; echo err >&2"), output);
    EXPECT_EQ(output.all(), "out\nerr\n");
    EXPECT_EQ(sbx.wait()->code, 0);
}

TEST_F(ForegroundTest, HandsOnInputWhereAskedTo) {
    test::Output output;
    Options options = this->options("cat");
    options.interactive = true;
    test::make_file(root_.path() + "/input", "typed");
    os::Process sbx =
        os::spawn(0, [&] {
            const os::Fd input(::open((root_.path() + "/input").c_str(), O_RDONLY | O_CLOEXEC));
            (void)os::place_at(input, 0);
            (void)os::place_at(output.write_end(), 1);
            Life life = this->life(options);
            const sandbox::Plan plan = life.plan().value();
            const Result<int> code =
                run_in_foreground(life, plan, {}, [&] { return life.create(); });
            ::_exit(code.value_or(99));
        }).value();
    output.close_write_end();
    EXPECT_EQ(sbx.wait()->code, 0);
    EXPECT_EQ(output.all(), "typed");
}

TEST_F(ForegroundTest, ReportsAFailureOnceAndRecordsIt) {
    test::Output output;
    Options options = this->options("");
    options.command = {"/none"};
    os::Process sbx = run(options, output);
    EXPECT_EQ(output.all(), "run '/none': No such file or directory");
    EXPECT_EQ(sbx.wait()->code, 127);
    EXPECT_EQ(record()->failure, "run '/none': No such file or directory");
}

TEST_F(ForegroundTest, ReportsAFailureUnderATerminalToo) {
    test::Screen screen;
    Options options = this->options("");
    options.command = {"/none"};
    options.remove = true;
    os::Process sbx = run(options, screen);
    EXPECT_TRUE(screen.shows("run '/none': No such file or directory"));
    EXPECT_EQ(sbx.wait()->code, 127);
    EXPECT_FALSE(screen.is_raw());
    EXPECT_EQ(left_over(), "");
}

}  // namespace
}  // namespace sbx::container
