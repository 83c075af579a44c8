#include "sandbox/seccomp_listener.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/process.h"
#include "os/socket.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::succeeds;

os::Fd listen_on(const std::string& path) {
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    os::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket.get(), 1), 0);
    return socket;
}

os::Message next_from(const os::Fd& socket) {
    const os::Fd connection(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
    Result<std::optional<os::Message>> message = os::receive_message(connection);
    EXPECT_TRUE(succeeds(message));
    return message && *message ? std::move(**message) : os::Message();
}

TEST(SendListener, GivesTheStateOfTheProcessAndTheDescriptor) {
    const test::TinyRoot root;
    const os::Fd socket = listen_on(root.beside("s"));
    const os::Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const Observer observer{.path = root.beside("s"),
                            .metadata = "m",
                            .state = Json::object().set("id", "box").set("status", "created")};
    ASSERT_TRUE(succeeds(send_listener(observer, 42, null)));
    const os::Message message = next_from(socket);
    EXPECT_EQ(message.fds.size(), 1U);
    EXPECT_EQ(message.bytes, R"({"ociVersion":"1.3.0","fds":["seccompFd"],"pid":42,"metadata":"m",)"
                             R"("state":{"id":"box","status":"created"}})");
}

TEST(SendListener, NamesTheSocketWhereNobodyListens) {
    const os::Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_TRUE(fails_saying(send_listener({.path = "/no/such"}, 1, null),
                             "connect to '/no/such': No such file or directory"));
    EXPECT_TRUE(fails_saying(send_listener({.path = std::string(200, 'x')}, 1, null),
                             "is longer than a socket's name"));
}

// Answers the first call that is held up with EXDEV, as one who decides about it.
void answer_one(const os::Fd& socket) {
    const os::Message message = next_from(socket);
    if (message.fds.size() != 1) ::_exit(1);
    seccomp_notif call{};
    if (::ioctl(message.fds.front().get(), SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) ::_exit(2);
    seccomp_notif_resp answer{.id = call.id, .val = 0, .error = -EXDEV, .flags = 0};
    ::_exit(::ioctl(message.fds.front().get(), SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0 ? 0 : 3);
}

class HeldUpCalls : public testing::Test {
protected:
    Request request(const std::string& script) const {
        Request request = root_.request(script);
        request.exact = true;
        request.spec.seccomp = oci::Seccomp{
            .default_action = "SCMP_ACT_ALLOW",
            .listener_path = root_.beside("s"),
            .syscalls = {{.names = {"mkdir", "mkdirat"}, .action = "SCMP_ACT_NOTIFY"}}};
        return request;
    }

    // The exit status of the container's program, or the words of what went wrong before.
    static std::string run(const Request& request, const Observer* observer) {
        const Result<Plan> plan = compile(request, test::this_host());
        if (!plan) return plan.error().text();
        Result<Launch> launch = Launch::begin(*plan, {.observer = observer});
        if (!launch) return launch.error().text();
        Result<Running> running = std::move(*launch).finish();
        if (!running) return running.error().text();
        const Result<os::ExitStatus> end = running->init.wait();
        return end ? fmt::format("{}", end->code) : end.error().text();
    }

    test::TinyRoot root_;
};

TEST_F(HeldUpCalls, AreAnsweredByWhoListens) {
    const os::Fd socket = listen_on(root_.beside("s"));
    const Result<os::Process> other = os::spawn(0, [&] { answer_one(socket); });
    ASSERT_TRUE(succeeds(other));
    const Observer observer{.path = root_.beside("s")};
    EXPECT_EQ(run(request("mkdir /made || exit 7"), &observer), "7");
    EXPECT_FALSE(test::exists(root_.at("made")));
}

TEST_F(HeldUpCalls, AreNotMadeWhereNobodyListens) {
    EXPECT_EQ(run(request("touch /ran"), nullptr),
              "seccomp listener: nobody is there to answer the calls that are held up");
    const Observer observer{.path = root_.beside("s")};
    EXPECT_EQ(run(request("touch /ran"), &observer),
              fmt::format("seccomp listener: connect to '{}': No such file or directory",
                          root_.beside("s")));
    EXPECT_FALSE(test::exists(root_.at("ran")));
}

}  // namespace
}  // namespace sbx::sandbox
