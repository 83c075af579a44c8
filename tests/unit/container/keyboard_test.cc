#include "container/keyboard.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using namespace std::string_literals;
using test::fails_saying;

TEST(DetachKeys, AreNamedAsDockerNamesThem) {
    EXPECT_EQ(*parse_detach_keys("ctrl-p,ctrl-q"), "\x10\x11");
    EXPECT_EQ(*parse_detach_keys("a,B,1"), "aB1");
    EXPECT_EQ(*parse_detach_keys("ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_"),
              "\0\x1b\x1c\x1d\x1e\x1f"s);
    EXPECT_EQ(*parse_detach_keys(""), "") << "there are none";
}

TEST(DetachKeys, ThatAreNoneAreNamed) {
    for (const char* text : {"ctrl-", "ctrl-A", "ctrl-1", "ctrl-p,", ",", "escape", "ctrl-pq"})
        EXPECT_TRUE(fails_saying(parse_detach_keys(text), "is not a key")) << text;
    EXPECT_TRUE(fails_saying(parse_detach_keys("ctrl-p,esc"), "--detach-keys ctrl-p,esc: 'esc'"));
}

// All that passes, whatever the reads that `typed` comes in.
struct Outcome {
    std::string bytes;
    bool detached = false;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome type(const std::string& keys, const std::vector<std::string>& reads) {
    DetachKeys detach(keys);
    Outcome outcome;
    for (const std::string& read : reads) {
        const DetachKeys::Passed passed = detach.pass(read);
        outcome.bytes += passed.bytes;
        outcome.detached |= passed.detached;
    }
    return outcome;
}

TEST(DetachKeys, AreFoundInWhatIsTyped) {
    EXPECT_EQ(type("pq", {"ls\npq"}), (Outcome{"ls\n", true}));
    EXPECT_EQ(type("pq", {"lsp", "q"}), (Outcome{"ls", true})) << "cut by the reads";
    EXPECT_EQ(type("q", {"lsq"}), (Outcome{"ls", true}));
    EXPECT_EQ(type("ppq", {"p", "p", "q"}), (Outcome{"", true}));
}

TEST(DetachKeys, NotCompletedGoToTheContainer) {
    EXPECT_EQ(type("pq", {"p", "x"}), (Outcome{"px", false}));
    EXPECT_EQ(type("pq", {"pp", "x"}), (Outcome{"ppx", false}));
    EXPECT_EQ(type("", {"anything"}), (Outcome{"anything", false}));
}

TEST(DetachKeys, MayBeginAnewAfterAFalseStart) {
    EXPECT_EQ(type("pq", {"ppq"}), (Outcome{"p", true}));
    EXPECT_EQ(type("ppq", {"pppq"}), (Outcome{"p", true}));
    EXPECT_EQ(type("papb", {"papapb"}), (Outcome{"pa", true}));
}

}  // namespace
}  // namespace sbx::container
