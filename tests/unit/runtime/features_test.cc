#include "runtime/features.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "oci/spec.h"
#include "os/caps.h"
#include "os/seccomp.h"
#include "sandbox/mount_options.h"
#include "sandbox/seccomp_words.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

using test::succeeds;
using Words = std::vector<std::string>;

Words words_at(const Json& json, std::string_view key) { return json.get<Words>(key).value(); }

bool has(const Words& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

class Features : public testing::Test {
protected:
    Json all_ = Json::parse(features().dump()).value();
    Json linux_ = all_["linux"];
    Json seccomp_ = linux_["seccomp"];
};

TEST_F(Features, AreOfVersionsThatAreTaken) {
    for (const char* key : {"ociVersionMin", "ociVersionMax"}) {
        const auto version = all_.get<std::string>(key).value();
        EXPECT_TRUE(succeeds(oci::Spec::from_json(Json::object().set("ociVersion", version))));
    }
}

TEST_F(Features, AreMountOptionsThatNoFileSystemGets) {
    const Words words = words_at(all_, "mountOptions");
    for (const char* word : {"bind", "rbind", "ro", "rro", "rprivate", "unbindable", "noatime",
                             "rnostrictatime", "defaults", "idmap", "ridmap", "tmpcopyup"})
        EXPECT_TRUE(has(words, word)) << word;
    EXPECT_FALSE(has(words, "remount"));
    EXPECT_TRUE(std::ranges::is_sorted(words));
    for (const std::string& word : words) {
        const Result<sandbox::MountOptions> options = sandbox::parse_mount_options({word});
        ASSERT_TRUE(succeeds(options));
        EXPECT_TRUE(options->data.empty()) << word;
    }
}

TEST_F(Features, AreWordsThatProfilesMayUse) {
    for (const std::string& word : words_at(seccomp_, "actions"))
        EXPECT_TRUE(succeeds(sandbox::parse_seccomp_action(word)));
    for (const std::string& word : words_at(seccomp_, "operators"))
        EXPECT_TRUE(succeeds(sandbox::parse_seccomp_comparison(word)));
    EXPECT_EQ(words_at(seccomp_, "operators").size(), 7U);
    oci::Seccomp seccomp{.default_action = "SCMP_ACT_ALLOW",
                         .flags = words_at(seccomp_, "knownFlags")};
    EXPECT_EQ(seccomp.flags, words_at(seccomp_, "supportedFlags"));
    EXPECT_TRUE(succeeds(sandbox::seccomp_profile(seccomp)));
    const Words architectures = words_at(seccomp_, "archs");
    EXPECT_TRUE(has(architectures, "SCMP_ARCH_X86_64"));
    for (const std::string& name : architectures)
        EXPECT_TRUE(succeeds(os::compile_profile({.architectures = {name}}))) << name;
}

TEST_F(Features, AreNamesOfCapabilitiesAndNamespaces) {
    const Words capabilities = words_at(linux_, "capabilities");
    EXPECT_GE(capabilities.size(), 41U);
    for (const std::string& name : capabilities)
        EXPECT_TRUE(succeeds(os::parse_capability(name)));
    Words namespaces = words_at(linux_, "namespaces");
    std::ranges::sort(namespaces);
    EXPECT_EQ(namespaces,
              (Words{"cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"}));
}

TEST_F(Features, AreHooksOfEachMoment) {
    Json hooks = Json::object();
    const Words names = words_at(all_, "hooks");
    for (const std::string& name : names)
        hooks.set(name, Json::array().push(Json::object().set("path", "/" + name)));
    const Result<oci::Spec> spec = oci::Spec::from_json(
        Json::object().set("ociVersion", "1.0.0").set("hooks", std::move(hooks)));
    ASSERT_TRUE(succeeds(spec));
    EXPECT_EQ(names.size(), 6U);
    EXPECT_EQ(spec->hooks.prestart.front().path, "/prestart");
    EXPECT_EQ(spec->hooks.create_runtime.front().path, "/createRuntime");
    EXPECT_EQ(spec->hooks.create_container.front().path, "/createContainer");
    EXPECT_EQ(spec->hooks.start_container.front().path, "/startContainer");
    EXPECT_EQ(spec->hooks.poststart.front().path, "/poststart");
    EXPECT_EQ(spec->hooks.poststop.front().path, "/poststop");
}

}  // namespace
}  // namespace sbx::runtime
