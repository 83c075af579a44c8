#include "sandbox/visit.h"

#include <optional>

#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "sandbox/compile.h"
#include "sandbox/launch.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::TinyRoot;

// What is there at a path, by its first bytes; "none" for nothing.
Errand look_at(const std::string& path) {
    return {.work = [path](const os::Root& root) -> Result<std::string> {
        const Result<os::Fd> file = root.open_relative(path, O_RDONLY);
        if (!file) return std::string("none");
        char bytes[16];
        const ssize_t size = ::read(file->get(), bytes, sizeof bytes);
        return std::string(bytes, size < 0 ? 0 : static_cast<std::size_t>(size));
    }};
}

std::string words(Result<Visit> visit) {
    if (!visit) return visit.error().text();
    const Result<std::string> said = std::move(*visit).finish();
    return said ? *said : said.error().text();
}

class VisitTest : public testing::Test {
protected:
    VisitTest() { test::make_file(root_.at("file"), "inside"); }

    void start() {
        plan_.emplace(
            compile(root_.program({"/bin/busybox", "sleep", "1000"}), test::this_host()).value());
        running_.emplace(Launch::begin(*plan_).value().finish().value());
    }
    Inhabited container() const {
        const pid_t pid = running_->init.pid();
        return {.init = pid, .start_time = os::start_time_of(pid).value()};
    }

    TinyRoot root_;
    std::optional<Plan> plan_;
    std::optional<Running> running_;
};

TEST_F(VisitTest, SeesWhatARunningContainerSees) {
    start();
    EXPECT_EQ(words(visit(container(), Sight::with_mounts, look_at("/file"))), "inside");
    EXPECT_TRUE(words(visit(container(), Sight::with_mounts, look_at("/proc/version")))
                    .starts_with("Linux version"));
    EXPECT_EQ(words(visit(container(), Sight::root_alone, look_at("/file"))), "inside");
    EXPECT_EQ(words(visit(container(), Sight::root_alone, look_at("/proc/version"))), "none");
    EXPECT_EQ(words(visit(container(), Sight::with_mounts, look_at(root_.canary() + "/secret"))),
              "none");
}

TEST_F(VisitTest, IsRootThereAndHasNothingElseOpen) {
    start();
    const os::Fd root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    constexpr int kFar = 500;  // where the visitor opens nothing itself
    const os::Fd host(::fcntl(root.get(), F_DUPFD_CLOEXEC, kFar));
    const int number = host.get();
    const Errand errand{.work = [number](const os::Root&) -> Result<std::string> {
        return fmt::format("{} {}", ::geteuid(), ::fcntl(number, F_GETFD));
    }};
    EXPECT_EQ(words(visit(container(), Sight::with_mounts, errand)), "0 -1");
}

TEST_F(VisitTest, SaysThatTheContainerHasEnded) {
    start();
    const Inhabited gone = container();
    ASSERT_TRUE(running_->init.signal(9));
    ASSERT_TRUE(running_->init.wait());
    const Result<Visit> late = visit(gone, Sight::with_mounts, look_at("/file"));
    EXPECT_TRUE(late.failed_as(Error::Kind::not_found));
}

TEST_F(VisitTest, MakesTheRootOfOneThatDoesNotRun) {
    Plan plan = compile(root_.program({"/none"}), test::this_host()).value();
    plan.mounts.clear();
    plan.devices.clear();
    EXPECT_EQ(words(visit(plan, look_at("/file"))), "inside");
    EXPECT_EQ(words(visit(plan, look_at(root_.canary() + "/secret"))), "none");
}

TEST_F(VisitTest, BringsBackTheErrorOfItsErrand) {
    const Errand fails{.work = [](const os::Root&) -> Result<std::string> {
        return Error(Error::Kind::exists, "it is there").hint("advice");
    }};
    Plan plan = compile(root_.program({"/none"}), test::this_host()).value();
    plan.mounts.clear();
    plan.devices.clear();
    const Result<std::string> said = std::move(*visit(plan, fails)).finish();
    EXPECT_TRUE(fails_saying(said, "it is there"));
    EXPECT_EQ(said.error().hint(), "advice");
    const Errand dies{.work = [](const os::Root&) -> Result<std::string> { ::_exit(3); }};
    EXPECT_TRUE(fails_saying(std::move(*visit(plan, dies)).finish(), "was killed"));
}

TEST_F(VisitTest, WorksBesideAContainerWithItsIds) {
    const Errand errand = look_at("file");
    EXPECT_EQ(words(visit(default_ids(test::this_host()), root_.path(), errand)), "inside");
}

}  // namespace
}  // namespace sbx::sandbox
