#include "runtime/seccomp_agent.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/seccomp.h>
#include <sys/ioctl.h>

#include <gtest/gtest.h>

#include "oci/default_spec.h"
#include "os/process.h"
#include "os/socket.h"
#include "runtime/create.h"
#include "runtime/execute.h"
#include "runtime/remove.h"
#include "runtime/status.h"
#include "sandbox/assumed_host.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

using test::fails_saying;
using test::succeeds;

TEST(ContainerProcessState, IsAsTheSpecificationHasIt) {
    const Json state = Json::object().set("id", "box");
    EXPECT_EQ(container_process_state(state, 42, "m").dump(),
              R"({"ociVersion":"1.3.0","fds":["seccompFd"],"pid":42,"metadata":"m",)"
              R"("state":{"id":"box"}})");
    EXPECT_FALSE(container_process_state(state, 42, "").dump().contains("metadata"));
}

// A bundle whose root file system is the host's, whose program sleeps, and whose filter asks about
// mkdir.
class SeccompAgent : public testing::Test {
protected:
    SeccompAgent() {
        oci::Spec spec = oci::default_rootless_spec({.uid = ::geteuid(), .gid = ::getegid()});
        spec.process.args = {"/bin/sleep", "60"};
        spec.process.terminal = false;
        spec.root_path = "/";
        spec.mounts.clear();
        spec.masked_paths.clear();
        spec.read_only_paths.clear();
        spec.seccomp = oci::Seccomp{
            .default_action = "SCMP_ACT_ALLOW",
            .listener_path = folder_.at("agent"),
            .listener_metadata = "meta",
            .syscalls = {{.names = {"mkdir", "mkdirat"}, .action = "SCMP_ACT_NOTIFY"}}};
        test::make_file(folder_.at("config.json"), spec.to_json().dump());
    }
    ~SeccompAgent() override { (void)remove(states_, "box", Force::yes); }

    Result<Warnings> create() {
        return runtime::create(states_, {.id = "box", .bundle = folder_.path()},
                               sandbox::assumed_host());
    }
    void listen() {
        socket_ = os::Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
        folder_.at("agent").copy(address.sun_path, sizeof address.sun_path - 1);
        ASSERT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        ASSERT_EQ(::listen(socket_.get(), 4), 0);
    }
    // What came with the next connection.
    os::Message next() {
        const os::Fd peer(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        Result<std::optional<os::Message>> message = os::receive_message(peer);
        EXPECT_TRUE(message && *message);
        return message && *message ? std::move(**message) : os::Message();
    }

    test::TempFolder folder_ = {};
    States states_ = *States::open(folder_.at("states"));
    os::Fd socket_ = {};
};

// The call that is held up next gets EXDEV.
void answer_one(os::FdView listener) {
    seccomp_notif call{};
    ASSERT_EQ(::ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_RECV, &call), 0);
    seccomp_notif_resp answer{.id = call.id, .val = 0, .error = -EXDEV, .flags = 0};
    ASSERT_EQ(::ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer), 0);
}

TEST_F(SeccompAgent, GetsTheListenerOfWhatStarts) {
    listen();
    ASSERT_TRUE(succeeds(create()));
    ASSERT_TRUE(succeeds(start(states_, "box")));
    const os::Message message = next();
    ASSERT_EQ(message.fds.size(), 1U);
    const Json json = Json::parse(message.bytes).value();
    const pid_t pid = look_up(states_, "box")->state.pid;
    EXPECT_EQ(json.get<std::uint64_t>("pid").value(), static_cast<std::uint64_t>(pid));
    EXPECT_EQ(json.get<std::string>("metadata").value(), "meta");
    const Json& state = json["state"];
    EXPECT_EQ(state.get<std::string>("status").value(), "created");
    EXPECT_EQ(state.get<std::string>("bundle").value(), folder_.path());
    EXPECT_EQ(look_up(states_, "box")->status, Status::running);
}

TEST_F(SeccompAgent, AnswersForWhatEnters) {
    listen();
    ASSERT_TRUE(succeeds(create()));
    ASSERT_TRUE(succeeds(start(states_, "box")));
    const os::Message of_first = next();
    Result<sandbox::Entered> entered = execute(
        states_,
        {.id = "box", .changes = {.args = {"/bin/sh", "-c", "mkdir /tmp/sbx-never || exit 6"}}});
    ASSERT_TRUE(succeeds(entered));
    const os::Message message = next();
    const Json json = Json::parse(message.bytes).value();
    EXPECT_EQ(json.get<std::uint64_t>("pid").value(),
              static_cast<std::uint64_t>(entered->process.pid()));
    EXPECT_EQ(json["state"].get<std::string>("status").value(), "running");
    ASSERT_EQ(message.fds.size(), 1U);
    answer_one(message.fds.front());
    EXPECT_EQ(entered->process.wait()->code, 6);
}

TEST_F(SeccompAgent, IsMissedByRun) {
    const Creation creation{.id = "box", .bundle = folder_.path()};
    EXPECT_TRUE(fails_saying(
        run(states_, creation, sandbox::assumed_host()),
        fmt::format("seccomp listener: connect to '{}': No such file", folder_.at("agent"))));
    EXPECT_TRUE(states_.ids()->empty());
    listen();
    const Result<Started> started = run(states_, creation, sandbox::assumed_host());
    ASSERT_TRUE(succeeds(started));
    EXPECT_TRUE(next().bytes.contains(fmt::format(R"("pid":{})", started->running.init.pid())));
}

}  // namespace
}  // namespace sbx::runtime
