#include "sandbox/launch.h"

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::Outcome;
using test::output_of;
using test::run;
using test::succeeds;
using test::TinyRoot;

TEST(Launch, HandsTheExitCodeOn) {
    const TinyRoot root;
    for (const int code : {0, 1, 42, 125, 255}) {
        const Outcome outcome = run(root.request(fmt::format("exit {}", code)));
        EXPECT_EQ(outcome.code, code);
        EXPECT_EQ(outcome.failure, "");
    }
}

TEST(Launch, HandsTheSignalOn) {
    const TinyRoot root;
    // Process 1 is killed by no signal of its own namespace, and by any from outside.
    Request request = root.program({"/bin/busybox", "sleep", "1000"});
    const Result<Plan> plan = compile(request, test::this_host());
    ASSERT_TRUE(succeeds(plan));
    Result<Launch> launch = Launch::begin(*plan);
    ASSERT_TRUE(succeeds(launch));
    Result<Running> running = std::move(*launch).finish();
    ASSERT_TRUE(succeeds(running));
    ASSERT_TRUE(succeeds(running->init.signal(SIGKILL)));
    EXPECT_EQ(running->init.wait().value().code, 128 + SIGKILL);
}

std::string namespace_of(const std::string& process, const std::string& kind) {
    return os::read_link(os::FdView::cwd(), fmt::format("/proc/{}/ns/{}", process, kind))
        .value_or("none of " + process);
}

// Whoever serves its ports, or gives it a device, finds it by its process before it is finished.
TEST(Launch, HasTheNamespacesOfItsPlanOnceItHasBegun) {
    const TinyRoot root;
    const Result<Plan> plan = compile(root.request("true"), test::this_host());
    ASSERT_TRUE(succeeds(plan));
    for (int turn = 0; turn < 50; ++turn) {
        Result<Launch> launch = Launch::begin(*plan);
        ASSERT_TRUE(succeeds(launch));
        for (const char* kind : {"mnt", "uts", "ipc", "net", "pid_for_children", "user"})
            EXPECT_NE(namespace_of(fmt::format("{}", launch->pid()), kind),
                      namespace_of("self", kind))
                << kind;
    }
}

TEST(Launch, CarriesOutputAndErrorsApart) {
    const TinyRoot root;
    const Outcome outcome = run(root.request("echo out; echo err >&2"));
    EXPECT_EQ(outcome.output, "out\n");
    EXPECT_EQ(outcome.errors, "err\n");
}

TEST(Launch, SaysWhichCommandIsNotThere) {
    const TinyRoot root;
    const Outcome outcome = run(root.program({"coffee"}));
    EXPECT_EQ(outcome.kind, Error::Kind::no_such_command);
    EXPECT_EQ(outcome.failure, "run 'coffee': it is not in the container's PATH (/bin)");
    const Outcome path = run(root.program({"/bin/coffee"}));
    EXPECT_EQ(path.kind, Error::Kind::no_such_command);
    EXPECT_EQ(path.failure, "run '/bin/coffee': No such file or directory");
}

TEST(Launch, SaysWhatCannotBeExecuted) {
    const TinyRoot root;
    test::make_file(root.at("bin/plain"), "echo hello\n", 0644);
    for (const char* command : {"plain", "/bin/plain", "/etc", "/bin"}) {
        const Outcome outcome = run(root.program({command}));
        EXPECT_EQ(outcome.kind, Error::Kind::not_executable) << command;
        EXPECT_TRUE(outcome.failure.starts_with(fmt::format("run '{}': ", command)))
            << outcome.failure;
    }
}

TEST(Launch, SaysWhyWhatIsThereDoesNotRun) {
    const TinyRoot root;
    test::make_file(root.at("bin/nothing"),
                    "\x7f"
                    "ELF of another machine",
                    0755);
    const Outcome elf = run(root.program({"nothing"}));
    EXPECT_EQ(elf.kind, Error::Kind::not_executable);
    EXPECT_EQ(elf.hint, "it may be for another machine, or lack a '#!' line");
    test::make_file(root.at("bin/script"), "#!/bin/perl\n", 0755);
    const Outcome script = run(root.program({"/bin/script"}));
    EXPECT_EQ(script.hint, "the file is there; the interpreter or loader it names is not");
}

// What a shell does: PATH is searched on, and what may not be run is passed over.
TEST(Launch, FindsTheCommandAsAShellWould) {
    const TinyRoot root;
    test::make_folder(root.at("first"));
    test::make_folder(root.at("first/tool"));
    test::make_folder(root.at("second"));
    test::make_file(root.at("second/tool"), "", 0644);
    test::make_file(root.at("bin/tool"), "#!/bin/sh\necho \"$0\"\n", 0755);
    Request request = root.program({"tool"});
    request.spec.process.env = {"PATH=/none:/first:/second:/bin"};
    EXPECT_EQ(output_of(request), "/bin/tool\n");
}

TEST(Launch, NamesTheMountThatCannotBeMade) {
    const TinyRoot root;
    Request request = root.request("true");
    request.spec.mounts.push_back({"/data", "bind", root.beside("missing"), {"rbind"}});
    const Outcome outcome = run(request);
    EXPECT_EQ(outcome.code, 125);
    EXPECT_TRUE(
        outcome.failure.starts_with(fmt::format("bind '{}' on '/data': ", root.beside("missing"))))
        << outcome.failure;
    EXPECT_TRUE(outcome.failure.ends_with("No such file or directory")) << outcome.failure;
}

TEST(Launch, NamesTheRootThatIsNotThere) {
    const TinyRoot root;
    Request request = root.request("true");
    request.spec.root_path = root.beside("missing");
    const Outcome outcome = run(request);
    EXPECT_TRUE(outcome.failure.starts_with("preparing the root file system: ")) << outcome.failure;
}

int children() {
    int count = 0;
    for (const std::string& line :
         {test::bytes_of(fmt::format("/proc/self/task/{}/children", ::getpid()))})
        for (const char c : line)
            count += c == ' ' ? 1 : 0;
    return count;
}

TEST(Launch, LeavesNothingWhereItIsNotFinished) {
    const TinyRoot root;
    test::in_own_process([&] {
        const Plan plan = compile(root.request("true"), test::this_host()).value();
        const int descriptors = test::open_descriptors();
        {
            const Result<Launch> launch = Launch::begin(plan);
            ASSERT_TRUE(succeeds(launch));
            EXPECT_GT(children(), 0);
        }
        EXPECT_EQ(test::open_descriptors(), descriptors);
        EXPECT_EQ(children(), 0);
    });
}

TEST(Launch, LeavesNothingWhereItFails) {
    const TinyRoot root;
    test::in_own_process([&] {
        Plan plan = compile(root.request("true"), test::this_host()).value();
        plan.root = DirectoryRoot{.path = root.beside("missing")};
        const int descriptors = test::open_descriptors();
        {
            Result<Launch> launch = Launch::begin(plan);
            ASSERT_TRUE(succeeds(launch));
            EXPECT_TRUE(fails_saying(std::move(*launch).finish(), "preparing the root"));
        }
        EXPECT_EQ(test::open_descriptors(), descriptors);
        EXPECT_EQ(children(), 0);
    });
}

TEST(Launch, LeavesNothingWhereTheIdsCannotBeMapped) {
    const TinyRoot root;
    test::in_own_process([&] {
        Plan plan = compile(root.request("true"), test::this_host()).value();
        plan.ids.uids.push_back(plan.ids.uids.front());  // twice the same: EINVAL
        {
            Result<Launch> launch = Launch::begin(plan);
            const std::string words =
                launch ? std::move(*launch).finish().error().text() : launch.error().text();
            EXPECT_TRUE(words.starts_with("mapping user and group ids: ")) << words;
        }
        EXPECT_EQ(children(), 0);
    });
}

TEST(Launch, DiesWithWhoeverStartedItWhereTheyAskForThat) {
    const TinyRoot root;
    // The container's own pipe is closed once its last process is gone.
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const os::Fd read_end(ends[0]);
    os::Fd write_end(ends[1]);
    const Plan plan = compile(root.request("echo up; exec sleep 1000"), test::this_host()).value();
    Result<os::Process> parent = os::spawn(0, [&] {
        if (!os::place_at(write_end, 1)) ::_exit(1);
        Result<Launch> launch = Launch::begin(plan, {.dies_with_parent = true});
        if (!succeeds(launch)) ::_exit(1);
        const Result<Running> running = std::move(*launch).finish();
        if (!succeeds(running)) ::_exit(1);
        ::pause();
    });
    ASSERT_TRUE(succeeds(parent));
    write_end.reset();
    char word[3];
    ASSERT_EQ(::read(read_end.get(), word, sizeof word), 3) << "up";
    ASSERT_TRUE(succeeds(parent->signal(SIGKILL)));
    EXPECT_EQ(::read(read_end.get(), word, sizeof word), 0) << "the end: nobody holds it";
}

// The other namespaces are what they were asked to be, and all are the user namespace's.
TEST(Launch, MakesTheNamespacesAskedForAndNoOthers) {
    const TinyRoot root;
    const char* script =
        "for n in user mnt pid net ipc uts cgroup; do readlink /proc/self/ns/$n; done";
    Request request = root.request(script);
    const std::string own = output_of(request);
    std::string host;
    for (const char* name : {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup"}) {
        char link[64];
        const ssize_t size =
            ::readlink(fmt::format("/proc/self/ns/{}", name).c_str(), link, sizeof link);
        ASSERT_GT(size, 0);
        const std::string_view here(link, static_cast<std::size_t>(size));
        EXPECT_FALSE(own.contains(here)) << name;
        host += fmt::format("{}\n", here);
    }
    std::erase_if(request.spec.namespaces,
                  [](const oci::Namespace& ns) { return ns.type == "network"; });
    const std::string shared = output_of(request);
    for (std::size_t at = 0; at < host.size(); at = host.find('\n', at) + 1) {
        const std::string line = host.substr(at, host.find('\n', at) + 1 - at);
        EXPECT_EQ(shared.contains(line), line.starts_with("net:")) << line;
    }
}

TEST(Launch, GivesTheContainerAProcessNamespaceOfItsOwn) {
    const TinyRoot root;
    EXPECT_EQ(output_of(root.request("echo $$; ls -d /proc/[0-9]*")), "1\n/proc/1\n");
}

// A container in a container: what root of a namespace may do, it may do again.
TEST(Launch, WorksInANamespaceToo) {
    const TinyRoot root;
    test::in_mapped_namespaces([&] {
        const Host host = test::find_host_here();
        EXPECT_TRUE(host.privileged);
        Request request = root.request("id -u; cat /proc/self/uid_map | wc -l");
        const Outcome outcome = run(request, host);
        EXPECT_EQ(outcome.code, 0) << outcome.failure << outcome.errors;
    });
}

}  // namespace
}  // namespace sbx::sandbox
