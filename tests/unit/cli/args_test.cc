#include "cli/args.h"

#include <array>

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::cli {
namespace {

using test::fails_saying;
using test::succeeds;

using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 2> kColours = {"red", "blue"};

// Every kind of option, and what came of it.
struct Tool {
    bool flag = false;
    bool on = true;
    std::string text = "unset";
    std::optional<std::string> maybe;
    int number = 3;
    Words list;
    std::string colour = "red";
    std::string file;
    Words rest;
    Args args;

    enum class Operands : std::uint8_t { several, verbatim };

    explicit Tool(Operands operands = Operands::several) {
        args.flag("-f,--flag", flag, "A flag");
        args.flag("--on", on, "A flag that is set");
        args.option("-t,--text", "TEXT", text, "A text");
        args.option("--maybe", "TEXT", maybe, "A text, or none");
        args.option("--number", "N", number, "A number");
        args.list("-l,--list", "ITEM", list, "Items");
        args.choice("--colour", kColours, colour, "A colour");
        args.operand("FILE", file, "A file");
        if (operands == Operands::verbatim)
            args.verbatim("COMMAND", rest, "A command");
        else
            args.optional_operands("MORE", rest, "More");
    }
};

TEST(Args, HaveOtherSpellingsAndAHelpOfOneLetter) {
    std::string network;
    std::string host;
    Args args;
    args.option("--network,--net", "MODE", network, "A network");
    ASSERT_TRUE(succeeds(args.parse({"--net=host"})));
    EXPECT_EQ(network, "host");
    ASSERT_TRUE(succeeds(args.parse({"--net", "none"})));
    EXPECT_EQ(network, "none");
    ASSERT_TRUE(succeeds(args.parse({"-h"})));
    EXPECT_TRUE(args.help_wanted());
    Args own;
    own.option("-h,--hostname", "NAME", host, "A name");
    ASSERT_TRUE(succeeds(own.parse({"-h", "x"})));
    EXPECT_EQ(host, "x");
    EXPECT_FALSE(own.help_wanted());
}

TEST(Args, SayWhatAFlagCannotBe) {
    Tool tool;
    EXPECT_TRUE(fails_saying(tool.args.parse({"--flag=foo", "x"}),
                             "--flag=foo: true or false belongs there"));
    EXPECT_TRUE(fails_saying(tool.args.parse({"--flag", "--flag=foo", "--flag=true", "x"}),
                             "--flag=foo: true or false belongs there"));
    EXPECT_TRUE(fails_saying(tool.args.parse({"--flag=", "x"}), "--flag=: true or false"));
}

TEST(Args, ReadOptionsInAllTheirSpellings) {
    Tool tool;
    ASSERT_TRUE(succeeds(tool.args.parse({"--text=a=b", "-fl", "x", "--list", "y,z", "-lw", "in",
                                          "--number", "7", "--colour=blue", "out"})));
    EXPECT_TRUE(tool.flag);
    EXPECT_EQ(tool.text, "a=b");
    EXPECT_EQ(tool.list, (Words{"x", "y,z", "w"}));
    EXPECT_EQ(tool.number, 7);
    EXPECT_EQ(tool.colour, "blue");
    EXPECT_EQ(tool.file, "in");
    EXPECT_EQ(tool.rest, Words{"out"});
}

TEST(Args, LeaveWhatIsNotNamedAsItWas) {
    Tool tool;
    ASSERT_TRUE(succeeds(tool.args.parse({"in"})));
    EXPECT_FALSE(tool.flag);
    EXPECT_TRUE(tool.on);
    EXPECT_EQ(tool.text, "unset");
    EXPECT_EQ(tool.maybe, std::nullopt);
    EXPECT_EQ(tool.number, 3);
}

TEST(Args, TellAnEmptyValueFromNone) {
    Tool tool;
    ASSERT_TRUE(succeeds(tool.args.parse({"--maybe", "", "--text=", "in"})));
    EXPECT_EQ(tool.maybe, "");
    EXPECT_EQ(tool.text, "");
}

TEST(Args, LeaveAnEmptyValueAmongACommandsWords) {
    Tool tool(Tool::Operands::verbatim);
    ASSERT_TRUE(succeeds(tool.args.parse({"--text=", "image", "sh", "--text=", "x"})));
    EXPECT_EQ(tool.text, "");
    EXPECT_EQ(tool.file, "image");
    EXPECT_EQ(tool.rest, (Words{"sh", "--text=", "x"}));
}

TEST(Args, TakeAnEqualsSignBehindALetter) {
    std::string text;
    Words rest;
    Args args;
    args.option("-t,--text", "TEXT", text, "a text");
    args.verbatim("COMMAND", rest, "a command");
    ASSERT_TRUE(succeeds(args.parse({"-t=a=b", "-t", "=c", "sh", "-t=x"})));
    EXPECT_EQ(text, "=c");
    EXPECT_EQ(rest, (Words{"sh", "-t=x"}));
    Args again;
    again.option("-t,--text", "TEXT", text, "a text");
    ASSERT_TRUE(succeeds(again.parse({"-t=a=b"})));
    EXPECT_EQ(text, "a=b");
}

TEST(Args, LetTheLastOfAnOptionsValuesHold) {
    Tool tool;
    ASSERT_TRUE(succeeds(tool.args.parse({"--text", "a", "--text", "b", "in"})));
    EXPECT_EQ(tool.text, "b");
}

TEST(Args, TakeFlagsBackByValue) {
    Tool tool;
    ASSERT_TRUE(succeeds(tool.args.parse({"--on=false", "--flag=true", "in"})));
    EXPECT_FALSE(tool.on);
    EXPECT_TRUE(tool.flag);
    EXPECT_TRUE(
        fails_saying(Tool().args.parse({"--on=maybe", "in"}), "true or false belongs there"));
}

TEST(Args, SayWhichValueIsMissingOrWrong) {
    EXPECT_TRUE(fails_saying(Tool().args.parse({"in", "--text"}), "--text: its value is missing"));
    EXPECT_TRUE(fails_saying(Tool().args.parse({"in", "--number", "x"}), "--number: 'x'"));
    EXPECT_TRUE(fails_saying(Tool().args.parse({"in", "--number", "-1"}), "--number"));
    EXPECT_TRUE(fails_saying(Tool().args.parse({"in", "--colour", "green"}),
                             "--colour: 'green' is none of red, blue"));
}

TEST(Args, TakeAValueThatLooksLikeAnOption) {
    Tool tool;
    ASSERT_TRUE(succeeds(tool.args.parse({"--text=--flag", "--list=-x", "in"})));
    EXPECT_EQ(tool.text, "--flag");
    EXPECT_EQ(tool.list, Words{"-x"});
    EXPECT_FALSE(tool.flag);
}

TEST(Args, RefuseAnEmptyValueWhereItWouldBeTakenForNone) {
    const auto parsed = [](const char* word) {
        Args args;
        std::string limit;
        args.filled_option("--limit", "N", limit, "a limit");
        return args.parse({word});
    };
    EXPECT_TRUE(succeeds(parsed("--limit=1")));
    EXPECT_TRUE(fails_saying(parsed("--limit="), "a value belongs there"));
}

TEST(Args, SuggestTheOptionThatWasMeant) {
    const Result<> parsed = Tool().args.parse({"--colr=red", "in"});
    ASSERT_TRUE(fails_saying(parsed, "unknown option '--colr'"));
    EXPECT_EQ(parsed.error().hint(), "did you mean '--colour'?");
    const Result<> far = Tool().args.parse({"in", "--quite-another"});
    ASSERT_TRUE(fails_saying(far, "unknown option '--quite-another'"));
    EXPECT_EQ(far.error().hint(), "");
    EXPECT_TRUE(fails_saying(Tool().args.parse({"-x", "in"}), "unknown option '-x'"));
}

TEST(Args, SuggestNothingForWhatOthersHave) {
    constexpr std::string_view kOthers[] = {"--flags", "-d"};
    const auto parsed = [&](const Words& words) {
        Tool tool;
        tool.args.absent(kOthers);
        return tool.args.parse(words);
    };
    const Result<> absent = parsed({"--flags=x", "in"});
    EXPECT_TRUE(fails_saying(absent, "there is no option '--flags' in this version"));
    EXPECT_EQ(absent.error().hint(), "");
    for (const char* word : {"-d", "-df", "-d80:80"})
        EXPECT_TRUE(fails_saying(parsed({word, "in"}), "there is no option '-d' in this version"));
}

TEST(Args, MakeAnUnknownOptionSafeToShow) {
    const Result<> parsed = Tool().args.parse({"--\x1b[31m", "in"});
    ASSERT_FALSE(parsed);
    EXPECT_FALSE(parsed.error().text().contains('\x1b'));
}

TEST(Args, CountOperands) {
    EXPECT_TRUE(fails_saying(Tool().args.parse({}), "FILE is missing"));
    Args none;
    EXPECT_TRUE(fails_saying(none.parse({"a"}), "'a' is one argument too many"));
}

TEST(Args, TakeOptionsAfterOperandsButNotAfterTwoDashes) {
    Tool tool;
    ASSERT_TRUE(succeeds(tool.args.parse({"in", "--flag", "out"})));
    EXPECT_TRUE(tool.flag);
    Tool other;
    ASSERT_TRUE(succeeds(other.args.parse({"in", "--", "--flag"})));
    EXPECT_FALSE(other.flag);
    EXPECT_EQ(other.rest, Words{"--flag"});
}

TEST(Args, LeaveACommandsOwnWordsAlone) {
    Tool tool(Tool::Operands::verbatim);
    ASSERT_TRUE(
        succeeds(tool.args.parse({"-f", "image", "sh", "--list", "-x", "--", "--help", "--text"})));
    EXPECT_TRUE(tool.flag);
    EXPECT_EQ(tool.file, "image");
    EXPECT_EQ(tool.rest, (Words{"sh", "--list", "-x", "--", "--help", "--text"}));
    EXPECT_TRUE(tool.list.empty());
    EXPECT_FALSE(tool.args.help_wanted());
}

TEST(Args, DropTheDashesBeforeACommandOnly) {
    Tool tool(Tool::Operands::verbatim);
    ASSERT_TRUE(succeeds(tool.args.parse({"--", "image", "--", "x"})));
    EXPECT_EQ(tool.file, "image");
    EXPECT_EQ(tool.rest, (Words{"--", "x"}));
    EXPECT_TRUE(fails_saying(Tool(Tool::Operands::verbatim).args.parse({"--flog", "image", "sh"}),
                             "unknown option '--flog'"));
}

TEST(Args, AskForHelpWithoutTheOperands) {
    Tool tool;
    ASSERT_TRUE(succeeds(tool.args.parse({"--help"})));
    EXPECT_TRUE(tool.args.help_wanted());
}

}  // namespace
}  // namespace sbx::cli
