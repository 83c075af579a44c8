#include "image/shell_words.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using Strings = std::vector<std::string>;

const Strings kEnv = {"PATH=/bin:/usr/bin", "EMPTY=", "A=1", "AB=2"};

Strings words(std::string_view line) { return shell_words(line, kEnv).value(); }
std::string word(std::string_view line) { return shell_word(line, kEnv).value(); }

TEST(ShellWords, AreTakenApartAtBlanks) {
    EXPECT_EQ(words("a  b\tc "), (Strings{"a", "b", "c"}));
    EXPECT_EQ(words(" "), Strings{});
    EXPECT_EQ(words(R"(a\ b "c d" 'e f'g '')"), (Strings{"a b", "c d", "e fg", ""}));
    EXPECT_EQ(words(R"("a\"b" 'a\b' x\\)"), (Strings{"a\"b", "a\\b", "x\\"}));
}

TEST(ShellWords, HaveVariables) {
    EXPECT_EQ(words("PATH=/x:$PATH y"), (Strings{"PATH=/x:/bin:/usr/bin", "y"}));
    EXPECT_EQ(words(R"("$A-${AB}" '$A' \$A $NONE.)"), (Strings{"1-2", "$A", "$A", "."}));
    EXPECT_EQ(word("$A $AB"), "1 2");
    EXPECT_EQ(word("$ $- 5$"), "$ $- 5$");
}

TEST(ShellWords, HaveAlternativesForVariables) {
    EXPECT_EQ(word("${A:-x} ${NONE:-x y} ${EMPTY:-z}"), "1 x y z");
    EXPECT_EQ(word("${A:+x}|${NONE:+x}|${EMPTY:+x}"), "x||");
    EXPECT_EQ(word("${NONE:-${A}}${NONE:-'}'}"), "1}");
}

TEST(ShellWords, AreRefusedWhereSomethingIsNotClosed) {
    EXPECT_TRUE(fails_saying(shell_words("'a", kEnv), "a quote is not closed"));
    EXPECT_TRUE(fails_saying(shell_word("a\"", kEnv), "a quote is not closed"));
    EXPECT_TRUE(fails_saying(shell_word("${", kEnv), "'${' wants a name"));
    EXPECT_TRUE(fails_saying(shell_word("${A", kEnv), "'${A' wants a '}'"));
    EXPECT_TRUE(fails_saying(shell_word("${A:?x}", kEnv), "'${A' wants a '}'"));
    EXPECT_TRUE(fails_saying(shell_word("${A:-x", kEnv), "a '${' is not closed"));
}

TEST(ShellWords, HaveAnEndOfDepth) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "${N:-";
    EXPECT_TRUE(fails_saying(shell_word(deep, kEnv), "too deep"));
}

}  // namespace
}  // namespace sbx::image
