#include "cli/help_text.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "base/utf8.h"

namespace sbx::cli {
namespace {

TEST(Help, ShowsHowACommandIsCalled) {
    const std::vector<std::string> words = {"run"};
    const Result<Found> found = find_command(words);
    ASSERT_TRUE(found);
    const std::string text = help_for(*found->entry);
    EXPECT_TRUE(
        text.starts_with("Run a program in a new container.\n\n"
                         "Usage: sbx run [OPTIONS] IMAGE [COMMAND [ARGUMENT...]]\n"
                         "Also: container run\n"));
    for (const char* line : {"\n  -i, --interactive           Keep standard input open\n",
                             "\n      --pull missing|always|never|newer\n", "(default: 64m)",
                             "(may be repeated)", "\nExamples:\n  # "})
        EXPECT_TRUE(text.contains(line)) << line;
    EXPECT_LT(text.find("--annotation"), text.find("--workdir"));
}

TEST(Help, ShowsEveryCommandOnce) {
    const std::string text = overview();
    for (const CommandEntry& entry : commands()) {
        const std::string line = fmt::format("\n  {} ", entry.name);
        const bool shown = !entry.group.empty() && entry.group != kOciGroup;
        EXPECT_EQ(text.contains(line), shown) << entry.name;
        EXPECT_EQ(text.find(line), text.rfind(line)) << entry.name;
    }
}

TEST(Help, FitsIntoEightyColumns) {
    std::string all = overview();
    for (const CommandEntry& entry : commands())
        all += help_for(entry);
    for (const std::string_view line : split(all, '\n'))
        EXPECT_LE(utf8::width(line), 80) << line;
}

TEST(Help, ExplainsEveryOptionAndOperand) {
    for (const CommandEntry& entry : commands()) {
        Args args;
        const std::unique_ptr<Command> command = entry.make();
        command->declare(args);
        for (const OptionInfo& option : args.options())
            EXPECT_FALSE(option.help.empty()) << entry.name << option.long_name;
        for (const OperandInfo& operand : args.operand_list())
            EXPECT_FALSE(operand.help.empty()) << entry.name << operand.name;
    }
}

TEST(Help, IsADocumentToo) {
    const Json document = help_as_json();
    const Json& all = document["commands"];
    ASSERT_FALSE(all.items().empty());
    const Json& run = all.items().front();
    EXPECT_EQ(*run["name"].as_string(), "run");
    EXPECT_EQ(*run["aliases"].items().front().as_string(), "container run");
    EXPECT_EQ(*run["operands"].items().front()["complete"].as_string(), "images");
    for (const Json& entry : all.items())
        EXPECT_NE(*entry["name"].as_string(), "__complete");
}

}  // namespace
}  // namespace sbx::cli
