#include "runtime/supported.h"

#include <gtest/gtest.h>

#include "oci/default_spec.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

oci::Spec with(const char* members) {
    const Json json = *Json::parse(members);
    return *oci::Spec::from_json(json);
}

TEST(Supported, IsWhatSpecWrites) {
    EXPECT_TRUE(test::succeeds(check_supported(oci::default_spec())));
    EXPECT_TRUE(test::succeeds(check_supported(oci::default_rootless_spec({.uid = 1000}))));
}

TEST(Supported, AreNetworkDevicesOfANamespaceOfItsOwn) {
    EXPECT_TRUE(test::succeeds(check_supported(with(
        R"({"ociVersion":"1.0.2","linux":{"netDevices":{"eth0":{}},
            "namespaces":[{"type":"network"}]}})"))));
}

TEST(Supported, NamesWhatCannotBeGiven) {
    struct Case {
        const char* document;
        const char* name;
    };
    const Case cases[] = {
        {R"({"ociVersion":"1.0.2","linux":{"netDevices":{"eth0":{}}}})",
         "linux.netDevices, which cannot be had: the network namespace is the caller's own"},
    };
    for (const Case& one : cases)
        EXPECT_TRUE(test::fails_saying(check_supported(with(one.document)), one.name));
}

}  // namespace
}  // namespace sbx::runtime
