#include "quadlet/words.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::quadlet {
namespace {

using test::fails_saying;
using Words = std::vector<std::string>;

Result<Words> words(const std::string& value) {
    return words_of({.key = "Exec", .value = value, .place = "f:2"});
}

TEST(QuadletWords, AreSplitAtWhiteSpace) {
    EXPECT_EQ(*words(""), Words());
    EXPECT_EQ(*words("  a \t b  "), (Words{"a", "b"}));
    EXPECT_EQ(*words("A='b c' \"d  e\" f\"\"g ''"), (Words{"A=b c", "d  e", "fg", ""}));
    EXPECT_EQ(*words("%h/x $HOME"), (Words{"%h/x", "$HOME"}));
}

TEST(QuadletWords, HaveEscapes) {
    EXPECT_EQ(*words(R"(a\ b \n\t \\ \" "\"" \s)"), (Words{"a b", "\n\t", "\\", "\"", "\"", " "}));
    EXPECT_EQ(*words(R"(\x41 \101 \u00e9 \u20ac \U0001F600)"),
              (Words{"A", "A", "\u00e9", "\u20ac", "\U0001F600"}));
}

TEST(QuadletWords, SayWhatIsWrong) {
    EXPECT_TRUE(fails_saying(words("'a"), "f:2: Exec='a: a quote is not closed"));
    EXPECT_TRUE(fails_saying(words("a\\"), "nothing follows"));
    EXPECT_TRUE(fails_saying(words("\\q"), "'\\q' stands for nothing"));
    for (const char* value : {"\\x4", "\\xzz", "\\u00", "\\000", "\\777", "\\U00110000"})
        EXPECT_TRUE(fails_saying(words(value), "begins no character")) << value;
}

TEST(QuadletWords, AreThoseOfAllValues) {
    const UnitFile file = UnitFile::parse("f", "[A]\nB=1 2\nB='3 4'\n").value();
    EXPECT_EQ(*words_of_all(file, "A", "B"), (Words{"1", "2", "3 4"}));
    EXPECT_EQ(*words_of_all(file, "A", "C"), Words());
}

TEST(QuadletWords, AreQuotedWhereTheyHaveTo) {
    EXPECT_EQ(quoted("a=b,%h:$X"), "a=b,%h:$X");
    EXPECT_EQ(quoted(""), "\"\"");
    EXPECT_EQ(quoted("a b"), "\"a b\"");
    EXPECT_EQ(quoted("a\"\\'"), "\"a\\\"\\\\'\"");
    EXPECT_EQ(quoted(";"), "\";\"") << "alone it would end the command";
    EXPECT_EQ(quoted("a\nb"), "\"a\\x0ab\"");
    EXPECT_EQ(command_line({"sh", "-c", "echo \u00e9 x"}), "sh -c \"echo \u00e9 x\"");
}

// What is written is read as it was.
TEST(QuadletWords, ComeBackFromTheirQuotes) {
    const Words all = {"a b", "\"", "\\", "'", "\t\n\x01\x7f", ";", "", "\u00e9"};
    EXPECT_EQ(*words(command_line(all)), all);
}

}  // namespace
}  // namespace sbx::quadlet
