#include "oci/hooks.h"

#include <gtest/gtest.h>

#include "oci/members.h"
#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

template <class T>
Result<T> read(std::string_view text) {
    return read_document<T>(TRY(Json::parse(text)));
}

TEST(Hooks, AreTheJsonOfTheSpecification) {
    const std::string_view text =
        R"({"prestart":[{"path":"/a"}],"createRuntime":[{"path":"/b","args":["b","x"]}],)"
        R"("createContainer":[{"path":"/c","env":["K=v"]}],)"
        R"("startContainer":[{"path":"/d","timeout":1}],)"
        R"("poststart":[{"path":"/e"},{"path":"/f"}],"poststop":[{"path":"/g"}]})";
    const Result<Hooks> hooks = read<Hooks>(text);
    ASSERT_TRUE(succeeds(hooks));
    EXPECT_EQ(hooks->poststart[1].path, "/f");
    EXPECT_EQ(hooks->start_container[0].timeout, 1);
    EXPECT_EQ(write_document(*hooks).dump(), text);
}

TEST(Hooks, AreRefusedWithTheirPath) {
    const auto fails = [](std::string_view text, std::string_view why) {
        return fails_saying(read<Hooks>(text), why);
    };
    EXPECT_TRUE(fails(R"({"prestart":{}})", "prestart: {} is not an array"));
    EXPECT_TRUE(fails(R"({"prestart":[{}]})", "prestart[0].path: is missing"));
    EXPECT_TRUE(fails(R"({"poststop":[{"path":"bin/a"}]})", "poststop[0].path: \"bin/a\" is not"));
    EXPECT_TRUE(fails(R"({"poststop":[{"path":"/a","timeout":0}]})", "poststop[0].timeout: 0 is"));
    EXPECT_TRUE(fails(R"({"poststop":[{"path":"/a","timeout":-1}]})", "timeout: -1 is not"));
    EXPECT_TRUE(fails(R"({"poststop":[{"path":"/a","args":[1]}]})", "poststop[0].args[0]: 1 is"));
}

}  // namespace
}  // namespace sbx::oci
