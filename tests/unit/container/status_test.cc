#include "container/status.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "os/process.h"
#include "support/files.h"
#include "support/results.h"
#include "support/store.h"

namespace sbx::container {
namespace {

using namespace std::chrono_literals;
using test::succeeds;
using Strings = std::vector<std::string>;

constexpr Instant kStarted{1'000'000s};

TEST(Description, IsWordedAsDockerDoes) {
    const auto words = [](const Status& status, std::optional<Instant> finished = {}) {
        return describe(status, {.id = "1", .name = "box", .finished = finished}, kStarted + 3h);
    };
    EXPECT_EQ(words({.state = State::created}), "Created");
    EXPECT_EQ(words({.state = State::running, .live = store::LiveState{.started = kStarted}}),
              "Up 3 hours");
    EXPECT_EQ(words({.state = State::running,
                     .live = store::LiveState{.started = kStarted},
                     .paused = true}),
              "Up 3 hours (Paused)");
    const auto checked = [&](HealthStatus health, bool paused) {
        return words({.state = State::running,
                      .live = store::LiveState{.started = kStarted},
                      .paused = paused,
                      .health = Health{.status = health}});
    };
    EXPECT_EQ(checked(HealthStatus::starting, false), "Up 3 hours (health: starting)");
    EXPECT_EQ(checked(HealthStatus::healthy, false), "Up 3 hours (healthy)");
    EXPECT_EQ(checked(HealthStatus::unhealthy, false), "Up 3 hours (unhealthy)");
    EXPECT_EQ(checked(HealthStatus::unhealthy, true), "Up 3 hours (Paused)");
    EXPECT_EQ(words({.state = State::exited, .exit_code = 2}, kStarted + 1h),
              "Exited (2) 2 hours ago");
    EXPECT_EQ(words({.state = State::exited, .exit_code = 137}), "Exited (137)");
}

// A process that has ended, with the number and start time it had.
store::LiveState ended() {
    os::Process process = os::spawn(0, [] { ::pause(); }).value();
    const std::uint64_t start_time = os::start_time_of(process.pid()).value();
    return {.pid = process.pid(), .start_time = start_time};
}

store::LiveState this_process() {
    return {.pid = ::getpid(), .start_time = os::start_time_of(::getpid()).value()};
}

class StatusOf : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(
            succeeds(containers_.create(record_, Json::object(), os::Durability::until_reboot)));
    }

    // That `program` was started by `monitor`.
    void note(const store::LiveState& program, const store::LiveState& monitor) {
        ASSERT_TRUE(
            succeeds(containers_.write_live(record_.id, {.pid = program.pid,
                                                         .start_time = program.start_time,
                                                         .monitor = monitor.pid,
                                                         .monitor_start_time = monitor.start_time,
                                                         .started = kStarted})));
    }

    void record_end(int code, Instant started) {
        record_.exit_code = code;
        record_.started = started;
        record_.finished = started + 1s;
        ASSERT_TRUE(succeeds(containers_.write(record_, os::Durability::until_reboot)));
    }

    Status status() { return status_of(containers_, record_); }

    test::TestStore store_;
    store::Containers containers_ = store::Containers::open(store_).value();
    store::ContainerRecord record_{.id = std::string(64, 'a'), .name = "box"};
};

TEST_F(StatusOf, ANewContainerIsCreated) { EXPECT_EQ(status().state, State::created); }

TEST_F(StatusOf, AContainerWhoseProcessLivesIsRunning) {
    note(this_process(), this_process());
    EXPECT_EQ(status().state, State::running);
    EXPECT_EQ(status().live->pid, ::getpid());
    record_end(3, kStarted - 1h);
    EXPECT_EQ(status().state, State::running) << "that was an earlier life";
}

TEST_F(StatusOf, HealthIsOfWhatRuns) {
    const os::Fd folder = containers_.runtime_folder(record_.id).value();
    ASSERT_TRUE(succeeds(write_health(folder, {.status = HealthStatus::unhealthy})));
    EXPECT_FALSE(status().health);
    note(this_process(), this_process());
    EXPECT_EQ(status().health->status, HealthStatus::unhealthy);
    record_end(3, kStarted);
    EXPECT_FALSE(status().health);
}

TEST_F(StatusOf, ARecordedEndIsItsEnd) {
    record_end(3, kStarted);
    EXPECT_EQ(status().state, State::exited);
    EXPECT_EQ(status().exit_code, 3);
}

// The program has ended, and its sbx is about to record that.
TEST_F(StatusOf, AnEndThatIsBeingRecordedIsNotThereYet) {
    note(ended(), this_process());
    EXPECT_EQ(status().state, State::running);
    record_end(3, kStarted - 1h);
    EXPECT_EQ(status().state, State::running) << "that was an earlier life";
    record_end(4, kStarted);
    EXPECT_EQ(status().state, State::exited);
    EXPECT_EQ(status().exit_code, 4) << "also before the note of its start is taken away";
}

TEST_F(StatusOf, AnEndThatNobodyRecordedWasAKill) {
    record_end(0, kStarted - 1h);
    note(ended(), ended());
    EXPECT_EQ(status().state, State::exited);
    EXPECT_EQ(status().exit_code, 137);
}

TEST_F(StatusOf, AnEndRecordedSinceTheRecordWasReadCounts) {
    note(ended(), ended());
    const store::ContainerRecord old = record_;
    record_end(5, kStarted);
    EXPECT_EQ(status_of(containers_, old).exit_code, 5);
    ASSERT_TRUE(succeeds(containers_.forget_live(record_.id)));
    EXPECT_EQ(status_of(containers_, old).exit_code, 5);
}

// A number that another process has by now.
TEST_F(StatusOf, AnotherProcessOfTheSameNumberIsNobody) {
    store::LiveState other = this_process();
    ++other.start_time;
    note(other, other);
    EXPECT_EQ(status().state, State::exited);
    EXPECT_EQ(status().exit_code, 137);
}

Strings names(const test::TestStore& store) {
    Strings names;
    const std::vector<Listed> all = list(store, {}).value();
    for (const Listed& listed : all)
        names.push_back(listed.record.name);
    return names;
}

TEST_F(StatusOf, ListedAreTheNewestFirst) {
    const store::ContainerRecord newer{
        .id = std::string(64, 'b'), .name = "newer", .created = kStarted};
    ASSERT_TRUE(succeeds(containers_.create(newer, Json::object(), os::Durability::until_reboot)));
    EXPECT_EQ(names(store_), (Strings{"newer", "box"}));
}

TEST_F(StatusOf, WhatWasToGoWithItsEndGoesWhereItsSbxIsDead) {
    record_.remove_after = true;
    record_end(0, kStarted);
    note(ended(), this_process());
    EXPECT_EQ(names(store_), Strings{"box"}) << "its sbx sees to it";
    note(ended(), ended());
    EXPECT_TRUE(names(store_).empty());
    EXPECT_FALSE(test::exists(store_.data() + "/containers/" + record_.id));
    EXPECT_FALSE(test::exists(store_.runtime() + "/containers/" + record_.id));
    EXPECT_TRUE(containers_.name_is_free("box"));
}

TEST_F(StatusOf, WhatIsBeingMadeStays) {
    record_.remove_after = true;
    ASSERT_TRUE(succeeds(containers_.write(record_, os::Durability::until_reboot)));
    const os::Lock maker = containers_.lock(record_.id).value();
    EXPECT_EQ(names(store_), Strings{"box"});
}

}  // namespace
}  // namespace sbx::container
