#include "runtime/request.h"

#include <cstdlib>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::runtime {
namespace {

TEST(Request, IsWhatTheDocumentSays) {
    oci::Spec spec;
    spec.process.user = {.uid = 5, .gid = 6, .additional_gids = {7, 8}};
    spec.process.env = {"A=b"};
    const sandbox::Request request = *request_for(spec, {}, "");
    EXPECT_EQ(request.identity.user, "5:6");
    EXPECT_EQ(request.identity.groups, (std::vector<std::string>{"7", "8"}));
    EXPECT_EQ(request.spec.process.env, (std::vector<std::string>{"A=b"}));
    EXPECT_TRUE(std::holds_alternative<sandbox::Unconfined>(request.seccomp));
    EXPECT_EQ(request.kept_descriptors, 0);
    EXPECT_FALSE(request.image);
    EXPECT_TRUE(request.exact) << "no default of sbx's own";
    EXPECT_TRUE(std::holds_alternative<sandbox::AsSpecified>(request.user_namespace));
}

TEST(Request, TellsTheProgramOfItsSockets) {
    const sandbox::Request request = *request_for({}, {.listening = 2, .preserved = 1}, "box");
    EXPECT_EQ(request.kept_descriptors, 3);
    EXPECT_EQ(request.keyring, "box");
    EXPECT_EQ(request.spec.process.env, (std::vector<std::string>{"LISTEN_FDS=2", "LISTEN_PID=1"}));
}

TEST(Request, HasTheFilterOfTheDocument) {
    oci::Spec spec;
    spec.seccomp = oci::Seccomp{.default_action = "SCMP_ACT_ALLOW"};
    const auto request = request_for(spec, {}, "");
    ASSERT_TRUE(test::succeeds(request));
    EXPECT_TRUE(std::holds_alternative<os::SeccompProfile>(request->seccomp));
    spec.seccomp->default_action = "SCMP_ACT_NOSUCH";
    EXPECT_TRUE(test::fails_saying(request_for(spec, {}, ""), "linux.seccomp"));
}

TEST(Request, PassesOnOnlyWhatWasInherited) {
    test::in_own_process([] {
        ::unsetenv("LISTEN_FDS");
        ::unsetenv("LISTEN_PID");
        EXPECT_EQ(inheritance(0)->count(), 0);
        ::close_range(3, ~0U, 0);
        EXPECT_TRUE(test::fails_saying(inheritance(1), "descriptor 3"));
        ASSERT_EQ(::open("/dev/null", O_RDONLY), 3);
        EXPECT_EQ(inheritance(1)->count(), 1);
        ::setenv("LISTEN_FDS", "1", 1);
        EXPECT_EQ(inheritance(0)->listening, 1);
        EXPECT_TRUE(test::fails_saying(inheritance(1), "descriptor 4"));
        ::setenv("LISTEN_FDS", "-1", 1);
        EXPECT_TRUE(test::fails_saying(inheritance(0), "LISTEN_FDS"));
    });
}

TEST(Request, TakesNoSocketsOfAnotherProcess) {
    test::in_own_process([] {
        ::close_range(3, ~0U, 0);
        ::setenv("LISTEN_FDS", "1", 1);
        ::setenv("LISTEN_PID", "1", 1);
        EXPECT_EQ(inheritance(0)->listening, 0);
        ::setenv("LISTEN_PID", fmt::format("{}", ::getpid()).c_str(), 1);
        EXPECT_TRUE(test::fails_saying(inheritance(0), "descriptor 3"));
    });
}

}  // namespace
}  // namespace sbx::runtime
