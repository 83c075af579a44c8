#include "os/bus.h"

#include <csignal>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/bus_reader.h"
#include "os/file.h"
#include "os/process.h"
#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::os {
namespace {

using test::fails_saying;
using test::succeeds;

Bus::Deadline soon(std::chrono::milliseconds time = std::chrono::seconds(10)) {
    return std::chrono::steady_clock::now() + time;
}

constexpr const char* kConfiguration =
    "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
    "\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">"
    "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>"
    "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>"
    "<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n";

// A dbus-daemon of the test's own.
class BusDaemon : public testing::Test {
protected:
    void SetUp() override {
        test::make_file(folder_.at("conf"), fmt::format(kConfiguration, folder_.at("bus")));
        Result<Process> daemon = start({.argv = {"/usr/bin/dbus-daemon", "--nofork", "--nosyslog",
                                                 "--config-file=" + folder_.at("conf")}});
        ASSERT_TRUE(succeeds(daemon));
        daemon_.emplace(*std::move(daemon));
        ASSERT_TRUE(test::comes_true([&] { return open().has_value(); }));
    }

    Result<Bus> open(Bus::Deadline deadline = soon()) const {
        return Bus::open({.path = folder_.at("bus")}, ::geteuid(), deadline);
    }

    test::TempFolder folder_;
    std::optional<Process> daemon_;
};

BusHeader to_bus(std::string member) {
    return {.destination = "org.freedesktop.DBus",
            .path = "/org/freedesktop/DBus",
            .interface = "org.freedesktop.DBus",
            .member = std::move(member)};
}

TEST_F(BusDaemon, AnswersACall) {
    Result<Bus> bus = open();
    ASSERT_TRUE(succeeds(bus));
    BusBody body;
    body.add_text("org.freedesktop.DBus");
    const Result<BusMessage> answer = bus->call(to_bus("GetNameOwner"), body);
    ASSERT_TRUE(succeeds(answer));
    EXPECT_EQ(answer->signature, "s");
    EXPECT_EQ(BusReader(answer->body).text().value_or(""), "org.freedesktop.DBus");
}

TEST_F(BusDaemon, TellsWhyACallFails) {
    Result<Bus> bus = open();
    ASSERT_TRUE(succeeds(bus));
    EXPECT_TRUE(fails_saying(bus->call(to_bus("NoSuchMethod"), {}), "NoSuchMethod"));
    BusBody body;
    body.add_text("nobody.is.called.so");
    const Result<BusMessage> answer = bus->call(to_bus("GetNameOwner"), body);
    EXPECT_TRUE(fails_saying(answer, "GetNameOwner: Could not get owner"));
}

TEST_F(BusDaemon, BringsTheSignalsThatWereAskedFor) {
    Result<Bus> bus = open();
    Result<Bus> other = open();
    ASSERT_TRUE(succeeds(bus));
    ASSERT_TRUE(succeeds(other));
    ASSERT_TRUE(succeeds(bus->subscribe("type='signal',member='NameOwnerChanged'")));
    BusBody body;
    body.add_text("a.name").add_number(std::uint32_t{0});
    ASSERT_TRUE(succeeds(other->call(to_bus("RequestName"), body)));
    // The signal may come before this answer, and is kept then.
    ASSERT_TRUE(succeeds(bus->call(to_bus("ListNames"), {})));
    const Result<BusMessage> signal = bus->wait_for_signal([](const BusMessage& m) {
        return m.header.member == "NameOwnerChanged" &&
               BusReader(m.body).text().value_or("") == "a.name";
    });
    ASSERT_TRUE(succeeds(signal));
    EXPECT_EQ(signal->signature, "sss");
}

TEST_F(BusDaemon, TakesNobodyForSomebodyElse) {
    const Result<Bus> bus = Bus::open({.path = folder_.at("bus")}, ::geteuid() + 1, soon());
    EXPECT_TRUE(fails_saying(bus, "does not take user"));
    EXPECT_TRUE(bus.failed_as(Error::Kind::denied));
}

TEST_F(BusDaemon, ThatHasEndedIsNoticed) {
    Result<Bus> bus = open();
    ASSERT_TRUE(succeeds(bus));
    ASSERT_TRUE(succeeds(daemon_->signal(SIGKILL)));
    ASSERT_TRUE(succeeds(daemon_->wait()));
    EXPECT_FALSE(bus->call(to_bus("ListNames"), {}));
}

TEST_F(BusDaemon, ThatDoesNotAnswerIsGivenUp) {
    Result<Bus> bus = open(soon(std::chrono::milliseconds(200)));
    ASSERT_TRUE(succeeds(bus));
    const Result<BusMessage> signal =
        bus->wait_for_signal([](const BusMessage& m) { return m.header.member == "Never"; });
    EXPECT_TRUE(fails_saying(signal, "does not answer in time"));
    EXPECT_TRUE(signal.failed_as(Error::Kind::busy));
}

// One that says what it is told to, to whoever connects, and hangs up.
Process strange_peer(const std::string& path, const std::string& words) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket.get(), 1), 0);
    Result<Process> peer = spawn(0, [&] {
        const Fd client(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
        (void)write_all(client, words);
        (void)::shutdown(client.get(), SHUT_WR);
        char byte = 0;
        while (::read(client.get(), &byte, 1) == 1) {
        }
        ::_exit(0);
    });
    EXPECT_TRUE(succeeds(peer));
    return *std::move(peer);
}

TEST(StrangePeer, IsNotBelieved) {
    const std::string kFine = "OK 0123\r\n";
    for (const std::string& words :
         {std::string(), std::string("REJECTED EXTERNAL\r\n"), std::string(4096, 'x'), kFine,
          kFine + "nonsense, and at least sixteen bytes of it", kFine + "l\x02\x01\x01",
          kFine + std::string("l\x02\x01\x01\xff\xff\xff\xff\x01\0\0\0\0\0\0\0", 16)}) {
        const test::TempFolder folder;
        const Process peer = strange_peer(folder.at("s"), words);
        EXPECT_FALSE(Bus::open({.path = folder.at("s")}, ::geteuid(), soon()));
    }
}

TEST(Bus, ThatIsNotThereIsNamed) {
    EXPECT_TRUE(
        fails_saying(Bus::open({.path = "/no/such/bus"}, 0, soon()), "connect to '/no/such/bus'"));
    EXPECT_TRUE(fails_saying(Bus::open({.path = std::string(200, 'x')}, 0, soon()), "is too long"));
}

TEST(UidOutside, IsOneOfThisMachine) { EXPECT_TRUE(succeeds(uid_outside())); }

}  // namespace
}  // namespace sbx::os
