#include "network/dns.h"

#include <gtest/gtest.h>

#include "support/frames.h"

namespace sbx::network {
namespace {

using test::word;
using Kind = Question::Kind;

constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kAaaa = 28;
constexpr std::uint16_t kPtr = 12;

std::string labels(std::string_view name) {
    std::string bytes;
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        bytes += static_cast<char>(label.size());
        bytes += label;
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    return bytes + '\0';
}

struct Query {
    std::string name = "db";
    std::uint16_t type = kA;
    std::uint16_t of = 1;  // the class
    std::uint16_t flags = 0x0100;
    std::uint16_t questions = 1;
    std::uint16_t answers = 0;
};
std::string bytes_of(const Query& q) {
    return word(7) + word(q.flags) + word(q.questions) + word(q.answers) + word(0) + word(0) +
           labels(q.name) + word(q.type) + word(q.of);
}

Question question(const Query& query) { return parse_question(bytes_of(query)).value(); }

TEST(Dns, ReadsAQuestion) {
    const Question asked = question({.name = "Db.Example"});
    EXPECT_EQ(asked.id, 7);
    EXPECT_TRUE(asked.recursion);
    EXPECT_EQ(asked.name, "db.example");
    EXPECT_EQ(asked.kind, Kind::v4);
    EXPECT_EQ(question({.type = kAaaa}).kind, Kind::v6);
    EXPECT_EQ(question({.type = kPtr}).kind, Kind::pointer);
    EXPECT_EQ(question({.type = 15}).kind, Kind::other);
    EXPECT_EQ(question({.name = ""}).name, "");
    EXPECT_EQ(question({.name = std::string(63, 'a')}).name.size(), 63U);
    EXPECT_TRUE(parse_question(bytes_of({}) + std::string(11, '\0'))) << "EDNS is passed over";
}

TEST(Dns, WhatIsNoSuchQuestionIsNone) {
    for (const Query& query : {Query{.of = 3}, Query{.flags = 0x8000}, Query{.flags = 0x2800},
                               Query{.flags = 0x0200}, Query{.questions = 0}, Query{.questions = 2},
                               Query{.answers = 1}, Query{.name = std::string(64, 'a')}})
        EXPECT_FALSE(parse_question(bytes_of(query)));
    std::string longest;
    for (int i = 0; i < 5; ++i)
        longest += std::string(60, 'a') + ".";
    EXPECT_FALSE(parse_question(bytes_of({.name = longest})));
}

TEST(Dns, CutShortIsNone) {
    const std::string whole = bytes_of({.name = "db.example"});
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse_question(std::string_view(whole).substr(0, size))) << size;
}

TEST(Dns, NamesThatPointElsewhereOrLookLikeOthersAreNone) {
    std::string pointer = bytes_of({.name = "db"});
    pointer[12] = '\xc0';
    EXPECT_FALSE(parse_question(pointer));
    std::string dotted = bytes_of({.name = "abc"});
    dotted[14] = '.';
    EXPECT_FALSE(parse_question(dotted));
}

TEST(Dns, AnswersWithAddressesOfTheKindThatWasAsked) {
    const std::vector<Address> addresses = {
        *Address::parse("10.89.0.2"), *Address::parse("fd00::2"), *Address::parse("10.89.0.3")};
    const std::string v4 = answer_to(question({}), Outcome::known, addresses);
    EXPECT_EQ(v4.substr(0, 12), word(7) + word(0x8580) + word(1) + word(2) + word(0) + word(0));
    EXPECT_EQ(v4.substr(12, 8), question({}).section);
    EXPECT_EQ(v4.substr(20), word(0xc00c) + word(1) + word(1) + word(0) + word(0) + word(4) +
                                 "\x0a\x59" + std::string("\0\2", 2) + word(0xc00c) + word(1) +
                                 word(1) + word(0) + word(0) + word(4) + "\x0a\x59" +
                                 std::string("\0\3", 2));
    const std::string v6 = answer_to(question({.type = kAaaa}), Outcome::known, addresses);
    EXPECT_EQ(v6.substr(6, 2), word(1));
    EXPECT_EQ(answer_to(question({.type = 15}), Outcome::known, addresses).substr(6, 2), word(0));
}

TEST(Dns, SaysWhatItDoesNotKnow) {
    EXPECT_EQ(answer_to(question({}), Outcome::no_such_name).substr(2, 2), word(0x8583));
    EXPECT_EQ(answer_to(question({.flags = 0}), Outcome::known).substr(2, 2), word(0x8480));
}

TEST(Dns, AnswersFitIntoADatagram) {
    const std::vector<Address> many(100, *Address::parse("10.89.0.2"));
    const std::string answer = answer_to(question({}), Outcome::known, many);
    EXPECT_LE(answer.size(), 512U);
    EXPECT_EQ(answer.substr(6, 2), word((512 - 20) / 16));
}

TEST(Dns, NamesWhoHasAnAddress) {
    const Question asked = question({.name = "2.0.89.10.in-addr.arpa", .type = kPtr});
    EXPECT_EQ(reversed(asked.name)->text(), "10.89.0.2");
    const std::string answer = pointer_to(asked, "web.one");
    EXPECT_EQ(answer.substr(6, 2), word(1));
    EXPECT_TRUE(answer.ends_with(word(9) + labels("web.one")));
    EXPECT_EQ(pointer_to(asked, "web..one").substr(6, 2), word(0)) << "it has no such name";
    EXPECT_EQ(pointer_to(asked, std::string(64, 'a')).substr(6, 2), word(0));
}

TEST(Dns, ReversesNothingElse) {
    std::string v6 = "2";
    for (int i = 0; i < 31; ++i)
        v6 += i == 29 ? ".d" : i == 30 ? ".f" : ".0";
    EXPECT_EQ(reversed(v6 + ".ip6.arpa")->text(), "fd00::2");
    for (const char* name : {"", "in-addr.arpa", "1.2.3.in-addr.arpa", "1.2.3.4.5.in-addr.arpa",
                             "1.2.3.256.in-addr.arpa", "0.ip6.arpa", "1.2.3.4.example"})
        EXPECT_FALSE(reversed(name)) << name;
    EXPECT_FALSE(reversed(v6.replace(0, 1, "g") + ".ip6.arpa"));
}

}  // namespace
}  // namespace sbx::network
