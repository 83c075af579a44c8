#include "registry/config_file.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace sbx::registry {
namespace {

TEST(ConfigFile, IsReadThroughALink) {
    const test::TempFolder folder;
    test::make_file(folder.at("real"), "text");
    test::make_link(folder.at("link"), "real");
    const Result<std::optional<std::string>> text = read_config_file(folder.at("link"));
    ASSERT_TRUE(text) << text.error().text();
    EXPECT_EQ(*text, "text");
}

TEST(ConfigFile, MayBeAbsent) {
    const test::TempFolder folder;
    test::make_file(folder.at("file"));
    for (const char* name : {"none", "none/below", "file/below"}) {
        const Result<std::optional<std::string>> text = read_config_file(folder.at(name));
        ASSERT_TRUE(text) << text.error().text();
        EXPECT_FALSE(*text);
    }
}

TEST(ConfigFile, IsAFileOfSomeSize) {
    const test::TempFolder folder;
    test::make_file(folder.at("big"), std::string(100, 'x'));
    EXPECT_FALSE(read_config_file(folder.at("big"), 99));
    EXPECT_TRUE(read_config_file(folder.at("big"), 100));
    test::make_fifo(folder.at("fifo"));
    EXPECT_FALSE(read_config_file(folder.at("fifo"))) << "and does not wait for one";
    EXPECT_FALSE(read_config_file(folder.path()));
}

TEST(ConfigFiles, AreListedInOrder) {
    const test::TempFolder folder;
    for (const char* name : {"b.conf", "a.conf", "c.txt"})
        test::make_file(folder.at(name));
    EXPECT_EQ(*files_in(folder.path(), ".conf"),
              (std::vector<std::string>{folder.at("a.conf"), folder.at("b.conf")}));
    EXPECT_TRUE(files_in(folder.at("none"), ".conf")->empty());
}

}  // namespace
}  // namespace sbx::registry
