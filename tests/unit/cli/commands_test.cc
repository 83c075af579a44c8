#include <set>

#include <gtest/gtest.h>

#include "base/text.h"
#include "cli/command.h"
#include "support/results.h"

namespace sbx::cli {
namespace {

using test::fails_saying;

using Words = std::vector<std::string>;

// "NAME, COUNT words", or the error and its hint.
std::string found(const Words& words) {
    const Result<Found> found = find_command(words);
    if (!found) return found.error().text() + "; " + found.error().hint();
    return fmt::format("{}, {} words", found->entry->name, found->words);
}

TEST(Commands, AreFoundByNameAndByAlias) {
    EXPECT_EQ(found({"run", "image"}), "run, 1 words");
    EXPECT_EQ(found({"container", "run", "image"}), "run, 2 words");
    EXPECT_EQ(found({"image", "ls"}), "images, 2 words");
    EXPECT_EQ(found({"image", "inspect", "x"}), "image inspect, 2 words");
    EXPECT_EQ(found({"images", "inspect"}), "images, 1 words");
}

TEST(Commands, SuggestTheOneThatWasMeant) {
    EXPECT_EQ(found({"imagse"}), "there is no command 'imagse'; did you mean `sbx images`?");
    EXPECT_EQ(found({"frobnicate"}),
              "there is no command 'frobnicate'; `sbx help` lists the commands");
}

TEST(Commands, ThatAreNotThereAreNotTakenForOthers) {
    EXPECT_TRUE(found({"login"}).contains("`skopeo login`"));
    EXPECT_EQ(found({"build"}),
              "there is no command 'build' in this version; `sbx help` lists the commands");
    for (const char* name : {"search", "push", "compose"})
        EXPECT_EQ(found({name, "x"}), fmt::format("there is no command '{}' in this version; "
                                                  "`sbx help` lists the commands",
                                                  name));
}

std::vector<std::string_view> starting() {
    std::vector<std::string_view> names;
    for (const CommandEntry& entry : commands())
        if (!starts_nothing(entry)) names.push_back(entry.name);
    return names;
}

// Each of them pays for a sealed program; one that is missing here gives it away.
TEST(Commands, ThatStartProgramsAreKnown) {
    EXPECT_EQ(starting(), (std::vector<std::string_view>{
                              "run", "start", "exec", "restart", "container clone",
                              "healthcheck run", "pod start", "pod restart", "network connect",
                              "oci create", "oci run", "oci exec"}));
}

TEST(Commands, OfAGroupAreWantedByName) {
    EXPECT_TRUE(fails_saying(find_command(Words{"image"}), "'image' wants a command of its own"));
    EXPECT_TRUE(fails_saying(find_command(Words{"image", "frob"}), "'frob' is none"));
    EXPECT_TRUE(find_command(Words{"image"}).error().hint().contains("inspect, "));
}

TEST(Commands, HaveNamesOfTheirOwn) {
    std::set<std::string_view> names;
    for (const CommandEntry& entry : commands()) {
        EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
        if (entry.aliases.empty()) continue;
        for (const std::string_view alias : split(entry.aliases, ','))
            EXPECT_TRUE(names.insert(alias).second) << alias;
    }
}

TEST(Commands, DeclareNoOptionTwice) {
    for (const CommandEntry& entry : commands()) {
        Args args;
        const std::unique_ptr<Command> command = entry.make();
        command->declare(args);
        std::set<std::string> names;
        for (const OptionInfo& option : args.options()) {
            EXPECT_TRUE(names.insert(option.long_name).second) << entry.name << option.long_name;
            const std::string& letter = option.short_name;
            EXPECT_TRUE(letter.empty() || names.insert(letter).second) << entry.name << letter;
        }
    }
}

}  // namespace
}  // namespace sbx::cli
