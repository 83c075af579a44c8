#include "network/published_ports.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include "os/file.h"
#include "os/pipe.h"
#include "sandbox/child_system.h"
#include "support/results.h"
#include "support/sockets.h"
#include "support/waiting.h"

namespace sbx::network {
namespace {

using test::fails_saying;
using test::succeeds;

constexpr std::uint64_t kOwn = CLONE_NEWUSER | CLONE_NEWNET;

// A process in a network of its own, with a server that answers each connection with one word.
class Container {
public:
    explicit Container(const std::string& word)
        : process_(std::move(*os::spawn(kOwn, [&] { run(word); }))) {
        char byte = 0;
        EXPECT_EQ(::read(ready_.read_end.get(), &byte, 1), 1);
    }
    pid_t pid() const { return process_.pid(); }

private:
    void run(const std::string& word) const {
        (void)os::die_with_parent();
        if (!sandbox::raise_loopback()) return;
        const os::Fd server = test::bound_socket(AF_INET, SOCK_STREAM, 80);
        if (::write(ready_.write_end.get(), "r", 1) != 1) return;
        for (;;) {
            const os::Fd client(::accept4(server.get(), nullptr, nullptr, SOCK_CLOEXEC));
            (void)test::say(client, word);
        }
    }

    os::Pipe ready_ = std::move(*os::open_pipe());
    os::Process process_;
};

std::string said_at(std::uint16_t port) {
    const os::Fd client = test::connected_socket(AF_INET, SOCK_STREAM, port);
    return client ? test::hear(client) : "(refused)";
}

std::uint16_t first_of(const PublishedPorts& ports) { return ports.ports().front().host_port; }

TEST(PublishedPorts, LeadIntoTheContainer) {
    const Container one("one");
    const Container other("other");
    PublishedPorts ports;
    ASSERT_TRUE(succeeds(ports.open(*parse_publish("80", "127.0.0.1"))));
    ASSERT_TRUE(succeeds(ports.serve(one.pid(), kOwn)));
    EXPECT_EQ(said_at(first_of(ports)), "one");
    PublishedPorts others;
    ASSERT_TRUE(succeeds(others.open(*parse_publish("80", "127.0.0.1"))));
    ASSERT_TRUE(succeeds(others.serve(other.pid(), kOwn)));
    EXPECT_EQ(said_at(first_of(others)), "other");
}

TEST(PublishedPorts, AreThoseOfTheHostNoMoreAfterIt) {
    const Container container("word");
    PublishedPorts ports;
    ASSERT_TRUE(succeeds(ports.open(*parse_publish("80", "127.0.0.1"))));
    ASSERT_TRUE(succeeds(ports.serve(container.pid(), kOwn)));
    const std::uint16_t port = first_of(ports);
    ports.close();
    EXPECT_EQ(said_at(port), "(refused)");
}

TEST(PublishedPorts, AreTheSameInTheNextLife) {
    PublishedPorts ports;
    std::uint16_t port = 0;
    for (const char* word : {"first", "second"}) {
        const Container container(word);
        ASSERT_TRUE(succeeds(ports.open(*parse_publish("80", "127.0.0.1"))));
        ASSERT_TRUE(succeeds(ports.serve(container.pid(), kOwn)));
        EXPECT_TRUE(port == 0 || port == first_of(ports));
        port = first_of(ports);
        EXPECT_EQ(said_at(port), word);
        ports.close();
    }
    const os::Fd taken = test::bound_socket(AF_INET, SOCK_STREAM, port);
    ASSERT_TRUE(taken);
    ASSERT_TRUE(succeeds(ports.open(*parse_publish("80", "127.0.0.1"))));
    EXPECT_NE(first_of(ports), port);
}

TEST(PublishedPorts, AreWaitedForUntilTheContainerIsThere) {
    PublishedPorts ports;
    ASSERT_TRUE(succeeds(ports.open(*parse_publish("80", "127.0.0.1"))));
    const os::Fd early = test::connected_socket(AF_INET, SOCK_STREAM, first_of(ports));
    const Container container("word");
    ASSERT_TRUE(succeeds(ports.serve(container.pid(), kOwn)));
    EXPECT_EQ(test::hear(early), "word");
}

TEST(PublishedPorts, EndWithWhoeverHasThem) {
    const os::Pipe pipe = std::move(*os::open_pipe());
    os::Process owner = std::move(*os::spawn(0, [&] {
        const Container container("word");
        PublishedPorts ports;
        if (!ports.open(*parse_publish("80", "127.0.0.1"))) return;
        if (!ports.serve(container.pid(), kOwn)) return;
        const std::uint16_t port = first_of(ports);
        (void)!::write(pipe.write_end.get(), &port, sizeof port);
        ::pause();
    }));
    std::uint16_t port = 0;
    ASSERT_EQ(::read(pipe.read_end.get(), &port, sizeof port), ssize_t{sizeof port});
    EXPECT_EQ(said_at(port), "word");
    ASSERT_TRUE(succeeds(owner.signal(SIGKILL)));
    ASSERT_TRUE(succeeds(owner.wait()));
    EXPECT_TRUE(test::comes_true([&] { return said_at(port) == "(refused)"; }));
}

// As much as the sockets on its way take up before anybody reads.
TEST(PublishedPorts, HandOnWhatWasWrittenLast) {
    constexpr std::size_t kSize = 5'000'000;
    const os::Pipe ready = std::move(*os::open_pipe());
    os::Process server = std::move(*os::spawn(kOwn, [&] {
        if (!sandbox::raise_loopback()) return;
        const os::Fd socket = test::bound_socket(AF_INET, SOCK_STREAM, 80);
        (void)!::write(ready.write_end.get(), "r", 1);
        ::_exit(test::say(test::accepted_socket(socket), std::string(kSize, 'x')) ? 0 : 1);
    }));
    char byte = 0;
    ASSERT_EQ(::read(ready.read_end.get(), &byte, 1), 1);
    PublishedPorts ports;
    ASSERT_TRUE(succeeds(ports.open(*parse_publish("80", "127.0.0.1"))));
    ASSERT_TRUE(succeeds(ports.serve(server.pid(), kOwn)));
    const os::Fd client = test::connected_socket(AF_INET, SOCK_STREAM, first_of(ports));
    EXPECT_EQ(server.wait().value().code, 0);
    ports.close();
    EXPECT_EQ(said_at(first_of(ports)), "(refused)");
    std::size_t heard = 0;
    std::string words = test::hear(client);
    for (; !words.starts_with('('); words = test::hear(client))
        heard += words.size();
    EXPECT_EQ(words, "(end)");
    EXPECT_EQ(heard, kSize);
}

TEST(PublishedPorts, SayWhyTheyCannotBeServed) {
    os::Process process = std::move(*os::spawn(0, [] { ::pause(); }));
    PublishedPorts ports;
    ASSERT_TRUE(succeeds(ports.open(*parse_publish("80", "127.0.0.1"))));
    EXPECT_TRUE(fails_saying(ports.serve(process.pid(), kOwn), "publishing ports: enter the"));
}

TEST(PublishedPorts, CostNothingWhereThereAreNone) {
    PublishedPorts ports;
    EXPECT_TRUE(succeeds(ports.open({})));
    EXPECT_TRUE(succeeds(ports.serve(1, kOwn)));
    EXPECT_TRUE(ports.ports().empty());
}

}  // namespace
}  // namespace sbx::network
