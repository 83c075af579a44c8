#include "sandbox/child_program.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/terminal.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::Outcome;
using test::output_of;
using test::run;
using test::succeeds;
using test::TinyRoot;

constexpr os::CapabilitySet bit(int capability) { return std::uint64_t{1} << capability; }

// What the kernel says of the program: the lines of /proc/self/status that begin with `word`.
Request asking_status(const TinyRoot& root, const std::string& word) {
    return root.request(fmt::format("grep ^{} /proc/self/status", word));
}

Request as_user(Request request, const std::string& user) {
    request.identity.user = user;
    return request;
}

TEST(Program, HasTheEnvironmentOfItsPlanAndNoOther) {
    const TinyRoot root;
    Request request = root.program({"/bin/busybox", "env"});
    request.spec.process.env = {"A=b c", "EMPTY=", "HOME=/there"};
    EXPECT_EQ(output_of(request), "A=b c\nEMPTY=\nHOME=/there\n");
}

TEST(Program, IsAtHomeWhereTheImageSays) {
    const TinyRoot root;
    const Request request = root.request("echo $HOME");
    EXPECT_EQ(output_of(request), "/root\n");
    EXPECT_EQ(output_of(as_user(request, "user")), "/home/user\n");
    EXPECT_EQ(output_of(as_user(request, "777")), "/\n");
}

TEST(Program, StartsInItsWorkingDirectoryMadeWhereItIsMissing) {
    const TinyRoot root;
    Request request = root.request("pwd; stat -c %a .");
    EXPECT_EQ(output_of(request), "/\n755\n");
    request.spec.process.cwd = "/srv/www";
    EXPECT_EQ(output_of(request), "/srv/www\n755\n");
    EXPECT_EQ(test::mode_of(root.at("srv/www")), 0755U);
    request.spec.process.cwd = "/srv/new";
    request.spec.root_read_only = true;
    EXPECT_EQ(output_of(request), "/srv/new\n755\n");
}

// CVE-2024-21626: the directory of a descriptor that sbx has open.
TEST(Program, DoesNotStartInADirectoryOfTheHost) {
    const TinyRoot root;
    test::make_link(root.at("w"), "/proc/self/fd/3");
    test::make_link(root.at("up"), "../../../../../..");
    for (int fd = 0; fd < 32; ++fd) {
        Request request = root.request("pwd");
        request.spec.process.cwd = fmt::format("/proc/self/fd/{}", fd);
        EXPECT_EQ(run(request).code, 125) << fd;
    }
    Request request = root.request("pwd -P; ls");
    request.spec.process.cwd = "/w";
    EXPECT_EQ(run(request).code, 125);
    request.spec.process.cwd = "/up/..";
    EXPECT_FALSE(compile(request, test::this_host()));
    request.spec.process.cwd = "/up";
    EXPECT_TRUE(output_of(request).starts_with("/\nbin\n")) << "the root of the container";
}

TEST(Program, DoesNotHaveItsWorkingDirectoryMadeOutside) {
    const TinyRoot root;
    test::make_link(root.at("wd"), root.canary());
    test::make_link(root.at("rel"), "../CANARY");
    for (const char* cwd : {"/wd/sub", "/rel/sub", "/wd", "/rel"}) {
        Request request = root.request("true");
        request.spec.process.cwd = cwd;
        const Outcome outcome = run(request);
        EXPECT_EQ(outcome.code, 125) << cwd;
        EXPECT_TRUE(outcome.failure.starts_with("entering the working directory: "))
            << outcome.failure;
    }
    EXPECT_TRUE(root.canary_is_untouched());
}

TEST(Program, RunsAsTheUserOfTheImagesFiles) {
    const TinyRoot root;
    const Request request = root.request("id -u; id -g; id -G");
    EXPECT_EQ(output_of(request), "0\n0\n0\n");
    EXPECT_EQ(output_of(as_user(request, "user")), "1000\n1000\n1000 2000\n");
    EXPECT_EQ(output_of(as_user(request, "user:more")), "1000\n2000\n2000\n");
    EXPECT_EQ(output_of(as_user(request, "44:55")), "44\n55\n55\n");
}

TEST(Program, HasTheGroupsAddedToIt) {
    const TinyRoot root;
    Request request = as_user(root.request("id -G"), "user");
    request.identity.groups = {"3000", "more"};
    EXPECT_EQ(output_of(request), "1000 2000 3000\n");
}

TEST(Program, HasNoneOfTheGroupsOfThePerson) {
    const TinyRoot root;
    EXPECT_EQ(output_of(as_user(root.request("grep ^Groups /proc/self/status"), "44")),
              "Groups:\t0 \n");
}

TEST(Program, KeepsTheGroupsOfThePersonWhereItIsToldTo) {
    const TinyRoot root;
    test::in_mapped_namespaces([&] {
        const gid_t groups[] = {4711, 4712};
        ASSERT_EQ(::setgroups(2, groups), 0);
        Request request =
            as_user(root.program({"/bin/busybox", "grep", "^Groups", "/proc/self/status"}), "44");
        EXPECT_EQ(run(request, test::find_host_here()).output, "Groups:\t0 \n");
        request.identity.keep_groups = true;
        EXPECT_EQ(run(request, test::find_host_here()).output, "Groups:\t4711 4712 \n");
    });
}

TEST(Program, IsRefusedToAUserThatDoesNotExist) {
    const TinyRoot root;
    const Outcome unknown = run(as_user(root.request("true"), "bob"));
    EXPECT_EQ(unknown.failure, "the image's /etc/passwd has no user 'bob'");
    Host host = test::this_host();
    host.privileged = false;
    host.uid = ::geteuid();
    host.gid = ::getegid();
    host.subuids.clear();
    const Outcome beyond = run(as_user(root.request("true"), "1000"), host);
    EXPECT_EQ(beyond.code, 125);
    EXPECT_EQ(beyond.failure, "dropping privileges: group 1000 does not exist in the container");
    EXPECT_EQ(beyond.hint, "with a range in /etc/subuid and /etc/subgid there are more than one");
}

TEST(Program, HasTheCapabilitiesOfItsPlanAlone) {
    const TinyRoot root;
    Request request = asking_status(root, "Cap");
    request.spec.process.capabilities.bounding = {"CHOWN", "SETUID"};
    EXPECT_EQ(output_of(request),
              "CapInh:\t0000000000000000\n"
              "CapPrm:\t0000000000000081\n"
              "CapEff:\t0000000000000081\n"
              "CapBnd:\t0000000000000081\n"
              "CapAmb:\t0000000000000000\n");
}

TEST(Program, OfAnotherUserHasNoCapabilitiesButThoseAddedByName) {
    const TinyRoot root;
    Request request = as_user(asking_status(root, "Cap"), "user");
    request.spec.process.capabilities.bounding = {"CHOWN", "SETUID"};
    EXPECT_EQ(output_of(request),
              "CapInh:\t0000000000000000\n"
              "CapPrm:\t0000000000000000\n"
              "CapEff:\t0000000000000000\n"
              "CapBnd:\t0000000000000081\n"
              "CapAmb:\t0000000000000000\n");
    request.added_capabilities = bit(CAP_SETUID);
    EXPECT_EQ(output_of(request),
              "CapInh:\t0000000000000080\n"
              "CapPrm:\t0000000000000080\n"
              "CapEff:\t0000000000000080\n"
              "CapBnd:\t0000000000000081\n"
              "CapAmb:\t0000000000000080\n");
}

TEST(Program, WithoutCapabilitiesHasNone) {
    const TinyRoot root;
    Request request = asking_status(root, "Cap[PEB]");
    request.spec.process.capabilities.bounding.clear();
    EXPECT_EQ(output_of(request),
              "CapPrm:\t0000000000000000\n"
              "CapEff:\t0000000000000000\n"
              "CapBnd:\t0000000000000000\n");
}

TEST(Program, GainsNoPrivilegesWhereItIsToldNotTo) {
    const TinyRoot root;
    Request request = asking_status(root, "NoNewPrivs");
    EXPECT_EQ(output_of(request), "NoNewPrivs:\t0\n");
    request.spec.process.no_new_privileges = true;
    EXPECT_EQ(output_of(request), "NoNewPrivs:\t1\n");
    EXPECT_EQ(output_of(as_user(request, "user")), "NoNewPrivs:\t1\n");
}

TEST(Program, IsFilteredOnceWhoeverItRunsAs) {
    const TinyRoot root;
    Request request = asking_status(root, "Seccomp:");
    EXPECT_EQ(output_of(request), "Seccomp:\t2\n");
    EXPECT_EQ(output_of(as_user(request, "user")), "Seccomp:\t2\n");
    request.spec.process.no_new_privileges = true;
    EXPECT_EQ(output_of(as_user(request, "user")), "Seccomp:\t2\n");
    request.seccomp = Unconfined{};
    EXPECT_EQ(output_of(request), "Seccomp:\t0\n");
}

// su(1) without a password, which works as long as the bit on its file does.
TEST(Program, MayUseSetUserIdProgramsWhereNewPrivilegesAreAllowed) {
    const TinyRoot root;
    test::make_file(root.at("bin/su"), test::bytes_of("/bin/busybox"), 04755);
    test::make_file(root.at("etc/passwd"), "root::0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n");
    Request request = as_user(root.program({"/bin/su", "root", "-c", "id -u"}), "user");
    const Outcome allowed = run(request);
    EXPECT_EQ(allowed.output, "0\n") << allowed.failure << allowed.errors;
    request.spec.process.no_new_privileges = true;
    EXPECT_EQ(run(request).errors, "su: must be suid to work properly\n");
}

TEST(Program, HasTheUmaskOfItsPlan) {
    const TinyRoot root;
    Request request = root.request("umask");
    EXPECT_EQ(output_of(request), "0022\n");
    request.spec.process.user.umask = 0077;
    EXPECT_EQ(output_of(request), "0077\n");
}

TEST(Program, HasTheLimitsOfItsPlan) {
    const TinyRoot root;
    Request request = root.request("ulimit -Sn; ulimit -Hn; ulimit -c");
    request.spec.process.rlimits = {{.type = "RLIMIT_NOFILE", .soft = 64, .hard = 128},
                                    {.type = "RLIMIT_CORE", .soft = 0, .hard = 0}};
    EXPECT_EQ(output_of(request), "64\n128\n0\n");
}

// Open descriptors of this process, whoever made them: a shell's, or another library's.
class Inheritance : public testing::Test {
protected:
    static std::string descriptors_of(Request request) {
        std::string output;
        for (int fd = 3; fd < 200; ++fd)
            (void)::dup2(2, fd);  // NOLINT(android-cloexec-dup): it is to leak
        output = output_of(request);
        return output;
    }
};

TEST_F(Inheritance, IsThreeDescriptors) {
    const TinyRoot root;
    test::in_own_process([&] {
        // The fourth is the one that ls reads the folder by.
        EXPECT_EQ(descriptors_of(root.program({"/bin/busybox", "ls", "/proc/self/fd"})),
                  "0\n1\n2\n3\n");
    });
}

TEST_F(Inheritance, IsThoseThatAreGivenAndNoMore) {
    const TinyRoot root;
    test::in_own_process([&] {
        Request request = root.program({"/bin/busybox", "ls", "/proc/self/fd"});
        request.kept_descriptors = 2;
        EXPECT_EQ(descriptors_of(request), "0\n1\n2\n3\n4\n5\n");
    });
}

TEST_F(Inheritance, IsNoSignalDispositionNorMask) {
    const TinyRoot root;
    test::in_own_process([&] {
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_BLOCK, &all, nullptr);
        ::signal(SIGPIPE, SIG_IGN);
        ::signal(SIGTERM, SIG_IGN);
        EXPECT_EQ(
            output_of(root.program({"/bin/busybox", "grep", "^Sig[BI]", "/proc/self/status"})),
            "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    });
}

TEST(Program, LeadsASessionOfItsOwn) {
    const TinyRoot root;
    EXPECT_EQ(output_of(root.program({"/bin/busybox", "cut", "-d ", "-f1,5,6", "/proc/self/stat"})),
              "1 1 1\n");
}

TEST(Program, CanOpenItsPipesAgainByName) {
    const TinyRoot root;
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const os::Fd read_end(ends[0]);
    os::Fd write_end(ends[1]);
    const Plan plan =
        compile(as_user(root.request("echo again > /dev/stdout"), "user"), test::this_host())
            .value();
    test::in_own_process([&] {
        ASSERT_TRUE(succeeds(os::place_at(write_end, 1)));
        Result<Running> running = Launch::begin(plan).value().finish();
        ASSERT_TRUE(succeeds(running));
        EXPECT_EQ(running->init.wait().value().code, 0);
    });
    write_end.reset();
    EXPECT_EQ(os::read_to_end(read_end, 100).value(), "again\n");
}

// A file that the person gives as output stays theirs.
TEST(Program, DoesNotTakeThePersonsFiles) {
    const TinyRoot root;
    const std::string path = root.beside("log");
    test::make_file(path, "", 0600);
    const Plan plan =
        compile(as_user(root.request("echo hello"), "user"), test::this_host()).value();
    test::in_own_process([&] {
        const os::Fd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        ASSERT_TRUE(succeeds(os::place_at(file, 1)));
        Result<Running> running = Launch::begin(plan).value().finish();
        ASSERT_TRUE(succeeds(running));
        EXPECT_EQ(running->init.wait().value().code, 0);
    });
    EXPECT_EQ(test::bytes_of(path), "hello\n");
    EXPECT_EQ(test::status(path).st_uid, ::geteuid());
}

// What a container that has a terminal wrote to it.
std::string on_terminal(const TinyRoot& root, const std::string& script, const std::string& user) {
    Request request = as_user(root.request(script), user);
    request.spec.process.terminal = true;
    const Result<Plan> plan = compile(request, test::this_host());
    if (!plan) return plan.error().text();
    Result<Launch> launch = Launch::begin(*plan);
    if (!launch) return launch.error().text();
    Result<Running> running = std::move(*launch).finish();
    if (!running) return running.error().text();
    EXPECT_TRUE(os::is_terminal(running->terminal));
    std::string text;
    char buffer[256];
    // EIO once the last process of the terminal is gone.
    for (ssize_t n = 0; (n = ::read(running->terminal.get(), buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    EXPECT_EQ(running->init.wait().value().code, 0);
    return text;
}

TEST(Terminal, IsOneOfTheContainersOwn) {
    const TinyRoot root;
    EXPECT_EQ(on_terminal(root, "tty; for fd in 0 1 2; do test -t $fd && echo $fd; done", ""),
              "/dev/pts/0\r\n0\r\n1\r\n2\r\n");
}

TEST(Terminal, BelongsToTheUser) {
    const TinyRoot root;
    EXPECT_EQ(on_terminal(root, "stat -c %u /dev/pts/0; echo again > /dev/tty", "user"),
              "1000\r\nagain\r\n");
}

TEST(Terminal, IsTheConsoleToo) {
    const TinyRoot root;
    EXPECT_EQ(on_terminal(root, "echo on the console > /dev/console; stat -c %t /dev/console", ""),
              "on the console\r\n88\r\n");
}

TEST(Terminal, IsNotMadeInAnotherFileSystem) {
    const TinyRoot root;
    Request request = root.request("true");
    request.spec.process.terminal = true;
    request.spec.mounts.back() = {"/dev/pts", "tmpfs", "tmpfs", {}};
    EXPECT_EQ(run(request).failure,
              "opening the terminal: something else is mounted on '/dev/pts'");
}

TEST(Terminal, IsNotMadeWhereTheImagesLinksLead) {
    const TinyRoot root;
    Request request = root.request("true");
    request.spec.process.terminal = true;
    request.spec.mounts.erase(request.spec.mounts.begin() + 1);  // no /dev of sbx's own
    test::make_folder(root.at("dev"));
    test::make_link(root.at("dev/console"), root.canary() + "/secret");
    EXPECT_EQ(run(request).code, 125);
    EXPECT_TRUE(root.canary_is_untouched());
}

// --userns keep-id without a range: there is no user 0 to become, not even for a moment.
TEST(Program, MayBeTheOnlyUsersThereIs) {
    const TinyRoot root;
    Host host = test::this_host();
    host.privileged = false;
    host.subuids.clear();
    host.subgids.clear();
    Request request = root.request("id -u; id -g");
    request.user_namespace = KeepId{.uid = 1234, .gid = 1234};
    request.identity.user = "1234:1234";
    const Outcome outcome = run(request, host);
    EXPECT_EQ(outcome.output, "1234\n1234\n") << outcome.failure;
}

}  // namespace
}  // namespace sbx::sandbox
