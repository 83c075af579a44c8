#include "container/execute.h"

#include <gtest/gtest.h>

#include "os/caps.h"
#include "support/results.h"

namespace sbx::container {
namespace {

Blueprint some_blueprint() {
    Blueprint blueprint;
    sandbox::Request& request = blueprint.request;
    request.spec.process.args = {"server"};
    request.spec.process.env = {"PATH=/bin", "A=spec"};
    request.spec.process.cwd = "/srv";
    request.spec.process.capabilities = oci::Capabilities::of({"CAP_CHOWN"});
    request.spec.process.no_new_privileges = true;
    request.identity.user = "server:server";
    request.kept_descriptors = 3;
    return blueprint;
}

TEST(Execute, HasWhatTheContainersProgramHas) {
    const auto request = compose_exec(some_blueprint(), {.command = {"id", "-u"}}, {"A=mine"});
    ASSERT_TRUE(test::succeeds(request));
    const oci::Process& process = request->spec.process;
    EXPECT_EQ(process.args, (std::vector<std::string>{"id", "-u"}));
    EXPECT_EQ(process.env, (std::vector<std::string>{"PATH=/bin", "A=spec"}));
    EXPECT_EQ(process.cwd, "/srv");
    EXPECT_TRUE(process.no_new_privileges);
    EXPECT_EQ(request->identity.user, "server:server");
    EXPECT_EQ(request->kept_descriptors, 0) << "those of the container's program are not its";
}

TEST(Execute, ChangesWhatItsOptionsSay) {
    const auto request = compose_exec(some_blueprint(),
                                      {.command = {"sh"},
                                       .tty = true,
                                       .env = {"A", "B=c"},
                                       .user = "7:8",
                                       .workdir = "/tmp",
                                       .preserve_fds = 1},
                                      {"A=mine"});
    ASSERT_TRUE(test::succeeds(request));
    const oci::Process& process = request->spec.process;
    EXPECT_EQ(process.env, (std::vector<std::string>{"PATH=/bin", "A=mine", "TERM=xterm", "B=c"}));
    EXPECT_TRUE(process.terminal);
    EXPECT_EQ(process.cwd, "/tmp");
    EXPECT_EQ(request->identity.user, "7:8");
    EXPECT_EQ(request->kept_descriptors, 1);
}

TEST(Execute, WantsACommand) {
    for (const std::vector<std::string>& command : {std::vector<std::string>{}, {""}, {"", "x"}})
        EXPECT_TRUE(test::fails_saying(compose_exec(some_blueprint(), {.command = command}, {}),
                                       "the command is an empty word"));
}

TEST(Execute, IsPrivilegedOnlyWhenAsked) {
    const auto request =
        compose_exec(some_blueprint(), {.command = {"sh"}, .privileged = true}, {});
    ASSERT_TRUE(test::succeeds(request));
    EXPECT_EQ(request->spec.process.capabilities.bounding,
              os::capability_names(os::all_capabilities()));
    EXPECT_TRUE(std::holds_alternative<sandbox::Unconfined>(request->seccomp));
    EXPECT_FALSE(request->spec.process.no_new_privileges);
}

TEST(Execute, RefusesWhatIsNoFolderOrFile) {
    EXPECT_TRUE(test::fails_saying(
        compose_exec(some_blueprint(), {.command = {"sh"}, .workdir = "tmp"}, {}),
        "an absolute path belongs there"));
    EXPECT_FALSE(compose_exec(some_blueprint(), {.command = {"sh"}, .env_files = {"/nosuch"}}, {}));
}

}  // namespace
}  // namespace sbx::container
