#include "network/members.h"

#include <gtest/gtest.h>

#include "support/members.h"
#include "support/results.h"

namespace sbx::network {
namespace {

using test::address;
using test::applicant;
using test::fails_saying;
using test::succeeds;

class MembersTest : public testing::Test {
protected:
    Place admit(Application who) {
        const Result<const Member*> member = members_.admit(++port_, std::move(who));
        EXPECT_TRUE(succeeds(member));
        return member ? (*member)->place : Place();
    }

    Members members_ = Members(test::shared_network());
    unsigned port_ = 0;
};

TEST_F(MembersTest, GetAddressesThatAreFree) {
    const Place web = admit(applicant("web", 'b'));
    EXPECT_EQ(web.v4.text(), "10.89.0.2") << "the gateway has the first one";
    EXPECT_EQ(web.v6->text(), "fd00:1::2");
    EXPECT_EQ(hardware_text(web.hardware), "02:42:0a:59:00:02");
    EXPECT_EQ(admit(applicant("db", 'c')).v4.text(), "10.89.0.3");
    members_.remove(1);
    EXPECT_EQ(admit(applicant("again", 'd')).v4.text(), "10.89.0.2");
}

TEST_F(MembersTest, GetWhatTheyAskFor) {
    Application who = applicant("web", 'b');
    who.v4 = address("10.89.0.77");
    who.v6 = address("fd00:1::1:1");
    who.hardware = *parse_hardware("02:00:00:00:00:01");
    const Place place = admit(who);
    EXPECT_EQ(place.v4.text(), "10.89.0.77");
    EXPECT_EQ(place.v6->text(), "fd00:1::1:1");
    EXPECT_EQ(hardware_text(place.hardware), "02:00:00:00:00:01");
}

TEST_F(MembersTest, DoNotGetWhatIsNotTheirs) {
    admit(applicant("web", 'b'));
    Application who = applicant("db", 'c');
    for (const auto& [text, words] : {std::pair("10.89.0.2", "is that of container 'web'"),
                                      {"10.89.0.1", "has a meaning of its own"},
                                      {"10.89.0.254", "has a meaning of its own"},
                                      {"10.89.0.0", "has a meaning of its own"},
                                      {"10.89.0.255", "has a meaning of its own"},
                                      {"10.89.1.2", "network 'app' has no address 10.89.1.2"}}) {
        who.v4 = address(text);
        EXPECT_TRUE(fails_saying(members_.admit(9, who), words)) << text;
    }
    who.v4 = std::nullopt;
    for (const char* text : {"fd00:1::2", "fd00:1::1", "fd00:1::fe", "fd00:1::", "fd00:2::9"}) {
        who.v6 = address(text);
        EXPECT_FALSE(members_.admit(9, who)) << text;
    }
    EXPECT_EQ(members_.at(9), nullptr);
}

TEST_F(MembersTest, AreNoMoreThanThereIsRoomFor) {
    SharedNetwork small = test::shared_network();
    small.range = test::subnet("10.89.0.248/29");
    members_ = Members(small);
    for (char digit = 'a'; digit < 'g'; ++digit)
        admit(applicant("box", digit));
    EXPECT_EQ(members_.at(6)->place.v4.text(), "10.89.0.253");
    EXPECT_TRUE(fails_saying(members_.admit(9, applicant("box", 'g')), "no address left"));
}

TEST_F(MembersTest, AreFoundByTheirNames) {
    Application who = applicant("Web.One", 'b');
    who.aliases = {"WWW", "front"};
    admit(who);
    Application other = applicant("two", 'c');
    other.aliases = {"front"};
    admit(other);
    for (const char* name : {"web.one", "bbbbbbbbbbbb", "www"})
        EXPECT_EQ(members_.addresses_of(name),
                  (std::vector{address("10.89.0.2"), address("fd00:1::2")}))
            << name;
    EXPECT_EQ(members_.addresses_of("front").size(), 4U);
    for (const char* name : {"", "web", "bbbbbbbbbbbbb", "three"})
        EXPECT_TRUE(members_.addresses_of(name).empty()) << name;
}

TEST_F(MembersTest, AreFoundByTheirAddressesAndContainers) {
    admit(applicant("web", 'b'));
    EXPECT_EQ(members_.with(address("10.89.0.2"))->who.name, "web");
    EXPECT_EQ(members_.with(address("fd00:1::2"))->who.name, "web");
    EXPECT_EQ(members_.with(address("10.89.0.3")), nullptr);
    EXPECT_EQ(members_.ports_of(std::string(64, 'b')), std::vector<unsigned>{1});
    EXPECT_TRUE(members_.ports_of("b").empty());
}

TEST_F(MembersTest, SayWhoTheyAreInWords) {
    Application who = applicant("web", 'b');
    who.aliases = {"www"};
    who.v4 = address("10.89.0.7");
    who.hardware = *parse_hardware("02:00:00:00:00:01");
    who.egress.emplace().denied = {parse_egress_rule("evil.example", EgressUse::deny).value()};
    const Result<Application> same = Application::from_json(who.to_json());
    ASSERT_TRUE(succeeds(same));
    EXPECT_EQ(same->to_json().dump(), who.to_json().dump());
    EXPECT_EQ(same->egress->denied[0].text, "evil.example");
    EXPECT_FALSE(Application::from_json(who.to_json().set("egress", Json::object())))
        << "rules that are none are not left out";
    const Place place = admit(who);
    EXPECT_EQ(Place::from_json(place.to_json())->to_json().dump(), place.to_json().dump());
    EXPECT_FALSE(Application::from_json(Json::object().set("id", "a")));
    EXPECT_FALSE(Place::from_json(Json::object().set("v4", "x")));
    EXPECT_FALSE(Place::from_json(Json::object()));
}

TEST(Hardware, IsOfOneDevice) {
    EXPECT_EQ(hardware_text(*parse_hardware("AA:bb:00:11:22:33")), "aa:bb:00:11:22:33");
    for (const char* text :
         {"", "01:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "02:00:00:00:00",
          "02:00:00:00:00:00:00", "02-00-00-00-00-01", "2:0:0:0:0:1", "0g:00:00:00:00:01"})
        EXPECT_FALSE(parse_hardware(text)) << text;
}

}  // namespace
}  // namespace sbx::network
