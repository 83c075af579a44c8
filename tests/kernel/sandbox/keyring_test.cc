#include "sandbox/keyring.h"

#include <gtest/gtest.h>

#include "support/containers.h"
#include "support/files.h"
#include "support/waiting.h"

namespace sbx::sandbox {
namespace {

using test::Outcome;
using test::output_of;
using test::run;
using test::TinyRoot;

TEST(Keyring, IsTheContainersOwn) {
    const TinyRoot root;
    Request request = root.request("grep -o sbx-test-key /proc/keys");
    request.keyring = "sbx-test-key";
    EXPECT_EQ(output_of(request), "sbx-test-key\n");
    EXPECT_TRUE(test::comes_true([] {
        return !test::bytes_of("/proc/keys").contains("sbx-test-key");
    })) << "it ends with the container";
}

// Where none can be had the person's would be the container's.
TEST(Keyring, FailsWhereNoneCanBeHad) {
    const TinyRoot root;
    Request request = root.request("true");
    request.keyring = ".refused";  // names that begin so are the kernel's
    const Outcome outcome = run(request);
    EXPECT_EQ(outcome.code, 125);
    EXPECT_TRUE(outcome.failure.contains("begin a session keyring: ")) << outcome.failure;
}

}  // namespace
}  // namespace sbx::sandbox
