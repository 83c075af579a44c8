#include "sandbox/hooks.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::bytes_of;
using test::fails_saying;
using test::Outcome;
using test::succeeds;
using test::TinyRoot;

oci::Hook shell(const std::string& script) {
    return {.path = "/bin/sh", .args = {"sh", "-c", script}, .env = {"PATH=/bin:/usr/bin"}};
}

class Hooks : public testing::Test {
protected:
    Result<> run(const std::vector<oci::Hook>& hooks) {
        return run_hooks(hooks, {.name = "prestart", .state = "{\"id\":\"x\"}"});
    }
    std::string out() const { return folder_.at("out"); }

    test::TempFolder folder_;
};

TEST_F(Hooks, ReadTheStateAndHaveTheirArgumentsAndEnvironmentAlone) {
    oci::Hook hook =
        shell(fmt::format("cat > {0}; echo \" $0 $1 $A\" >> {0}; env | wc -l >> {0}", out()));
    hook.args = {"zero", "-c", hook.args[2], "one", "two"};
    hook.env = {"A=b c", "PATH=/bin:/usr/bin", "PWD=/"};
    ASSERT_TRUE(succeeds(run({hook})));
    EXPECT_EQ(bytes_of(out()), "{\"id\":\"x\"} one two b c\n3\n");
}

TEST_F(Hooks, RunInTheirOrderUntilOneFails) {
    const Result<> ran = run({shell("echo 1 >> " + out()), shell("echo 2 >> " + out() + "; exit 3"),
                              shell("echo 3 >> " + out())});
    EXPECT_TRUE(fails_saying(ran, "prestart hook '/bin/sh': it ended with status 3"));
    EXPECT_EQ(bytes_of(out()), "1\n2\n");
}

TEST_F(Hooks, NeedNotReadTheState) {
    const std::string large(std::size_t{1} << 20, 'x');
    EXPECT_TRUE(succeeds(run_hooks({shell("true")}, {.name = "poststop", .state = large})));
}

TEST_F(Hooks, AreNamedWhereTheyCannotBeRun) {
    EXPECT_TRUE(fails_saying(run({{.path = "/no/such"}}),
                             "prestart hook '/no/such': run '/no/such': No such file"));
    EXPECT_TRUE(fails_saying(run({{.path = "/etc/passwd"}}), "Permission denied"));
}

TEST_F(Hooks, AreKilledAtTheEndOfTheirTime) {
    oci::Hook hook = shell("exec sleep 1000");
    hook.timeout = 1;
    EXPECT_TRUE(fails_saying(run({hook}), "it did not end within 1 seconds"));
    hook = shell("true");
    hook.timeout = 1000;
    EXPECT_TRUE(succeeds(run({hook})));
}

TEST_F(Hooks, HaveThreeDescriptors) {
    test::in_own_process([&] {
        for (int fd = 3; fd < 50; ++fd)
            (void)::dup2(2, fd);  // NOLINT(android-cloexec-dup): it is to leak
        ASSERT_TRUE(succeeds(run({shell("ls /proc/self/fd > " + out())})));
        EXPECT_EQ(bytes_of(out()), "0\n1\n2\n3\n") << "the fourth is ls's own";
    });
}

// What hooks of a container see, and when.
class HooksOfAContainer : public testing::Test {
protected:
    static std::string state(pid_t pid, Surroundings::Stage stage) {
        return fmt::format("{} {}\n", pid > 1 ? "pid" : "no pid",
                           stage == Surroundings::Stage::created ? "created" : "creating");
    }
    Outcome run(const std::string& script) {
        request_.spec.process.args = {"/bin/sh", "-c", script};
        const Plan plan = compile(request_, test::this_host()).value();
        return test::run(plan, {.state = state});
    }
    // Writes the name and what `command` prints to a file beside the root.
    oci::Hook note(const std::string& name, const std::string& command) {
        return shell(fmt::format("(echo {}; cat; {}) >> {}", name, command, log()));
    }
    std::string log() const { return root_.beside("log"); }

    TinyRoot root_;
    Request request_ = root_.request("");
};

TEST_F(HooksOfAContainer, RunInTheirOrderBeforeTheProgram) {
    oci::Hooks& hooks = request_.spec.hooks;
    hooks.prestart = {note("prestart", "true")};
    hooks.create_runtime = {note("createRuntime", "true")};
    hooks.create_container = {note("createContainer", "true")};
    hooks.start_container = {shell("(echo startContainer; cat) > /started")};
    const Outcome outcome = run("cat /started");
    EXPECT_EQ(outcome.output, "startContainer\npid created\n") << outcome.failure << outcome.errors;
    EXPECT_EQ(bytes_of(log()),
              "prestart\npid creating\ncreateRuntime\npid creating\n"
              "createContainer\npid creating\n");
}

TEST_F(HooksOfAContainer, AreInTheNamespacesTheyBelongTo) {
    const char* look = "for name in mnt net uts; do readlink /proc/self/ns/$name; done";
    oci::Hooks& hooks = request_.spec.hooks;
    hooks.prestart = {note("", look)};
    hooks.create_container = {note("", look)};
    const Outcome outcome = run(look);
    ASSERT_EQ(outcome.code, 0) << outcome.failure;
    std::string here;
    for (const char* name : {"mnt", "net", "uts"})
        here +=
            os::read_link(os::FdView::cwd(), fmt::format("/proc/self/ns/{}", name)).value() + "\n";
    EXPECT_EQ(bytes_of(log()), "\npid creating\n" + here + "\npid creating\n" + outcome.output);
}

// Their file is the image's: they have what the program has, and no more.
TEST_F(HooksOfAContainer, HaveTheRightsOfTheProgramInIt) {
    request_.identity.user = "user";
    request_.spec.process.no_new_privileges = true;
    test::make_folder(root_.at("open"), 0777);
    request_.spec.hooks.start_container = {
        shell("(id -u; grep -E 'CapEff|NoNew|Seccomp:' /proc/self/status; env) > /open/seen")};
    request_.spec.hooks.start_container.front().env.clear();
    const Outcome outcome = run("cat /open/seen");
    EXPECT_TRUE(
        outcome.output.starts_with("1000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\n"
                                   "Seccomp:\t2\n"))
        << outcome.output << outcome.failure << outcome.errors;
    EXPECT_FALSE(outcome.output.contains("HOME=")) << "nothing of the person's environment";
}

TEST_F(HooksOfAContainer, EndItWhereTheyFail) {
    const oci::Hook bad = shell("exit 4");
    const auto fails = [&](std::vector<oci::Hook> oci::Hooks::* moment, const char* name) {
        request_.spec.hooks = {};
        request_.spec.hooks.*moment = {bad};
        const Outcome outcome = run("echo > /ran");
        EXPECT_EQ(outcome.failure, fmt::format("{} hook '/bin/sh': it ended with status 4", name));
        EXPECT_FALSE(test::exists(root_.at("ran"))) << name;
    };
    fails(&oci::Hooks::prestart, "prestart");
    fails(&oci::Hooks::create_runtime, "createRuntime");
    fails(&oci::Hooks::create_container, "createContainer");
    fails(&oci::Hooks::start_container, "startContainer");
}

}  // namespace
}  // namespace sbx::sandbox
