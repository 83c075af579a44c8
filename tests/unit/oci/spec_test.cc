#include "oci/spec.h"

#include <limits>
#include <span>

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

Spec sample() {
    return {
        .process = {.terminal = true,
                    .user = {.uid = 1000, .gid = 1000, .additional_gids = {4, 24}, .umask = 022},
                    .args = {"sh", "-c", ""},
                    .env = {"A=1"},
                    .cwd = "/srv",
                    .capabilities = {"CAP_CHOWN"},
                    .rlimits = {{.type = "RLIMIT_NOFILE",
                                 .soft = 1024,
                                 .hard = std::numeric_limits<std::uint64_t>::max()}},
                    .no_new_privileges = true,
                    .oom_score_adj = -500},
        .root_path = "/rootfs",
        .root_read_only = true,
        .hostname = "h",
        .domainname = "d",
        .mounts = {{.destination = "/m", .type = "bind", .source = "/s", .options = {"ro"}}},
        .annotations = {{"k", "v"}},
        .namespaces = {{.type = "pid"}, {.type = "network", .path = "/run/ns"}},
        .uid_mappings = {{.container_id = 0, .host_id = 1000, .size = 4294967295}},
        .gid_mappings = {{.container_id = 1, .host_id = 100000, .size = 65536}},
        .devices = {{.path = "/dev/fuse", .source = "/dev/fuse"}},
        .sysctl = {{"net.ipv4.ip_forward", "1"}},
        .masked_paths = {"/proc/kcore"},
        .read_only_paths = {"/proc/sys"},
    };
}

TEST(Spec, GoesThroughJsonWhole) {
    const Json json = sample().to_json();
    const Result<Spec> spec = Spec::from_json(json);
    ASSERT_TRUE(succeeds(spec));
    EXPECT_EQ(spec->to_json().dump(), json.dump());
    EXPECT_EQ(spec->process.user.additional_gids, (std::vector<std::uint32_t>{4, 24}));
    EXPECT_EQ(spec->process.oom_score_adj, -500);
    EXPECT_EQ(spec->mounts[0].options, std::vector<std::string>{"ro"});
    EXPECT_EQ(spec->uid_mappings[0].size, 4294967295);
}

TEST(Spec, IsTheJsonOfTheSpecification) {
    EXPECT_EQ(sample().to_json()["process"].dump(),
              R"({"terminal":true,"user":{"uid":1000,"gid":1000,"umask":18,)"
              R"("additionalGids":[4,24]},"args":["sh","-c",""],"env":["A=1"],"cwd":"/srv",)"
              R"("capabilities":{"bounding":["CAP_CHOWN"],"effective":["CAP_CHOWN"],)"
              R"("permitted":["CAP_CHOWN"]},"rlimits":[{"type":"RLIMIT_NOFILE",)"
              R"("hard":18446744073709551615,"soft":1024}],"noNewPrivileges":true,)"
              R"("oomScoreAdj":-500})");
}

Result<Spec> stored_and_read(const Spec& spec) {
    return Spec::from_json(TRY(Json::parse(spec.to_json().dump())));
}

TEST(Spec, KeepsArgumentsThatAreNoText) {
    Spec spec = sample();
    spec.process.args = {"\xff\xfe", "a\nb"};
    spec.process.env = {"A=\x80"};
    const Result<Spec> read = stored_and_read(spec);
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(read->process.args, spec.process.args);
    EXPECT_EQ(read->process.env, spec.process.env);
}

TEST(Spec, KeepsPathsThatAreNoText) {
    Spec spec = sample();
    spec.root_path = spec.process.cwd = spec.mounts[0].source = "/\xff";
    spec.devices[0].source = spec.namespaces[1].path = spec.mounts[0].destination = "/\xfe";
    const Result<Spec> read = stored_and_read(spec);
    ASSERT_TRUE(succeeds(read));
    EXPECT_EQ(read->root_path, "/\xff");
    EXPECT_EQ(read->process.cwd, "/\xff");
    EXPECT_EQ(read->mounts[0].source, "/\xff");
    EXPECT_EQ(read->mounts[0].destination, "/\xfe");
    EXPECT_EQ(read->devices[0].source, "/\xfe");
    EXPECT_EQ(read->namespaces[1].path, "/\xfe");
}

TEST(Spec, FindsItsNamespaces) {
    const Spec spec = sample();
    ASSERT_NE(spec.find_namespace("network"), nullptr);
    EXPECT_EQ(spec.find_namespace("network")->path, "/run/ns");
    EXPECT_EQ(spec.find_namespace("user"), nullptr);
}

struct Spoiled {
    std::vector<std::string_view> path;  // from the top to the member that is replaced
    Json value;
    std::string_view why;
};

Json replaced(Json json, std::span<const std::string_view> path, const Json& value) {
    const std::string_view key = path.front();
    json.set(key, path.size() == 1 ? value : replaced(json[key], path.subspan(1), value));
    return json;
}

class SpoiledSpecs : public testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledSpecs, AreRefused) {
    const Json spoiled = replaced(sample().to_json(), GetParam().path, GetParam().value);
    EXPECT_TRUE(fails_saying(Spec::from_json(spoiled), GetParam().why)) << spoiled.dump();
}

INSTANTIATE_TEST_SUITE_P(
    All, SpoiledSpecs,
    testing::Values(
        Spoiled{{"process", "user", "uid"}, -1, "process: user: uid: -1 is not a number from 0"},
        Spoiled{{"process", "user", "uid"}, std::int64_t{1} << 32, "to 4294967294"},
        Spoiled{{"process", "user", "uid"}, UINT32_MAX, "4294967295 is not a number from 0 to"},
        Spoiled{{"process", "user", "uid"}, "0", "\"0\" is not a number from 0 to"},
        Spoiled{{"process", "user", "gid"}, Json(), "process: user: 'gid' is missing"},
        Spoiled{{"process", "user", "gid"}, UINT32_MAX, "gid: 4294967295 is not a number"},
        Spoiled{{"process", "user", "umask"}, 01000, "umask: 512 is not a number from 0 to 511"},
        Spoiled{{"process", "user", "additionalGids"},
                Json::array().push(std::int64_t{1} << 32),
                "additionalGids: 4294967296 is not a number from 0 to 4294967294"},
        Spoiled{{"process", "user", "additionalGids"},
                Json::array().push("0"),
                "additionalGids: \"0\" is not a number"},
        Spoiled{{"process"}, 7, "'process' is 7, where an object belongs"},
        Spoiled{{"process", "user"}, "root", "'user' is \"root\", where an object belongs"},
        Spoiled{{"process", "args"}, "sh", "process: 'args' is \"sh\", where an array belongs"},
        Spoiled{{"process", "args"}, Json::array().push(1), "process: args: 1 is not a string"},
        Spoiled{{"process", "env"},
                Json::array().push(Json::object().set("base64", "?")),
                "process: env: not valid base64"},
        Spoiled{{"process", "capabilities"}, Json::array(), "where an object belongs"},
        Spoiled{{"process", "rlimits"}, Json::object(), "where an array belongs"},
        Spoiled{{"root"}, "/", "'root' is \"/\", where an object belongs"},
        Spoiled{{"mounts"}, Json::object(), "'mounts' is {}, where an array belongs"},
        Spoiled{{"linux"}, Json::array(), "'linux' is [], where an object belongs"},
        Spoiled{{"linux", "namespaces"}, "pid", "where an array belongs"},
        Spoiled{{"process", "cwd"}, Json(), "process: 'cwd' is missing"},
        Spoiled{{"process", "terminal"}, 1, "true or false belongs"},
        Spoiled{{"process", "rlimits"}, Json::array().push(Json::object()), "'type' is missing"},
        Spoiled{{"process", "oomScoreAdj"}, "x", "an integer belongs"},
        Spoiled{{"process", "oomScoreAdj"}, std::int64_t{1} << 32, "not from -1000 to 1000"},
        Spoiled{{"process", "oomScoreAdj"}, -1001, "'oomScoreAdj' is -1001, not from"},
        Spoiled{{"root", "readonly"}, "yes", "true or false belongs"},
        Spoiled{{"mounts"}, Json::array().push(Json::object()), "mounts: 'destination' is missing"},
        Spoiled{{"linux", "namespaces"}, Json::array().push(7), "namespaces: 'type' is missing"},
        Spoiled{{"linux", "sysctl"}, Json::object().set("a", 1), "an object of strings"},
        Spoiled{{"linux", "maskedPaths"}, Json::array().push(1), "an array of strings"},
        Spoiled{{"linux", "uidMappings"},
                Json::array().push(Json::object().set("containerID", -1)),
                "uidMappings: containerID: -1 is not a number"},
        Spoiled{{"annotations"}, Json::array(), "an object of strings"}));

}  // namespace
}  // namespace sbx::oci
