#include "container/inspect.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include "container/blueprint.h"
#include "container/health.h"
#include "os/process.h"
#include "support/results.h"
#include "support/store.h"

namespace sbx::container {
namespace {

using namespace std::chrono_literals;
using test::succeeds;

constexpr Instant kCreated{1'000'000'000s};

class Inspect : public testing::Test {
protected:
    Inspect() {
        blueprint_.record = {.id = std::string(64, 'a'),
                             .name = "box",
                             .image_id = "sha256:1234",
                             .image_name = "alpine:3",
                             .labels = {{"k", "v"}},
                             .created = kCreated,
                             .remove_after = true,
                             .mount_points = {"/cache", "/src", "/i"}};
        oci::Spec& spec = blueprint_.request.spec;
        spec.hostname = "h";
        spec.process.args = {"sh", "-c", "exit 3"};
        spec.process.env = {"A=1"};
        spec.process.cwd = "/srv";
        spec.process.capabilities = oci::Capabilities::of({"CAP_CHOWN"});
        spec.namespaces = {{.type = "pid"}, {.type = "network"}};
        spec.mounts = {{"/proc", "proc", "proc", {}},
                       {"/cache", "bind", store_.data() + "/volumes/cache/data", {"rbind"}},
                       {"/src", "bind", "/home/u/src", {"rbind", "ro"}},
                       {"/i", "layers", "/l", {"AB"}}};
        blueprint_.request.identity.user = "www";
        blueprint_.interactive = true;
    }

    Json inspected() {
        const store::Containers containers = store::Containers::open(store_).value();
        EXPECT_TRUE(succeeds(containers.create(blueprint_.record, to_json(blueprint_),
                                               os::Durability::until_reboot)));
        Result<Json> json = inspect(store_, blueprint_.record.id);
        EXPECT_TRUE(succeeds(json));
        return *std::move(json);
    }

    test::TestStore store_;
    Blueprint blueprint_;
};

TEST_F(Inspect, SaysWhatItIs) {
    const Json json = inspected();
    EXPECT_EQ(*json["Id"].as_string(), std::string(64, 'a'));
    EXPECT_EQ(*json["Name"].as_string(), "box");
    EXPECT_EQ(*json["Created"].as_string(), "2001-09-09T01:46:40Z");
    EXPECT_EQ(*json["Path"].as_string(), "sh");
    EXPECT_EQ(json["Args"].dump(), R"(["-c","exit 3"])");
    EXPECT_EQ(*json["Image"].as_string(), "sha256:1234");
    EXPECT_EQ(*json["ImageName"].as_string(), "alpine:3");
    EXPECT_EQ(json["EffectiveCaps"].dump(), R"(["CAP_CHOWN"])");
}

TEST_F(Inspect, SaysHowItIsRun) {
    const Json json = inspected();
    EXPECT_EQ(
        json["Config"].dump(),
        R"({"Hostname":"h","User":"www","Tty":false,"OpenStdin":true,"Env":["A=1"],)"
        R"("Entrypoint":null,"Cmd":["sh","-c","exit 3"],"Image":"alpine:3","CreateCommand":null,)"
        R"("WorkingDir":"/srv",)"
        R"("Labels":{"k":"v"},"Annotations":{},"StopSignal":"SIGTERM","StopTimeout":10,)"
        R"("Secrets":[],"ExposedPorts":{}})");
    EXPECT_EQ(*json["HostConfig"]["NetworkMode"].as_string(), "none");
    EXPECT_EQ(json["NetworkSettings"]["Ports"].dump(), "{}");
}

TEST_F(Inspect, ShowsTheMountsThatWereAskedFor) {
    const Json json = inspected();
    ASSERT_EQ(json["Mounts"].items().size(), 3U);
    EXPECT_EQ(json["Mounts"].items()[0].dump(),
              R"({"Type":"volume","Name":"cache","Source":")" + store_.data() +
                  R"(/volumes/cache/data","Destination":"/cache","Options":["rbind"],"RW":true})");
    EXPECT_EQ(json["Mounts"].items()[1].dump(),
              R"({"Type":"bind","Source":"/home/u/src","Destination":"/src",)"
              R"("Options":["rbind","ro"],"RW":false})");
    EXPECT_EQ(*json["Mounts"].items()[2]["Type"].as_string(), "image");
    EXPECT_FALSE(*json["Mounts"].items()[2]["RW"].as_bool());
}

TEST_F(Inspect, OfOneThatWasNeverStarted) {
    const Json state = inspected()["State"];
    EXPECT_EQ(*state["Status"].as_string(), "created");
    EXPECT_FALSE(*state["Running"].as_bool());
    EXPECT_EQ(state["Pid"].as_integer(), 0);
    EXPECT_EQ(*state["StartedAt"].as_string(), "0001-01-01T00:00:00Z");
    EXPECT_EQ(*state["FinishedAt"].as_string(), "0001-01-01T00:00:00Z");
}

TEST_F(Inspect, OfOneThatHasEnded) {
    blueprint_.record.started = kCreated + 1s;
    blueprint_.record.finished = kCreated + 2s;
    blueprint_.record.exit_code = 127;
    blueprint_.record.failure = "run 'x': it is not in the container's PATH";
    const Json state = inspected()["State"];
    EXPECT_EQ(*state["Status"].as_string(), "exited");
    EXPECT_EQ(state["ExitCode"].as_integer(), 127);
    EXPECT_EQ(*state["Error"].as_string(), "run 'x': it is not in the container's PATH");
    EXPECT_EQ(*state["StartedAt"].as_string(), "2001-09-09T01:46:41Z");
    EXPECT_EQ(*state["FinishedAt"].as_string(), "2001-09-09T01:46:42Z");
}

TEST_F(Inspect, OfOneThatRuns) {
    blueprint_.record.finished = kCreated;
    blueprint_.record.exit_code = 1;
    const store::Containers containers = store::Containers::open(store_).value();
    const std::uint64_t start_time = os::start_time_of(::getpid()).value();
    ASSERT_TRUE(succeeds(containers.write_live(
        blueprint_.record.id,
        {.pid = ::getpid(), .start_time = start_time, .started = kCreated + 5s})));
    const Json state = inspected()["State"];
    EXPECT_EQ(*state["Status"].as_string(), "running");
    EXPECT_TRUE(*state["Running"].as_bool());
    EXPECT_EQ(state["Pid"].as_integer(), ::getpid());
    EXPECT_EQ(state["ExitCode"].as_integer(), 0);
    EXPECT_EQ(*state["StartedAt"].as_string(), "2001-09-09T01:46:45Z");
    EXPECT_EQ(*state["FinishedAt"].as_string(), "0001-01-01T00:00:00Z") << "not of this life";
}

TEST_F(Inspect, ShowsHowItIsCheckedAndHowItIs) {
    blueprint_.health = HealthCheck{.config = {.test = {"CMD", "x"}, .interval = 30s, .retries = 3},
                                    .on_failure = HealthCheck::Action::kill};
    const store::Containers containers = store::Containers::open(store_).value();
    const std::uint64_t start_time = os::start_time_of(::getpid()).value();
    ASSERT_TRUE(succeeds(containers.write_live(blueprint_.record.id,
                                               {.pid = ::getpid(), .start_time = start_time})));
    const os::Fd folder = containers.runtime_folder(blueprint_.record.id).value();
    ASSERT_TRUE(succeeds(write_health(folder, {.status = HealthStatus::healthy})));
    const Json json = inspected();
    EXPECT_EQ(json["Config"]["Healthcheck"].dump(),
              R"({"Test":["CMD","x"],"Interval":30000000000,"Retries":3})");
    EXPECT_EQ(*json["Config"]["HealthcheckOnFailureAction"].as_string(), "kill");
    EXPECT_EQ(json["State"]["Health"].dump(), R"({"Status":"healthy","FailingStreak":0,"Log":[]})");
}

TEST_F(Inspect, OfNoneIsAFailure) {
    EXPECT_TRUE(inspect(store_, std::string(64, 'b')).failed_as(Error::Kind::not_found));
}

}  // namespace
}  // namespace sbx::container
