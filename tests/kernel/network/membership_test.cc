#include "network/membership.h"

#include <fcntl.h>
#include <signal.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/pipe.h"
#include "os/process.h"
#include "support/lan.h"
#include "support/waiting.h"

namespace sbx::network {
namespace {

using test::Comer;
using test::fails_saying;
using test::Frame;
using test::join;
using test::next_frame;
using test::put_frame;
using test::sent;
using test::succeeds;

class MembershipTest : public testing::Test {
protected:
    Comer come(char digit) { return join(folder_, network_, digit); }

    // Whether the process of a network ends.
    static bool ends(pid_t pid) {
        return test::comes_true([&] {
            const Result<std::uint64_t> start = os::start_time_of(pid);
            return !start || !os::is_alive(pid, *start);
        });
    }

    test::TempFolder folder_;
    SharedNetwork network_ = test::internal_network();
};

TEST_F(MembershipTest, HasFramesHandedToTheOthers) {
    const Comer one = come('b');
    const Comer two = come('c');
    EXPECT_EQ(one.membership.server(), two.membership.server());
    EXPECT_TRUE(one.membership.has_started_it());
    EXPECT_FALSE(two.membership.has_started_it());
    const std::string frame =
        sent({.from = one.place().v4.text(), .to = two.place().v4.text()}, one.place());
    put_frame(one.inside, frame);
    EXPECT_EQ(next_frame(two.inside), two.place().hardware + frame.substr(6));
}

TEST_F(MembershipTest, HandsOnNothingInAnothersName) {
    const Comer one = come('b');
    const Comer two = come('c');
    const Comer three = come('d');
    const std::string honest =
        sent({.from = one.place().v4.text(), .to = two.place().v4.text()}, one.place());
    put_frame(one.inside,
              sent({.from = three.place().v4.text(), .to = two.place().v4.text()}, one.place()));
    put_frame(one.inside,
              sent({.from = one.place().v4.text(), .to = two.place().v4.text()}, three.place()));
    put_frame(one.inside,
              test::arp_request(one.place(), network_.layout.v4.gateway, two.place().v4, 2));
    put_frame(one.inside, honest);
    EXPECT_EQ(next_frame(two.inside), two.place().hardware + honest.substr(6))
        << "the first that comes is the last that was sent";
    EXPECT_EQ(next_frame(three.inside, 0), "(none)");
}

TEST_F(MembershipTest, IsAnsweredAboutNeighbours) {
    const Comer one = come('b');
    const Comer two = come('c');
    put_frame(one.inside, test::arp_request(one.place(), one.place().v4, two.place().v4));
    EXPECT_EQ(next_frame(one.inside).substr(22, 6), two.place().hardware);
    EXPECT_EQ(next_frame(two.inside, 0), "(none)") << "it is not asked itself";
}

TEST_F(MembershipTest, EndsWithItsValueAndTheLastOneEndsTheProcess) {
    auto one = std::make_unique<Comer>(come('b'));
    const pid_t server = one->membership.server();
    {
        const Comer two = come('c');
        EXPECT_EQ(two.place().v4.text(), "10.89.0.3");
    }
    EXPECT_TRUE(test::comes_true([&] { return come('d').place().v4.text() == "10.89.0.3"; }));
    EXPECT_EQ(one->membership.server(), server);
    one.reset();
    EXPECT_TRUE(ends(server));
    EXPECT_TRUE(come('e').membership.has_started_it());
}

TEST_F(MembershipTest, OfWhoeverIsKilledEnds) {
    const Comer one = come('b');
    os::Pipe ready = std::move(*os::open_pipe());
    os::Process holder = std::move(*os::spawn(0, [&] {
        const Comer two = come('c');
        (void)!::write(ready.write_end.get(), "x", 1);
        ::pause();
    }));
    char byte = 0;
    ASSERT_EQ(::read(ready.read_end.get(), &byte, 1), 1);
    ASSERT_TRUE(succeeds(holder.signal(SIGKILL)));
    (void)holder.wait();
    Application who = test::applicant("again", 'd');
    who.v4 = test::address("10.89.0.3");
    EXPECT_TRUE(test::comes_true(
        [&] { return Membership::join(folder_.fd(), network_, who).has_value(); }));
}

TEST_F(MembershipTest, OfAProcessThatWasKilledGivesWayToAnotherOne) {
    const Comer one = come('b');
    ASSERT_EQ(::kill(one.membership.server(), SIGKILL), 0);
    ASSERT_TRUE(ends(one.membership.server()));
    EXPECT_EQ(next_frame(one.inside), "") << "its device is gone";
    const Comer two = come('c');
    EXPECT_TRUE(two.membership.has_started_it());
    EXPECT_EQ(two.place().v4.text(), "10.89.0.2");
}

TEST_F(MembershipTest, MayLastAsLongAsAProcess) {
    const Comer one = come('b');
    os::Process container = std::move(*os::spawn(0, [] { ::pause(); }));
    test::DeviceEnds ends = test::device();
    {
        Result<Membership> hot =
            Membership::join(folder_.fd(), network_, test::applicant("hot", 'c'));
        ASSERT_TRUE(succeeds(hot));
        ASSERT_TRUE(succeeds(hot->serve(ends.outside, container.pidfd())));
    }
    ends.outside.reset();
    put_frame(one.inside, sent({.from = "10.89.0.2", .to = "10.89.0.3"}, one.place()));
    EXPECT_NE(next_frame(ends.inside), "(none)");
    ASSERT_TRUE(succeeds(container.signal(SIGKILL)));
    EXPECT_EQ(next_frame(ends.inside), "");
    (void)container.wait();
}

TEST_F(MembershipTest, IsTakenFromAContainer) {
    const Comer one = come('b');
    Comer two = come('c');
    ASSERT_TRUE(succeeds(leave(folder_.fd(), std::string(64, 'c'))));
    EXPECT_TRUE(succeeds(leave(folder_.fd(), std::string(64, 'c'))));
    EXPECT_EQ(come('d').place().v4.text(), "10.89.0.3");
}

TEST_F(MembershipTest, IsOneForEachContainer) {
    const Comer other = come('b');
    const Comer before = come('c');
    const Comer again = come('c');
    EXPECT_EQ(again.place().v4, before.place().v4) << "the one before is over";
    EXPECT_EQ(next_frame(before.inside), "");
}

TEST_F(MembershipTest, IsTakenFromNobodyWhereNobodyIs) {
    EXPECT_TRUE(succeeds(leave(folder_.fd(), std::string(64, 'c'))));
}

TEST_F(MembershipTest, IsRefusedWhereAnAddressIsAnothers) {
    const Comer one = come('b');
    Application who = test::applicant("two", 'c');
    who.v4 = one.place().v4;
    EXPECT_TRUE(test::fails_saying(Membership::join(folder_.fd(), network_, who),
                                   "is that of container 'box-b'"));
}

TEST_F(MembershipTest, OfManyAtOnceIsOfOneNetwork) {
    constexpr int kMany = 8;
    std::vector<os::Process> comers;
    os::Pipe told = std::move(*os::open_pipe());
    os::Pipe hold = std::move(*os::open_pipe());
    for (int i = 0; i < kMany; ++i)
        comers.push_back(std::move(*os::spawn(0, [&, i] {
            hold.write_end.reset();
            const Comer box = come(static_cast<char>('1' + i));
            const pid_t server = box.membership.server();
            (void)!::write(told.write_end.get(), &server, sizeof server);
            char byte = 0;
            (void)!::read(hold.read_end.get(), &byte, 1);
        })));
    pid_t first = 0;
    ASSERT_EQ(::read(told.read_end.get(), &first, sizeof first), ssize_t{sizeof first});
    for (int i = 1; i < kMany; ++i) {
        pid_t server = 0;
        ASSERT_EQ(::read(told.read_end.get(), &server, sizeof server), ssize_t{sizeof server});
        EXPECT_EQ(server, first);
    }
    hold.write_end.reset();
    for (os::Process& comer : comers)
        (void)comer.wait();
    EXPECT_TRUE(ends(first));
}

class JudgedTest : public MembershipTest {
protected:
    JudgedTest() { network_ = test::shared_network(); }

    // "box", which may reach 198.51.100.1 at port 80 and nothing else, and is told so in `log_`.
    Comer come_judged() {
        Application who = test::applicant("box", 'b');
        who.egress.emplace().allowed = {
            parse_egress_rule("198.51.100.1:80", EgressUse::allow).value()};
        const os::Fd log(::open(folder_.at("log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        Result<Membership> membership = Membership::join(folder_.fd(), network_, who, log);
        EXPECT_TRUE(succeeds(membership));
        test::DeviceEnds ends = test::device();
        EXPECT_TRUE(succeeds(membership->serve(ends.outside)));
        return {.membership = *std::move(membership), .inside = std::move(ends.inside)};
    }

    static std::string from(const Comer& box, const std::string& to) {
        return sent({.from = box.place().v4.text(), .to = to}, box.place());
    }
};

TEST_F(JudgedTest, AreAnsweredByTheirRules) {
    const Comer box = come_judged();
    const Comer other = come('c');
    EXPECT_EQ(box.membership.refused(), "");
    put_frame(box.inside, from(box, "198.51.100.2"));
    EXPECT_NE(next_frame(box.inside), "(none)") << "it is told";
    put_frame(box.inside, from(box, other.place().v4.text()));
    EXPECT_NE(next_frame(other.inside), "(none)") << "members are not the world";
    EXPECT_EQ(box.membership.refused(), "1 refused: 198.51.100.2:80");
    EXPECT_TRUE(test::bytes_of(folder_.at("log")).contains(R"("address":"198.51.100.2")"));
    EXPECT_EQ(other.membership.refused(), "");
}

TEST_F(JudgedTest, AreToldAlsoAfterTheirDeviceHasGone) {
    Comer box = come_judged();
    put_frame(box.inside, from(box, "198.51.100.2"));
    put_frame(box.inside, from(box, "198.51.100.3"));
    EXPECT_EQ(box.membership.refused(), "2 refused: 198.51.100.2:80, 198.51.100.3:80")
        << "also what nobody has read by then";
    box.inside.reset();
    EXPECT_EQ(box.membership.refused(), "2 refused: 198.51.100.2:80, 198.51.100.3:80");
    const Comer other = come('c');
    EXPECT_EQ(other.place().v4.text(), "10.89.0.2") << "its address is free";
}

// A question for the address of `name`, and what comes back as the address.
std::string address_of(const Comer& box, const std::string& name) {
    const std::string labels = static_cast<char>(name.size()) + name;
    put_frame(box.inside, sent({.from = box.place().v4.text(),
                                .to = "10.89.0.254",
                                .protocol = IPPROTO_UDP,
                                .port = 53,
                                .payload = test::word(9) + test::word(0x100) + test::word(1) +
                                           std::string(6, '\0') + labels + '\0' + test::word(1) +
                                           test::word(1)},
                               box.place()));
    const std::string answer = next_frame(box.inside);
    const unsigned code = static_cast<unsigned char>(answer[14 + 20 + 8 + 3]) & 0xfU;
    return code == 0 ? Address::of_bytes(answer.substr(answer.size() - 4)).text()
                     : fmt::format("code {}", code);
}

TEST_F(MembershipTest, BringsTheNamesOfItsOtherNetworks) {
    const test::TempFolder other_folder;
    SharedNetwork other_network = network_;
    other_network.range = test::subnet("10.89.0.64/26");
    const Comer box = come('b');
    const Comer neighbour = come('d');
    const Comer there = join(other_folder, other_network, 'b');
    auto back = std::make_unique<Comer>(join(other_folder, other_network, 'c'));
    EXPECT_EQ(address_of(box, "box-c"), "code 3");
    const Acquaintance both{.asking = folder_.fd(),
                            .asked = other_folder.fd(),
                            .network = "other",
                            .container = std::string(64, 'b')};
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(succeeds(acquaint(both)));
    EXPECT_EQ(address_of(box, "box-c"), back->place().v4.text());
    EXPECT_EQ(address_of(box, "box-d"), neighbour.place().v4.text());
    EXPECT_EQ(address_of(box, "nobody"), "code 3");
    EXPECT_EQ(address_of(neighbour, "box-c"), "code 3") << "it is not on the other one";
    ASSERT_TRUE(succeeds(leave(other_folder.fd(), std::string(64, 'b'))));
    EXPECT_TRUE(test::comes_true([&] { return address_of(box, "box-c") == "code 3"; }));
    EXPECT_TRUE(fails_saying(acquaint(both), "out of step")) << "it is off it";
}

TEST_F(MembershipTest, GoesOnWhereAnotherNetworkIsStopped) {
    const test::TempFolder other_folder;
    const Comer box = come('b');
    const Comer there = join(other_folder, network_, 'b');
    ASSERT_TRUE(succeeds(acquaint({.asking = folder_.fd(),
                                   .asked = other_folder.fd(),
                                   .network = "other",
                                   .container = std::string(64, 'b')})));
    ASSERT_EQ(::kill(there.membership.server(), SIGSTOP), 0);
    EXPECT_EQ(address_of(box, "nobody"), "code 3");
    EXPECT_EQ(address_of(box, "box-b"), box.place().v4.text());
    ASSERT_EQ(::kill(there.membership.server(), SIGCONT), 0);
}

TEST(DeviceOf, LeadsOutWhereItIsToldTo) {
    const SharedNetwork network = test::shared_network();
    const Place place{.v4 = test::address("10.89.0.2"),
                      .v6 = test::address("fd00:1::2"),
                      .hardware = "\x02\x42\x0a\x59\x01\x02"};
    const os::NetDeviceSetup out = device_of(network, place, "eth0", Way::out);
    EXPECT_EQ(out.name, "eth0");
    ASSERT_EQ(out.places.size(), 2U);
    EXPECT_EQ(out.places[0].gateway, network.layout.v4.gateway.bytes());
    EXPECT_EQ(device_of(network, place, "eth0", Way::within).places[1].gateway, "");
}

}  // namespace
}  // namespace sbx::network
