#include "sandbox/checkup.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/requests.h"

namespace sbx::sandbox {
namespace {

using Verdict = Finding::Verdict;
using test::root_host;
using test::rootless_host;
using test::single_id_host;

Machine good_machine() {
    return {.release = "6.1.0-18-amd64", .cgroup = "/user.slice", .landlock = 4};
}

Finding finding(std::string_view subject, const Host& host,
                const Machine& machine = good_machine()) {
    for (const Finding& finding : judge(host, machine))
        if (finding.subject == subject) return finding;
    return {};
}

CgroupHost delegated() {
    return {.version_2 = true, .own = "/mine", .own_controllers = {"cpu", "memory", "pids"}};
}

std::string mend(std::string_view subject, const Host& host,
                 const Machine& machine = good_machine()) {
    return finding(subject, host, machine).mend;
}

TEST(Checkup, FindsNothingToMendOnAGoodMachine) {
    Host host = rootless_host();
    host.fuse_program = "/usr/bin/fuse-overlayfs";
    host.cgroups = delegated();
    for (const Finding& finding : judge(host, good_machine())) {
        EXPECT_EQ(finding.verdict, Verdict::good) << finding.subject << ": " << finding.found;
        EXPECT_EQ(finding.mend, "") << finding.subject;
    }
    EXPECT_EQ(finding("id range", host).found, "65536 from 100000");
    EXPECT_EQ(finding("id range", root_host()).found, "all of this user namespace's");
}

// Of each subject there is one finding, whatever is wrong: `sbx doctor` is read by programs, too.
// What is tried in namespaces has none where there are none.
TEST(Checkup, NamesTheSameSubjectsAlways) {
    const std::vector<Finding> well = judge(rootless_host(), good_machine());
    Host broken = single_id_host();
    broken.driver = Driver::copy;
    broken.own_proc = broken.pure_cgroup2 = false;
    const std::vector<Finding> ill = judge(broken, {.release = "4.19",
                                                    .fuse_device = false,
                                                    .tun_device = false,
                                                    .systemd = true,
                                                    .lingers = false});
    EXPECT_TRUE(std::ranges::equal(well, ill, {}, &Finding::subject, &Finding::subject));
    for (const Finding& finding : ill) {
        if (finding.subject == "user namespaces") continue;
        EXPECT_NE(finding.verdict, Verdict::good) << finding.subject;
        EXPECT_NE(finding.mend, "") << finding.subject << " says how to mend it";
    }
}

TEST(Checkup, JudgesNothingThatIsTriedInNamespacesWithoutThem) {
    Host host = rootless_host();
    host.no_namespaces = "no";
    host.driver = Driver::copy;
    host.own_proc = false;
    for (const char* subject : {"layers", "fuse-overlayfs", "process namespaces"})
        EXPECT_EQ(finding(subject, host).subject, "") << subject;
    EXPECT_EQ(finding("id range", host).verdict, Verdict::good);
}

TEST(Checkup, WantsAKernelThatHasWhatIsUsed) {
    const auto verdict = [](const std::string& release) {
        Machine machine = good_machine();
        machine.release = release;
        return finding("kernel", rootless_host(), machine).verdict;
    };
    for (const char* release : {"5.14", "5.14.0", "5.15.0-rc1", "6.1.0-18-amd64", "10.0", "5.100+"})
        EXPECT_EQ(verdict(release), Verdict::good) << release;
    for (const char* release : {"5.13.19", "4.18.0-553.el8", "3.10", "5", "5.4", "", "garbage"})
        EXPECT_EQ(verdict(release), Verdict::missing) << release;
}

std::string mend_namespaces(const Machine& machine) {
    Host host = rootless_host();
    host.no_namespaces = "make a user namespace: Operation not permitted";
    EXPECT_EQ(finding("user namespaces", host, machine).verdict, Verdict::missing);
    EXPECT_EQ(finding("user namespaces", host, machine).found, host.no_namespaces);
    return mend("user namespaces", host, machine);
}

TEST(Checkup, KnowsTheSwitchesThatTurnUserNamespacesOff) {
    EXPECT_EQ(mend_namespaces({.max_user_namespaces = "0"}),
              "sudo sysctl -w user.max_user_namespaces=28633");
    EXPECT_EQ(mend_namespaces({.max_user_namespaces = "96365", .unprivileged_userns_clone = "0"}),
              "sudo sysctl -w kernel.unprivileged_userns_clone=1");
    EXPECT_EQ(mend_namespaces({.unprivileged_userns_clone = "1", .apparmor_restriction = "1"}),
              "sbx info --apparmor-profile | sudo tee /etc/apparmor.d/sbx && "
              "sudo apparmor_parser -r /etc/apparmor.d/sbx");
    EXPECT_EQ(mend_namespaces({.apparmor_restriction = "0"}),
              "if this is a container: allow it unshare and mount "
              "(docker run --security-opt seccomp=unconfined)");
}

TEST(Checkup, GrantsIdsThatNobodyHas) {
    Machine machine = good_machine();
    EXPECT_EQ(mend("id range", single_id_host(), machine),
              "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ann");
    machine.free_ids = 165536;
    EXPECT_EQ(mend("id range", single_id_host(), machine),
              "sudo usermod --add-subuids 165536-231071 --add-subgids 165536-231071 ann");
    EXPECT_EQ(finding("id range", single_id_host()).found,
              "none for 'ann' in /etc/subuid and /etc/subgid: containers have one user");
}

// usermod takes names alone.
TEST(Checkup, NamesAPersonWithoutANameByNumber) {
    Host host = single_id_host();
    host.user.clear();
    EXPECT_EQ(mend("id range", host),
              "echo 1000:100000:65536 | sudo tee -a /etc/subuid /etc/subgid");
    host = rootless_host();
    host.user.clear();
    host.no_id_range = "newuidmap failed: cannot determine your user name";
    EXPECT_EQ(mend("id range", host), "sudo useradd --no-create-home --uid 1000 user1000");
}

TEST(Checkup, WantsAsManyIdsAsImagesHave) {
    Host host = rootless_host();
    host.subgids.front().count = 1000;
    EXPECT_EQ(finding("id range", host).verdict, Verdict::less);
    EXPECT_EQ(finding("id range", host).found,
              "1000 from 100000: images may have files of 65536 users");
    EXPECT_TRUE(mend("id range", host).starts_with("sudo usermod --add-subuids 100000-165535"));
}

TEST(Checkup, SaysWhatMakesAMendLast) {
    Host host = rootless_host();
    host.no_namespaces = "no";
    Machine machine = good_machine();
    machine.max_user_namespaces = "0";
    machine.tun_device = false;
    EXPECT_EQ(finding("user namespaces", host, machine).keep,
              "echo user.max_user_namespaces=28633 | sudo tee -a /etc/sysctl.d/99-sbx.conf");
    EXPECT_EQ(finding("/dev/net/tun", host, machine).keep,
              "echo tun | sudo tee /etc/modules-load.d/tun.conf");
    EXPECT_EQ(finding("id range", single_id_host(), machine).keep, "") << "it lasts as it is";
}

TEST(Checkup, WantsTheHelpersThatMapIds) {
    Host host = rootless_host();
    host.no_id_range = "newuidmap is not installed";
    EXPECT_EQ(finding("id range", host).found, "it cannot be used: newuidmap is not installed");
    Machine machine = good_machine();
    machine.id_helpers = false;
    EXPECT_EQ(mend("id range", host, machine), "sudo apt-get install uidmap");
    EXPECT_TRUE(mend("id range", host).contains("/etc/subuid and /etc/subgid are right"));
}

TEST(FirstFreeId, IsAboveAllThatAreGranted) {
    EXPECT_EQ(first_free_id("", ""), 100000U);
    EXPECT_EQ(first_free_id("ann:100000:65536\n", ""), 165536U);
    EXPECT_EQ(first_free_id("bob:5:10\nann:100000:65536\n", "ann:300000:65536\n"), 365536U);
    EXPECT_EQ(first_free_id("# a:1:2\nann:x:65536\nann:100000\nann:-5:9\nann:1:2:3\n", ""),
              100000U);
    EXPECT_EQ(first_free_id("ann:4294967295:4294967295", ""), 8589934590U);
}

TEST(Checkup, SaysWhatWouldMakeLayersCheaper) {
    Host host = rootless_host();
    host.driver = Driver::copy;
    EXPECT_EQ(mend("layers", host), "sudo apt-get install fuse-overlayfs");
    EXPECT_EQ(mend("fuse-overlayfs", host), "sudo apt-get install fuse-overlayfs");
    Machine machine = good_machine();
    machine.fuse_device = false;
    EXPECT_EQ(mend("layers", host, machine), "sudo modprobe fuse && sudo chmod 666 /dev/fuse");
    EXPECT_EQ(mend("fuse-overlayfs", host, machine), mend("layers", host, machine));
    host.driver = Driver::fuse_overlayfs;
    host.fuse_program = "/usr/bin/fuse-overlayfs";
    EXPECT_EQ(mend("layers", host), "keep images on ext4, xfs or btrfs: export SBX_ROOT=FOLDER");
}

TEST(Checkup, AsksForNoFuseWhereItIsNotNeeded) {
    Machine machine = good_machine();
    machine.fuse_device = false;
    EXPECT_EQ(finding("fuse-overlayfs", rootless_host(), machine).verdict, Verdict::good);
    EXPECT_EQ(mend("fuse-overlayfs", rootless_host(), machine), "");
}

TEST(Checkup, TellsTheCgroupsApart) {
    Host host = rootless_host();
    host.cgroups = delegated();
    EXPECT_EQ(finding("cgroup", host).found, "version 2, in a cgroup of your own: cpu memory pids");
    EXPECT_EQ(finding("cgroup", host).verdict, Verdict::good);
    host.cgroups.own.reset();
    EXPECT_EQ(finding("cgroup", host).found,
              "version 2, and none is delegated to you ('/user.slice')");
    EXPECT_TRUE(mend("cgroup", host).contains("systemd-run --user --scope -p Delegate=yes"));
    host.cgroups.version_2 = false;
    EXPECT_EQ(mend("cgroup", host),
              "sudo sed -i \"s/^GRUB_CMDLINE_LINUX=\\\"/&systemd.unified_cgroup_hierarchy=1 /\" "
              "/etc/default/grub && sudo update-grub && sudo reboot");
}

TEST(Checkup, NamesALimitThatIsNotDelegated) {
    Host host = rootless_host();
    host.cgroups = {.version_2 = true,
                    .systemd = os::BusPlace{.path = "/run/user/1000/bus"},
                    .systemd_controllers = {"memory", "pids"}};
    EXPECT_EQ(finding("cgroup", host).verdict, Verdict::less);
    EXPECT_EQ(finding("cgroup", host).found,
              "version 2, from systemd: memory pids; a limit needs the controller 'cpu', which is "
              "not delegated to you");
    EXPECT_TRUE(mend("cgroup", host).contains("Delegate=cpu"));
    host.cgroups.systemd_controllers.push_back("cpu");
    EXPECT_EQ(finding("cgroup", host).found, "version 2, from systemd: memory pids cpu");
    EXPECT_EQ(mend("cgroup", host), "");
}

TEST(Checkup, MendsAMaskedProcTheTunDeviceAndLandlock) {
    Host host = rootless_host();
    host.own_proc = false;
    EXPECT_EQ(mend("process namespaces", host),
              "if this is a container: docker run --security-opt systempaths=unconfined");
    Machine machine = good_machine();
    machine.tun_device = false;
    EXPECT_EQ(mend("/dev/net/tun", host, machine),
              "sudo modprobe tun && sudo chmod 666 /dev/net/tun");
    machine.landlock = 1;
    EXPECT_EQ(mend("Landlock", host, machine), "boot a kernel from 5.19 on");
    machine.landlock = 0;
    EXPECT_TRUE(mend("Landlock", host, machine).contains("lsm=landlock,$(cat /sys/kernel"));
}

TEST(Checkup, KnowsWhetherContainersStay) {
    Machine machine = good_machine();
    EXPECT_EQ(finding("lingering", rootless_host(), machine).verdict, Verdict::good);
    machine.systemd = true;
    machine.lingers = false;
    EXPECT_EQ(finding("lingering", rootless_host(), machine).verdict, Verdict::less);
    EXPECT_EQ(mend("lingering", rootless_host(), machine), "loginctl enable-linger");
    machine.lingers = true;
    EXPECT_EQ(mend("lingering", rootless_host(), machine), "");
}

TEST(Checkup, NamesItsVerdicts) {
    EXPECT_EQ(name_of(Verdict::good), "good");
    EXPECT_EQ(name_of(Verdict::less), "less");
    EXPECT_EQ(name_of(Verdict::missing), "missing");
}

}  // namespace
}  // namespace sbx::sandbox
