#include "container/shared_namespaces.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "os/processes.h"
#include "support/container_test.h"
#include "support/files.h"
#include "support/results.h"
#include "support/waiting.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

class SharedNamespaces : public test::ContainerTest {
protected:
    // What `script` prints in a container with these options, which may share those of `box`.
    std::string output_of(const std::string& script, Options options) {
        options.name = "other";
        options.remove = true;
        options.rootfs = root_.tree();
        options.log_driver = "passthrough";
        options.command = {"/bin/sh", "-c", script};
        test::Output output;
        os::Process sbx = run(options, output);
        std::string words = output.all();
        EXPECT_TRUE(succeeds(sbx.wait()));
        return words;
    }

    // Inode of a namespace of box, as readlink(1) shows it.
    std::string of_box(const char* file) const {
        const store::Containers containers = store::Containers::open(store_).value();
        const std::string path =
            fmt::format("/proc/{}/ns/{}", containers.live(record()->id)->pid, file);
        struct stat status{};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return fmt::format("{}:[{}]\n", file, status.st_ino);
    }

    // The box's program does not wait for what it is left.
    static std::vector<pid_t> alive_with(pid_t first) {
        std::vector<pid_t> pids = os::processes_with(first);
        std::erase_if(pids, [](pid_t pid) {
            const Result<os::ProcessStat> stat = os::process_stat(pid);
            return !stat || stat->state == 'Z';
        });
        return pids;
    }

    void SetUp() override {
        test::ContainerTest::SetUp();
        test::make_link(root_.tree() + "/bin/readlink", "busybox");
        for (const char* name : {"cut", "grep", "hostname", "ls", "mv"})
            test::make_link(root_.tree() + "/bin/" + name, "busybox");
    }
};

TEST_F(SharedNamespaces, AreThoseOfTheOtherContainer) {
    test::Output output;
    Options box = options("echo up; exec sleep 1000");
    box.hostname = "its-name";
    const os::Process sbx = run(box, output);
    ASSERT_TRUE(comes_up(output));
    const auto shared = [&](const char* file, const Options& options) {
        return output_of(fmt::format("readlink /proc/self/ns/{}", file), options);
    };
    EXPECT_EQ(shared("net", {.network = "container:box"}), of_box("net"));
    EXPECT_EQ(shared("user", {.network = "container:box"}), of_box("user"));
    EXPECT_EQ(shared("ipc", {.ipc = "container:box"}), of_box("ipc"));
    EXPECT_EQ(shared("uts", {.uts = "container:box"}), of_box("uts"));
    EXPECT_EQ(shared("pid", {.pid = "container:box"}), of_box("pid"));
    EXPECT_NE(shared("pid", {.network = "container:box"}), of_box("pid"));
    EXPECT_NE(shared("mnt", {.pid = "container:box"}), of_box("mnt"));
    EXPECT_EQ(output_of("hostname; cat /etc/hostname", {.network = "container:box"}),
              "its-name\nits-name\n");
    EXPECT_EQ(output_of("cat /etc/hosts", {.network = "container:box"}),
              test::bytes_of(store_.runtime() + "/containers/" + record()->id + "/hosts"));
}

TEST_F(SharedNamespaces, HaveTheMemoryThatGoesWithThem) {
    test::Output output;
    const os::Process sbx =
        run(options("echo its >/dev/shm/its; echo up; while ! test -e /dev/shm/other; do :; done; "
                    "cat /dev/shm/other; exec sleep 1000"),
            output);
    ASSERT_TRUE(comes_up(output));
    const std::string seen = output_of(
        "cat /dev/shm/its; echo other >/dev/shm/new; mv /dev/shm/new /dev/shm/other; "
        "grep /dev/shm /proc/mounts | cut -d' ' -f3,4",
        {.ipc = "container:box"});
    EXPECT_TRUE(seen.starts_with("its\ntmpfs rw,nosuid,nodev,noexec,")) << seen;
    EXPECT_TRUE(output.shows("other\n"));
    EXPECT_EQ(output_of("ls /dev/shm", {.network = "container:box"}), "");
}

// Each has the ids and capabilities that it would have alone.
TEST_F(SharedNamespaces, GiveNoFurtherRights) {
    test::Output output;
    const os::Process sbx = run(options("echo up; exec sleep 1000"), output);
    ASSERT_TRUE(comes_up(output));
    const char* kShow = "grep -e ^Cap -e ^Seccomp: -e ^NoNew /proc/self/status";
    EXPECT_EQ(output_of(kShow, {.network = "container:box"}), output_of(kShow, {}));
}

TEST_F(SharedNamespaces, KeepNothingOfAContainerThatHasEnded) {
    test::Output output;
    const os::Process sbx = run(options("echo up; exec sleep 1000"), output);
    ASSERT_TRUE(comes_up(output));
    const pid_t box = status()->live->pid;
    ASSERT_EQ(alive_with(box), std::vector<pid_t>{box});
    EXPECT_EQ(output_of("sleep 1000 >/dev/null 2>&1 & echo left", {.pid = "container:box"}),
              "left\n");
    EXPECT_EQ(alive_with(box), std::vector<pid_t>{box});
    EXPECT_TRUE(runs());
}

// Its number there is not 1: what belongs to it is told by its mounts.
TEST_F(SharedNamespaces, LeaveEachItsOwnProcesses) {
    test::Output output;
    const os::Process sbx = run(options("echo up; exec sleep 1000"), output);
    ASSERT_TRUE(comes_up(output));
    test::Output others;
    Options other = options("sleep 1000 & echo up; wait");
    other.name = "other";
    other.pid = "container:box";
    const os::Process its_sbx = run(other, others);
    ASSERT_TRUE(others.shows("up\n"));
    const store::Containers containers = store::Containers::open(store_).value();
    const std::string id = containers.resolve("other").value();
    ASSERT_TRUE(test::comes_true([&] { return containers.live(id).has_value(); }));
    const pid_t first = containers.live(id)->pid;
    EXPECT_EQ(os::processes_with(first).size(), 2U);
    EXPECT_FALSE(os::is_in_namespace_of(first, status()->live->pid));
    EXPECT_EQ(os::processes_with(status()->live->pid).size(), 3U);
}

TEST_F(SharedNamespaces, AreGoneWithTheOtherContainer) {
    test::Output output;
    Options box = options("echo up; read line");
    os::Process sbx = run(box, output);  // its input is empty: it ends at once
    ASSERT_TRUE(succeeds(sbx.wait()));
    EXPECT_EQ(output_of("true", {.network = "container:box"}),
              "container 'box' does not run, whose network namespace is to be joined");
}

TEST_F(SharedNamespaces, AreKeptByTheContainerThatTheyAreOf) {
    ASSERT_TRUE(succeeds(life(options("true")).create()));
    Options other{.name = "other", .network = "container:box", .rootfs = root_.tree()};
    other.command = {"/bin/true"};
    ASSERT_TRUE(succeeds(life(other).create()));
    const std::optional<Life> kept = kept_life("other");
    ASSERT_TRUE(kept);
    const oci::Spec& spec = kept->blueprint().request.spec;
    EXPECT_EQ(sharer_of(spec, "network"), record()->id);
    EXPECT_EQ(sharer_of(spec, "user"), record()->id);
    EXPECT_EQ(sharer_of(spec, "ipc"), "");
    EXPECT_EQ(joined_namespace(spec, "network"), "container:" + record()->id);
}

}  // namespace
}  // namespace sbx::container
