#include "container/blueprint.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

constexpr const char* kProfile = R"({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
    {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}}]})";

Blueprint sample() {
    Blueprint b{.record = {.id = "1234", .name = "box"}};
    b.request.spec.process.args = {"sh", "-c", "\xff"};
    b.entrypoint_words = 2;
    b.request.spec.process.capabilities = oci::Capabilities::of({"CAP_CHOWN"});
    b.request.spec.mounts = {{.destination = "/m", .type = "bind", .source = "/\xfe"}};
    b.request.image = sandbox::ImageRoot{.layers_directory = "/l",
                                         .layers = {"AB", "CD"},
                                         .container = "../../containers/1234",
                                         .mount_points = "../m",
                                         .lasting = false,
                                         .driver = sandbox::Driver::fuse_overlayfs};
    b.request.identity = {.user = "me:us", .groups = {"wheel"}, .keep_groups = true};
    b.request.user_namespace = sandbox::KeepId{.uid = 1000, .gid = 4294967294};
    b.request.seccomp = os::SeccompProfile{};
    b.request.added_capabilities = 1ULL << 63;
    b.request.keyring = "sbx-1234";
    b.request.init = true;
    b.request.kept_descriptors = 2;
    b.seccomp_text = kProfile;
    b.files = {.hostname = "h\n",
               .hosts = "127.0.0.1 h\n",
               .resolv = "",
               .asked = {.dns = {"192.0.2.1"}, .hosts = {"db:192.0.2.7"}}};
    b.ports = *network::parse_publish("8000-8010:80/udp", "::1");
    b.exposed = *network::parse_expose("80/udp");
    b.pasta = network::PastaOptions{.words = {"--mtu", "1500"}};
    b.interactive = true;
    b.stop_signal = 64;
    b.stop_timeout = -1;
    b.timeout = std::chrono::milliseconds(1500);
    b.detach_keys = "ctrl-@";
    b.health = HealthCheck{.config = {.test = {"CMD", "x"}, .retries = 2},
                           .on_failure = HealthCheck::Action::kill};
    return b;
}

Result<Blueprint> read(const Json& json) {
    return blueprint_from({.id = "1234", .name = "box"}, json);
}

TEST(Blueprint, GoesThroughJsonWhole) {
    const Json json = to_json(sample());
    const Result<Json> parsed = Json::parse(json.dump());
    ASSERT_TRUE(succeeds(parsed));
    const Result<Blueprint> again = read(*parsed);
    ASSERT_TRUE(succeeds(again));
    EXPECT_EQ(to_json(*again).dump(), json.dump());
    EXPECT_EQ(again->record.name, "box");
    EXPECT_EQ(again->entrypoint_words, 2U);
    EXPECT_EQ(again->ports, sample().ports);
    EXPECT_EQ(again->pasta, sample().pasta);
    EXPECT_EQ(again->exposed, sample().exposed);
    EXPECT_EQ(again->request.spec.process.args.back(), "\xff") << "bytes stay what they are";
    EXPECT_EQ(again->request.spec.mounts.front().source, "/\xfe");
    EXPECT_EQ(again->request.image->driver, sandbox::Driver::fuse_overlayfs);
    EXPECT_EQ(again->request.image->mount_points, "../m");
    EXPECT_EQ(again->files.resolv, "") << "an empty file is not the image's own";
    EXPECT_EQ(again->files.asked.dns, sample().files.asked.dns);
    EXPECT_EQ(again->files.asked.hosts, sample().files.asked.hosts);
    EXPECT_EQ(again->request.kept_descriptors, 0) << "they were of one run";
    EXPECT_EQ(again->stop_timeout, -1);
    EXPECT_EQ(again->timeout, std::chrono::milliseconds(1500));
    EXPECT_EQ(std::get<sandbox::KeepId>(again->request.user_namespace).gid, 4294967294);
}

TEST(Blueprint, OfTheDefaultsIsOneAgain) {
    const Result<Blueprint> again = read(to_json(Blueprint{}));
    ASSERT_TRUE(succeeds(again));
    EXPECT_FALSE(again->request.image);
    EXPECT_FALSE(again->files.resolv);
    EXPECT_FALSE(again->timeout);
    EXPECT_EQ(again->stop_signal, 15);
    EXPECT_EQ(again->stop_timeout, 10);
    EXPECT_TRUE(std::holds_alternative<sandbox::OwnIds>(again->request.user_namespace));
    EXPECT_TRUE(std::holds_alternative<sandbox::DefaultFilter>(again->request.seccomp));
}

// Its file may be moved or changed meanwhile: the text is kept, its conditions are those of the
// container's capabilities.
TEST(Blueprint, KeepsTheProfileItself) {
    const Result<Blueprint> again = read(to_json(sample()));
    ASSERT_TRUE(succeeds(again));
    const auto& profile = std::get<os::SeccompProfile>(again->request.seccomp);
    ASSERT_EQ(profile.rules.size(), 1U);
    EXPECT_EQ(profile.rules[0].names, std::vector<std::string>{"read"});
}

TEST(Blueprint, KeepsThatThereIsNoFilter) {
    Blueprint blueprint;
    blueprint.request.seccomp = sandbox::Unconfined{};
    EXPECT_TRUE(
        std::holds_alternative<sandbox::Unconfined>(read(to_json(blueprint))->request.seccomp));
}

struct Damage {
    const char* key;
    const char* value;
    const char* words;
};

class DamagedBlueprints : public testing::TestWithParam<Damage> {};

TEST_P(DamagedBlueprints, AreRefused) {
    Json json = to_json(sample());
    json.set(GetParam().key, Json::parse(GetParam().value).value());
    EXPECT_TRUE(fails_saying(read(json), GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedBlueprints,
    testing::Values(Damage{"spec", R"({"ociVersion": "1.0.0", "process": 1})", "process: 1"},
                    Damage{"image", R"({"layers_directory": "/l", "layers": ["A"]})", "container"},
                    Damage{"image", R"({"layers_directory": "/l", "layers": "A"})", "layers"},
                    Damage{"identity", R"({"groups": "wheel"})", "groups"},
                    Damage{"keep_id", R"({"uid": 4294967296, "gid": 0})", "'uid' is 4294967296"},
                    Damage{"keep_id", R"({"uid": -1, "gid": 0})", "'uid' is -1"},
                    Damage{"seccomp", R"("none")", "'seccomp' is 'none'"},
                    Damage{"seccomp_profile", R"("{")", "seccomp profile"},
                    Damage{"entrypoint_words", "4", "'entrypoint_words' is 4, where 0 to 3"},
                    Damage{"stop_signal", "65", "'stop_signal' is 65, where 0 to 64 belongs"},
                    Damage{"files", R"({"resolv": 1})", "resolv"},
                    Damage{"interactive", R"("yes")", "interactive"},
                    Damage{"timeout", R"("1s")", "timeout"}));

TEST(Blueprint, IsNotReadFromAnythingElse) {
    for (const char* text :
         {"[]", "1", "null", R"({"keep_id": {}})", R"({"image": {}})", R"({"seccomp": "profile"})"})
        EXPECT_FALSE(read(Json::parse(text).value())) << text;
}

}  // namespace
}  // namespace sbx::container
