#include "container/environment.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/files.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using namespace std::string_literals;
using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

const Strings kOwn = {"HOME=/home/u", "EMPTY=", "APP_A=1", "APP_B=x=y", "APPLE=red"};

TEST(Variables, KeepTheLastOfAName) {
    Variables variables;
    for (const char* entry : {"A=1", "B=2", "A=3", "AB=4"})
        variables.set(entry);
    EXPECT_EQ(variables.entries(), (Strings{"A=3", "B=2", "AB=4"}));
    variables.set_default("A=9");
    variables.set_default("C=5");
    variables.unset("B");
    variables.unset("never there");
    EXPECT_EQ(variables.entries(), (Strings{"A=3", "AB=4", "C=5"}));
}

TEST(Variables, OfSbxItselfNameTheContainer) {
    const Strings own = own_variables("box");
    EXPECT_EQ(own.size(), 3U);
    EXPECT_EQ(own[2], "HOSTNAME=box");
}

Strings applied(const Strings& texts) {
    Variables variables;
    variables.set("SET=image");
    for (const std::string& text : texts)
        EXPECT_TRUE(succeeds(apply_env(text, kOwn, variables)));
    return variables.entries();
}

TEST(Env, SetsAValue) {
    EXPECT_EQ(applied({"A=1"}), (Strings{"SET=image", "A=1"}));
    EXPECT_EQ(applied({"A="}), (Strings{"SET=image", "A="}));
    EXPECT_EQ(applied({"A=b=c d"}), (Strings{"SET=image", "A=b=c d"}));
    EXPECT_EQ(applied({"SET=mine"}), Strings{"SET=mine"});
}

TEST(Env, WithoutAValueTakesTheCallers) {
    EXPECT_EQ(applied({"HOME"}), (Strings{"SET=image", "HOME=/home/u"}));
    EXPECT_EQ(applied({"EMPTY"}), (Strings{"SET=image", "EMPTY="}));
    EXPECT_EQ(applied({"APP_B"}), (Strings{"SET=image", "APP_B=x=y"}));
    EXPECT_EQ(applied({"UNKNOWN"}), Strings{"SET=image"});
    EXPECT_EQ(applied({"SET"}), Strings{"SET=image"}) << "the image's stays";
    EXPECT_EQ(applied({"APP"}), Strings{"SET=image"}) << "it is no beginning";
}

TEST(Env, WithAStarTakesAllThatBeginSo) {
    EXPECT_EQ(applied({"APP_*"}), (Strings{"SET=image", "APP_A=1", "APP_B=x=y"}));
    EXPECT_EQ(applied({"A*=b"}), (Strings{"SET=image", "A*=b"})) << "with a value it is a name";
}

TEST(Env, HasAName) {
    Variables variables;
    for (const char* text : {"", "=", "=value"})
        EXPECT_TRUE(fails_saying(apply_env(text, kOwn, variables), "NAME=VALUE belongs there"));
    EXPECT_TRUE(variables.entries().empty());
}

class EnvFile : public testing::Test {
protected:
    Result<> apply(std::string_view bytes) {
        test::make_file(path_, bytes);
        return apply_env_file(path_, kOwn, variables_);
    }

    test::TempFolder folder_;
    std::string path_ = folder_.at("env");
    Variables variables_;
};

TEST_F(EnvFile, HoldsALineForEach) {
    ASSERT_TRUE(succeeds(apply("# a comment\nA=1\n\n  B= 2 \nHOME\nC='3'\nD=#4")));
    EXPECT_EQ(variables_.entries(), (Strings{"A=1", "B= 2 ", "HOME=/home/u", "C='3'", "D=#4"}));
}

TEST_F(EnvFile, MayComeFromWindows) {
    ASSERT_TRUE(
        succeeds(apply("\xef\xbb\xbf"
                       "A=1\r\nB=2\r\n")));
    EXPECT_EQ(variables_.entries(), (Strings{"A=1", "B=2"}));
}

TEST_F(EnvFile, MayBeEmpty) {
    EXPECT_TRUE(succeeds(apply("")));
    EXPECT_TRUE(variables_.entries().empty());
}

TEST_F(EnvFile, NamesTheLineOfAMistake) {
    EXPECT_TRUE(fails_saying(apply("A=1\n=2\n"), path_ + ":2: the variable has no name"));
    EXPECT_TRUE(fails_saying(apply("\n#\nexport A=1"),
                             path_ + ":3: the variable's name has a space: 'export A'"));
    EXPECT_TRUE(fails_saying(apply("A=1\nB=\0\n"s), path_ + ":2: the line holds a NUL byte"));
    EXPECT_TRUE(fails_saying(apply("\x1b[2J B=1"), path_ + ":1: "));
}

TEST_F(EnvFile, IsAFile) {
    EXPECT_TRUE(fails_saying(apply_env_file(folder_.at("none"), kOwn, variables_),
                             "environment file: open '" + folder_.at("none") + "': No such file"));
    EXPECT_TRUE(fails_saying(apply_env_file(folder_.path(), kOwn, variables_),
                             "reading '" + folder_.path() + "': read: Is a directory"));
}

TEST_F(EnvFile, MayBeAPipe) {
    int ends[2] = {};
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const os::Fd out(ends[0]);
    {
        const os::Fd in(ends[1]);
        ASSERT_TRUE(succeeds(os::write_all(in, "A=1\n")));
    }
    const std::string path = fmt::format("/proc/self/fd/{}", out.get());
    EXPECT_TRUE(succeeds(apply_env_file(path, kOwn, variables_)));
    EXPECT_EQ(variables_.entries(), Strings{"A=1"});
}

TEST_F(EnvFile, HasAnEnd) {
    EXPECT_TRUE(fails_saying(apply_env_file("/dev/zero", kOwn, variables_),
                             "reading '/dev/zero': larger than 16777216 bytes"));
}

TEST(Labels, AreKeysWithOrWithoutValues) {
    const auto labels = parse_labels({"a=1", "b", "c=x=y", "a=2"}, {});
    ASSERT_TRUE(succeeds(labels));
    EXPECT_EQ(*labels, (std::map<std::string, std::string>{{"a", "2"}, {"b", ""}, {"c", "x=y"}}));
    EXPECT_TRUE(fails_saying(parse_labels({"=1"}, {}), "label '=1': KEY=VALUE belongs there"));
}

TEST(Labels, OfTheCommandLineWinOverThoseOfFiles) {
    const test::TempFolder folder;
    test::make_file(folder.at("labels"), "# mine\na=file\nb=file\n");
    EXPECT_EQ((*parse_labels({"a=line"}, {folder.at("labels")})),
              (std::map<std::string, std::string>{{"a", "line"}, {"b", "file"}}));
    test::make_file(folder.at("labels"), "a=1\n=2\n");
    EXPECT_TRUE(fails_saying(parse_labels({}, {folder.at("labels")}),
                             folder.at("labels") + ":2: label '=2'"));
}

}  // namespace
}  // namespace sbx::container
