#include "quadlet/unit_file.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::quadlet {
namespace {

using test::fails_saying;
using test::succeeds;

UnitFile parsed(std::string_view text) {
    Result<UnitFile> file = UnitFile::parse("web.container", text);
    EXPECT_TRUE(succeeds(file));
    return *std::move(file);
}

std::string last(const UnitFile& file, std::string_view section, std::string_view key) {
    const auto entry = file.last(section, key);
    return entry ? entry->value : "none";
}

std::string all(const UnitFile& file, std::string_view section, std::string_view key) {
    std::string values;
    for (const Entry& entry : file.all(section, key))
        values += "<" + entry.value + ">";
    return values;
}

TEST(UnitFile, HasSectionsOfKeys) {
    const UnitFile file = parsed(
        "# a comment\n; another\n\n[Unit]\nDescription = A web server \n"
        "[Container]\r\nImage=a=b\r\n[Unit]\nAfter=x\n");
    EXPECT_EQ(last(file, "Unit", "Description"), "A web server");
    EXPECT_EQ(last(file, "Unit", "After"), "x") << "a section may be written in parts";
    EXPECT_EQ(last(file, "Container", "Image"), "a=b");
    EXPECT_EQ(last(file, "Container", "image"), "none");
    EXPECT_EQ(last(file, "Service", "Image"), "none");
    EXPECT_EQ(file.last("Container", "Image")->place, "web.container:7");
    EXPECT_EQ(file.sections().size(), 2U);
}

TEST(UnitFile, GoesOnBehindABackslash) {
    const UnitFile file =
        parsed("[A]\nExec=one \\\n# not a part\n  two\\\nthree\nNext=\\\n\nC=1\n");
    EXPECT_EQ(last(file, "A", "Exec"), "one    two three");
    EXPECT_EQ(last(file, "A", "Next"), "none");
    EXPECT_EQ(last(file, "A", "C"), "1");
    EXPECT_EQ(file.last("A", "Exec")->place, "web.container:2");
    EXPECT_EQ(last(parsed("[A]\nB=end\\"), "A", "B"), "end");
    EXPECT_EQ(last(parsed("[A]\nB=C:\\\\\nD=1\n"), "A", "B"), "C:\\\\") << "an escaped one";
}

TEST(UnitFile, TakesTheLastOrAllUntilAnEmptyOne) {
    const UnitFile file = parsed("[A]\nB=1\nB=2\nC=1\nC=\nC=2\nC=3\nD=1\nD=\n");
    EXPECT_EQ(last(file, "A", "B"), "2");
    EXPECT_EQ(all(file, "A", "B"), "<1><2>");
    EXPECT_EQ(all(file, "A", "C"), "<2><3>");
    EXPECT_EQ(last(file, "A", "D"), "none");
}

TEST(UnitFile, IsFollowedByDropIns) {
    UnitFile file = parsed("[A]\nB=1\nC=1\n");
    file.add(parsed("[A]\nB=2\nC=\n[New]\nD=4\n"));
    EXPECT_EQ(all(file, "A", "B"), "<1><2>");
    EXPECT_EQ(last(file, "A", "C"), "none");
    EXPECT_EQ(last(file, "New", "D"), "4");
}

TEST(UnitFile, NamesTheLineThatIsNone) {
    const auto fails = [](std::string_view text, std::string_view words) {
        const Result<UnitFile> file = UnitFile::parse("f", text);
        return fails_saying(file, words) && file.failed_as(Error::Kind::usage);
    };
    EXPECT_TRUE(fails("[A]\n\nnothing\n", "f:3: 'nothing': KEY=VALUE belongs there"));
    EXPECT_TRUE(fails("B=1\n", "f:1: 'B=1': it stands before any section"));
    EXPECT_TRUE(fails("[A\n", "f:1: '[A': a section is written [NAME]"));
    EXPECT_TRUE(fails("[]\n", "a section is written [NAME]"));
    EXPECT_TRUE(fails("[A]\n=x\n", "KEY=VALUE belongs there"));
    EXPECT_TRUE(fails("[A]\na b=x\n", "KEY=VALUE belongs there"));
    EXPECT_TRUE(fails(std::string_view("[A]\nb=\0x\n", 9), "zero byte"));
}

TEST(UnitFile, KnowsYesAndNo) {
    const auto truth = [](const std::string& value) {
        return truth_of({.key = "ReadOnly", .value = value, .place = "f:3"});
    };
    for (const char* yes : {"1", "yes", "True", "on", "t", "Y"})
        EXPECT_TRUE(*truth(yes)) << yes;
    for (const char* no : {"0", "NO", "false", "off", "f", "n"})
        EXPECT_FALSE(*truth(no)) << no;
    EXPECT_TRUE(fails_saying(truth("maybe"), "f:3: ReadOnly=maybe: yes or no belongs there"));
}

}  // namespace
}  // namespace sbx::quadlet
