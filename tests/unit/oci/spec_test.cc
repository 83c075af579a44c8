#include "oci/spec.h"

#include <gtest/gtest.h>

#include "support/golden.h"
#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

std::string golden(const std::string& name) {
    return test::golden(fmt::format("unit/oci/golden/{}.json", name));
}

Result<Spec> read(std::string_view text) { return Spec::from_json(TRY(Json::parse(text))); }

Result<Spec> stored_and_read(const Spec& spec) { return read(spec.to_json().dump()); }

// Every member of config.md and config-linux.md is in it.
TEST(Spec, GoesThroughJsonWhole) {
    const Result<Spec> spec = read(golden("whole"));
    ASSERT_TRUE(succeeds(spec));
    EXPECT_TRUE(test::matches_golden("unit/oci/golden/whole.json",
                                     spec->to_json().dump(Json::Layout::indented) + "\n"));
}

TEST(Spec, IsWhatTheDocumentSays) {
    const Result<Spec> spec = read(golden("whole"));
    ASSERT_TRUE(succeeds(spec));
    EXPECT_EQ(spec->root_path, "rootfs");
    EXPECT_TRUE(spec->root_read_only);
    EXPECT_EQ(spec->hostname, "slartibartfast");
    EXPECT_EQ(spec->mounts[1].gid_mappings[0].size, UINT32_MAX);
    EXPECT_EQ(spec->hooks.poststop[0].timeout, 6);
    EXPECT_EQ(spec->time_offsets.at("boottime"), (TimeOffset{-100, 200}));
    EXPECT_EQ(spec->net_devices.at("eth0").name, "container_eth0");
    EXPECT_EQ(spec->resources.pids_limit, 32771);
    EXPECT_EQ(spec->seccomp->syscalls[1].args[0].value_two, 1);
    EXPECT_EQ(spec->personality->domain, "LINUX32");
}

TEST(Spec, MayBeSmall) {
    const Result<Spec> spec = read(R"({"ociVersion":"1.0.0"})");
    ASSERT_TRUE(succeeds(spec));
    EXPECT_EQ(*spec, Spec{.version = "1.0.0"});
    EXPECT_EQ(spec->to_json().dump(), R"({"ociVersion":"1.0.0"})");
}

TEST(Spec, PassesOverWhatIsNotForLinuxOrNotKnown) {
    EXPECT_TRUE(succeeds(read(R"({"ociVersion":"1.9.1-rc.2","windows":{"layerFolders":7},)"
                              R"("vm":[],"process":null,"linux":{"future":{"a":1}}})")));
}

TEST(Spec, IsWrittenWithTheVersionThatSbxKnows) {
    EXPECT_EQ(Spec{}.to_json()["ociVersion"].dump(), "\"1.3.0\"");
}

// Members of `original` that `written` has not, or has otherwise; what is empty or false may go.
std::vector<std::string> lost(const Json& original, const Json& written, const std::string& path) {
    const std::string value = original.dump();
    if (value == "false" || value == "[]" || value == "{}" || value == written.dump()) return {};
    if (!original.as_object() && !original.as_array()) return {path};
    std::vector<std::string> all;
    const auto add = [&](const std::vector<std::string>& more) {
        all.insert(all.end(), more.begin(), more.end());
    };
    for (const auto& [key, inner] : original.members())
        add(lost(inner, written[key], path + "/" + key));
    for (std::size_t i = 0; i < original.items().size(); ++i)
        add(lost(original.items()[i], i < written.items().size() ? written.items()[i] : Json(),
                 fmt::format("{}/{}", path, i)));
    return all;
}

// What others write for their runtimes, as they wrote it.
class ToolsSpecs : public testing::TestWithParam<const char*> {};

TEST_P(ToolsSpecs, AreReadAndKeepEverything) {
    const Result<Json> json = Json::parse(golden(GetParam()));
    ASSERT_TRUE(succeeds(json));
    const Result<Spec> spec = Spec::from_json(*json);
    ASSERT_TRUE(succeeds(spec));
    EXPECT_EQ(lost(*json, spec->to_json(), ""), std::vector<std::string>{});
    const Result<Spec> again = stored_and_read(*spec);
    ASSERT_TRUE(succeeds(again));
    EXPECT_EQ(*again, *spec);
}

INSTANTIATE_TEST_SUITE_P(All, ToolsSpecs,
                         testing::Values("runc", "runc-rootless", "crun", "containerd", "podman"));

TEST(Spec, KeepsPathsThatAreNoText) {
    Spec spec{.process = {.args = {"\xff\xfe", "a\nb"}, .env = {"A=\x80"}, .cwd = "/\xff"},
              .root_path = "/\xff",
              .mounts = {{.destination = "/\xfe", .source = "/\xff"}},
              .namespaces = {{.type = "network", .path = "/\xfe"}},
              .devices = {{.path = "/dev/\xfe", .source = "/\xfe"}},
              .masked_paths = {"/\xfd"}};
    const Result<Spec> read = stored_and_read(spec);
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(*read, spec);
}

TEST(Spec, FindsItsNamespaces) {
    const Spec spec{.namespaces = {{.type = "pid"}, {.type = "network", .path = "/run/ns"}}};
    ASSERT_NE(spec.find_namespace("network"), nullptr);
    EXPECT_EQ(spec.find_namespace("network")->path, "/run/ns");
    EXPECT_EQ(spec.find_namespace("user"), nullptr);
}

struct Bad {
    std::string_view text;  // what follows the version
    std::string_view why;
};

class BadSpecs : public testing::TestWithParam<Bad> {};

TEST_P(BadSpecs, AreRefused) {
    const std::string text = fmt::format(R"({{"ociVersion":"1.3.0",{}}})", GetParam().text);
    EXPECT_TRUE(fails_saying(read(text), GetParam().why)) << text;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadSpecs,
    testing::Values(
        Bad{R"("process":7)", "process: 7 is not an object"},
        Bad{R"("process":{"cwd":"/"})", "process.user: is missing"},
        Bad{R"("process":{"user":{"uid":-1}})", "process.user.uid: -1 is not a number from 0 to"},
        Bad{R"("root":"/")", R"(root: "/" is not an object)"},
        Bad{R"("root":{"readonly":"yes"})", "root.readonly: \"yes\" is not true or false"},
        Bad{R"("hostname":1)", "hostname: 1 is not a string"},
        Bad{R"("mounts":{})", "mounts: {} is not an array"},
        Bad{R"("annotations":{"":"x"})", "annotations: "},
        Bad{R"("annotations":{"a":1})", "annotations.a: 1 is not a string"},
        Bad{R"("linux":[])", "linux: [] is not an object"},
        Bad{R"("linux":{"namespaces":"pid"})", "linux.namespaces: \"pid\" is not an array"},
        Bad{R"("linux":{"namespaces":[{"type":"pid"},{"type":"pid"}]})", "has two of one type"},
        Bad{R"("linux":{"timeOffsets":{"realtime":{}}})", "has a clock other than"},
        Bad{R"("linux":{"netDevices":{"a/b":{}}})", "has a name that no network device can have"},
        Bad{R"("linux":{"netDevices":{"eth0":{"name":"0123456789abcdef"}}})", "has a name that"},
        Bad{R"("linux":{"netDevices":{"..":{}}})", "has a name that no network device can have"},
        Bad{R"("linux":{"sysctl":{"kernel.x":1}})", "linux.sysctl['kernel.x']: 1 is not a string"},
        Bad{R"("linux":{"rootfsPropagation":"rec"})", "linux.rootfsPropagation: 'rec' is none of"},
        Bad{R"("linux":{"maskedPaths":["/a",1]})", "linux.maskedPaths[1]: 1 is not a string"},
        Bad{R"("linux":{"maskedPaths":["proc"]})", "linux.maskedPaths: "},
        Bad{R"("linux":{"readonlyPaths":[""]})", "linux.readonlyPaths: "},
        Bad{R"("linux":{"uidMappings":[{"containerID":-1}]})",
            "linux.uidMappings[0].containerID: -1 is not a number"},
        Bad{R"("linux":{"resources":{"pids":{"limit":"x"}}})", "linux.resources.pids.limit: "}));

TEST(Spec, IsRefusedByNameWhereItsVersionIsAnother) {
    EXPECT_TRUE(fails_saying(read("{}"), "ociVersion: is missing"));
    EXPECT_TRUE(fails_saying(read(R"({"ociVersion":"2.0.0"})"),
                             "ociVersion: \"2.0.0\" is not a version 1 of the OCI"));
    EXPECT_TRUE(fails_saying(read(R"({"ociVersion":"0.9"})"), "\"0.9\" is not a version 1"));
    EXPECT_TRUE(fails_saying(read(R"({"ociVersion":"10.0"})"), "\"10.0\" is not a version 1"));
    EXPECT_TRUE(fails_saying(read(R"({"ociVersion":1})"), "ociVersion: 1 is not a string"));
}

}  // namespace
}  // namespace sbx::oci
