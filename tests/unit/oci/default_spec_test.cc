#include "oci/default_spec.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/golden.h"
#include "support/results.h"

namespace sbx::oci {
namespace {

using test::succeeds;

// runc 1.1's, with what later versions of it and sbx have otherwise.
Result<Spec> runcs(const std::string& name) {
    const std::string text = test::golden(fmt::format("unit/oci/golden/{}.json", name));
    const Json json = TRY(Json::parse(text));
    Spec spec = TRY(Spec::from_json(json));
    spec.version = kRuntimeSpecVersion;
    spec.hostname = "sbx";
    spec.process.capabilities.ambient = {};
    return spec;
}

TEST(DefaultSpec, IsRuncs) {
    const Result<Spec> runc = runcs("runc");
    ASSERT_TRUE(succeeds(runc));
    const Spec spec = default_spec();
    EXPECT_EQ(spec.process, runc->process);
    EXPECT_EQ(spec.root_path, "rootfs");
    EXPECT_TRUE(spec.root_read_only);
    EXPECT_EQ(spec.mounts, runc->mounts);
    EXPECT_EQ(spec.resources, runc->resources);
    EXPECT_EQ(spec.read_only_paths, runc->read_only_paths);
    for (const std::string& path : runc->masked_paths)
        EXPECT_NE(std::ranges::find(spec.masked_paths, path), spec.masked_paths.end()) << path;
    for (const Namespace& ns : runc->namespaces)
        EXPECT_NE(spec.find_namespace(ns.type), nullptr) << ns.type;
}

TEST(DefaultSpec, IsRuncsWithoutRoot) {
    const Result<Spec> runc = runcs("runc-rootless");
    ASSERT_TRUE(succeeds(runc));
    const Spec spec = default_rootless_spec({.uid = 1000, .gid = 100});
    EXPECT_EQ(spec.process, runc->process);
    EXPECT_EQ(spec.resources, Resources{});
    EXPECT_EQ(spec.find_namespace("network"), nullptr);
    EXPECT_NE(spec.find_namespace("user"), nullptr);
    EXPECT_EQ(spec.uid_mappings, (std::vector<IdMapping>{{.host_id = 1000}}));
    EXPECT_EQ(spec.gid_mappings, (std::vector<IdMapping>{{.host_id = 100}}));
}

// But for what is mounted below the host's /sys, which runc leaves writable (CVE-2023-25809).
TEST(DefaultSpec, HasTheMountsOfRuncsWithoutRoot) {
    Result<Spec> runc = runcs("runc-rootless");
    ASSERT_TRUE(succeeds(runc));
    for (Mount& mount : runc->mounts)
        if (mount.source == "/sys") mount.options.back() = "rro";
    EXPECT_EQ(default_rootless_spec({.uid = 1000, .gid = 100}).mounts, runc->mounts);
}

TEST(DefaultSpec, IsReadAsItIsWritten) {
    const Result<Spec> spec = Spec::from_json(default_spec().to_json());
    ASSERT_TRUE(succeeds(spec));
    EXPECT_EQ(*spec, default_spec());
}

}  // namespace
}  // namespace sbx::oci
