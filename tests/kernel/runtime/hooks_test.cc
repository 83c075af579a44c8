#include "runtime/hooks.h"

#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/text.h"
#include "oci/default_spec.h"
#include "runtime/create.h"
#include "runtime/processes.h"
#include "runtime/remove.h"
#include "runtime/status.h"
#include "sandbox/assumed_host.h"
#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::runtime {
namespace {

using test::fails_saying;
using test::succeeds;

// A bundle whose root file system is the host's, whose program sleeps, and whose hooks append what
// they read to a file.
class BundleHooks : public testing::Test {
protected:
    BundleHooks() {
        spec_.process.args = {"/bin/sleep", "60"};
        spec_.process.terminal = false;
        spec_.root_path = "/";
        spec_.root_read_only = false;
        spec_.mounts.clear();
        spec_.masked_paths.clear();
        spec_.read_only_paths.clear();
        spec_.annotations = {{"a", "b"}};
    }
    ~BundleHooks() override { (void)remove(states_, "box", Force::yes); }

    static oci::Hook shell(const std::string& script) {
        return {.path = "/bin/sh", .args = {"sh", "-c", script}, .env = {"PATH=/bin:/usr/bin"}};
    }
    oci::Hook note(const std::string& name) const {
        return shell(fmt::format("(echo '{}'; cat; echo) >> {}", name, folder_.at("log")));
    }
    void note_all() {
        oci::Hooks& hooks = spec_.hooks;
        hooks.prestart = {note("prestart")};
        hooks.create_runtime = {note("createRuntime")};
        hooks.create_container = {note("createContainer")};
        hooks.poststart = {note("poststart")};
        hooks.poststop = {note("poststop")};
    }

    Creation creation() {
        test::make_file(folder_.at("config.json"), spec_.to_json().dump());
        return {.id = "box", .bundle = folder_.path()};
    }
    Result<Warnings> create() {
        return runtime::create(states_, creation(), sandbox::assumed_host());
    }
    State state() const { return look_up(states_, "box")->state; }

    // "NAME STATUS", and whether the pid is `pid`, of each hook that ran since the last time.
    std::string seen(pid_t pid) {
        const std::string log = test::bytes_of(folder_.at("log"));
        const auto lines = split(std::string_view(log).substr(looked_at_), '\n');
        looked_at_ = log.size();
        std::string text;
        for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
            const Json state = Json::parse(lines[i + 1]).value();
            EXPECT_EQ(state.get<std::string>("bundle").value(), folder_.path());
            EXPECT_TRUE(lines[i + 1].contains(R"("annotations":{"a":"b"})")) << lines[i + 1];
            const auto named = static_cast<pid_t>(state.get<std::uint64_t>("pid").value());
            text += fmt::format("{} {}{}\n", lines[i], state.get<std::string>("status").value(),
                                named == pid ? "" : fmt::format(" pid {}", named));
        }
        return text;
    }

    test::TempFolder folder_ = {};
    States states_ = *States::open(folder_.at("states"));
    oci::Spec spec_ = oci::default_rootless_spec({.uid = ::geteuid(), .gid = ::getegid()});
    std::size_t looked_at_ = 0;
};

TEST_F(BundleHooks, RunAtTheirMomentsWithTheStateOfThese) {
    note_all();
    ASSERT_TRUE(succeeds(create()));
    const pid_t pid = state().pid;
    EXPECT_EQ(seen(pid), "prestart creating\ncreateRuntime creating\ncreateContainer creating\n");
    ASSERT_TRUE(succeeds(start(states_, "box")));
    EXPECT_EQ(seen(pid), "poststart running\n");
    ASSERT_TRUE(succeeds(remove(states_, "box", Force::yes)));
    EXPECT_EQ(seen(0), "poststop stopped\n");
}

TEST_F(BundleHooks, RunAllAtOnceForRun) {
    note_all();
    const Result<Started> started = run(states_, creation(), sandbox::assumed_host());
    ASSERT_TRUE(succeeds(started));
    EXPECT_EQ(seen(started->running.init.pid()),
              "prestart creating\ncreateRuntime creating\ncreateContainer creating\n"
              "poststart running\n");
}

TEST_F(BundleHooks, AreThoseOfTheTimeTheContainerWasMade) {
    note_all();
    ASSERT_TRUE(succeeds(create()));
    test::make_file(folder_.at("config.json"), "{}");
    const pid_t pid = state().pid;
    (void)seen(pid);
    ASSERT_TRUE(succeeds(start(states_, "box")));
    EXPECT_EQ(seen(pid), "poststart running\n");
}

TEST_F(BundleHooks, OfStartContainerReadThatItIsCreated) {
    spec_.hooks.start_container = {note("startContainer")};
    ASSERT_TRUE(succeeds(create()));
    EXPECT_EQ(test::bytes_of(folder_.at("log")), "");
    const pid_t pid = state().pid;
    ASSERT_TRUE(succeeds(start(states_, "box")));
    EXPECT_EQ(seen(pid), "startContainer created\n");
}

TEST_F(BundleHooks, LeaveNothingWhereOneOfTheFirstFails) {
    for (auto moment :
         {&oci::Hooks::prestart, &oci::Hooks::create_runtime, &oci::Hooks::create_container}) {
        spec_.hooks = {};
        spec_.hooks.*moment = {shell("cat | grep -o '\"pid\":[0-9]*' | tr -dc 0-9 > " +
                                     folder_.at("pid") + "; exit 4")};
        spec_.hooks.poststop = {note("poststop")};
        EXPECT_TRUE(fails_saying(create(), "hook '/bin/sh': it ended with status 4"));
        EXPECT_TRUE(states_.ids()->empty());
        const std::string pid = test::bytes_of(folder_.at("pid"));
        EXPECT_FALSE(pid.empty() || test::exists("/proc/" + pid)) << pid;
        EXPECT_EQ(seen(0), "poststop stopped\n");
    }
}

TEST_F(BundleHooks, EndAnEndlessOneAndTheContainer) {
    spec_.hooks.create_runtime = {shell("exec sleep 1000")};
    spec_.hooks.create_runtime.front().timeout = 1;
    EXPECT_TRUE(fails_saying(create(), "it did not end within 1 seconds"));
    EXPECT_TRUE(states_.ids()->empty());
}

TEST_F(BundleHooks, OfPoststartEndTheProgramWhereOneFails) {
    spec_.hooks.poststart = {shell("exit 5"), note("never")};
    ASSERT_TRUE(succeeds(create()));
    EXPECT_TRUE(fails_saying(start(states_, "box"), "poststart hook '/bin/sh': it ended with"));
    EXPECT_TRUE(
        test::comes_true([&] { return look_up(states_, "box")->status == Status::stopped; }));
    EXPECT_EQ(seen(0), "");
    EXPECT_TRUE(succeeds(remove(states_, "box", Force::no)));
    EXPECT_FALSE(run(states_, creation(), sandbox::assumed_host()));
    EXPECT_TRUE(states_.ids()->empty());
}

TEST_F(BundleHooks, OfPoststopRunAllWhateverFails) {
    spec_.hooks.poststop = {shell("exit 6"), {.path = "/no/such"}, note("poststop")};
    ASSERT_TRUE(succeeds(create()));
    const Result<Warnings> warnings = remove(states_, "box", Force::yes);
    ASSERT_TRUE(succeeds(warnings));
    ASSERT_EQ(warnings->size(), 2U);
    EXPECT_EQ(warnings->front(), "poststop hook '/bin/sh': it ended with status 6");
    EXPECT_TRUE(warnings->back().starts_with("poststop hook '/no/such': run '/no/such'"));
    EXPECT_EQ(seen(0), "poststop stopped\n");
    EXPECT_TRUE(states_.ids()->empty());
}

TEST_F(BundleHooks, AreNoReasonNotToDelete) {
    ASSERT_TRUE(succeeds(create()));
    const Result<StateFolder> folder = states_.find("box");
    ASSERT_TRUE(succeeds(folder));
    EXPECT_TRUE(spec_made_of(*folder, state())->hooks == oci::Hooks{});
    test::make_file(folder_.at("states/box/config.json"), "{");
    const Result<Warnings> warnings = remove(states_, "box", Force::yes);
    ASSERT_TRUE(succeeds(warnings));
    EXPECT_TRUE(warnings->front().starts_with("the poststop hooks are not known"));
}

}  // namespace
}  // namespace sbx::runtime
