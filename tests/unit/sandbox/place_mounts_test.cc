#include <gtest/gtest.h>

#include "sandbox/compile.h"
#include "sandbox/places.h"
#include "support/requests.h"
#include "support/results.h"

namespace sbx::sandbox {
namespace {

using test::fails_saying;
using test::rootless_host;
using test::shell_request;
using test::single_id_host;

Result<Plan> with_mount(oci::Mount mount, const Host& host = rootless_host()) {
    Request request = shell_request();
    request.spec.mounts = {std::move(mount)};
    return compile(request, host);
}

std::string described(oci::Mount mount, const Host& host = rootless_host()) {
    const Result<Plan> plan = with_mount(std::move(mount), host);
    if (!plan) return plan.error().text();
    return plan->mounts.empty() ? "" : describe(plan->mounts.front());
}

// CVE-2019-16884, CVE-2023-27561: whoever covers /proc decides what is written to and hidden there.
TEST(PlaceMounts, LetsNothingStandInProc) {
    for (const char* to : {"/proc", "/proc/", "//proc/./sys", "/proc/self/attr", "/proc/kcore"})
        for (const char* type : {"bind", "tmpfs", "layers"})
            EXPECT_TRUE(fails_saying(with_mount({to, type, "/x", {}}), "/proc is the container's"))
                << to << " " << type;
}

TEST(PlaceMounts, LetsTheFilesOfLxcfsStandInProc) {
    for (const char* to : {"/proc/cpuinfo", "/proc/meminfo", "/proc/uptime", "/proc/loadavg",
                           "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled"})
        EXPECT_EQ(described({to, "bind", "/x", {}}), fmt::format("bind '/x' on '{}'", to));
    EXPECT_TRUE(fails_saying(with_mount({"/proc/cpuinfo/x", "bind", "/x", {}}), "/proc"));
}

TEST(PlaceMounts, LetsNothingStandOnTheRoot) {
    for (const char* to : {"/", "//", "/."})
        EXPECT_TRUE(
            fails_saying(with_mount({to, "tmpfs", "", {}}), "nothing can be mounted on '/'"))
            << to;
}

TEST(PlaceMounts, RefusesDestinationsThatLeadElsewhere) {
    for (const char* to : {"relative", "/a/../../b", "", "/.."})
        EXPECT_TRUE(fails_saying(with_mount({to, "bind", "/x", {}}), "mount on")) << to;
}

TEST(PlaceMounts, RefusesFileSystemsItDoesNotKnow) {
    for (const char* type : {"ext4", "nfs", "overlay", ""})
        EXPECT_TRUE(fails_saying(with_mount({"/m", type, "/x", {}}), "file system type")) << type;
    EXPECT_TRUE(with_mount({"/m", "ext4", "/x", {}}).failed_as(Error::Kind::unsupported));
}

TEST(PlaceMounts, TakesABindByItsOptionToo) {
    EXPECT_EQ(described({"/m", "none", "/x", {"rbind", "ro"}}), "bind '/x' on '/m' (read-only)");
    EXPECT_EQ(described({"/proc/self", "proc", "/x", {"bind"}}),
              "mount on '/proc/self': nothing can be mounted on '/proc/self': /proc is the "
              "container's");
}

TEST(PlaceMounts, RefusesOptionsABindDoesNotHave) {
    EXPECT_TRUE(fails_saying(with_mount({"/m", "bind", "/x", {"size=1m"}}),
                             "mount on '/m': 'size' is not an option of a bind mount"));
    EXPECT_TRUE(fails_saying(with_mount({"/m", "bind", "/x", {"shared"}}),
                             "would carry the container's mounts to the host"));
    EXPECT_TRUE(fails_saying(with_mount({"/m", "bind", "/x", {"subpath=../y"}}), "subpath"));
}

TEST(PlaceMounts, KeepsABindPrivateUnlessTold) {
    const auto propagation = [](std::vector<std::string> options) {
        const Plan plan = with_mount({"/m", "bind", "/x", std::move(options)}).value();
        return std::get<Bind>(plan.mounts.front()).attributes.propagation;
    };
    EXPECT_EQ(propagation({}), MS_PRIVATE);
    EXPECT_EQ(propagation({"rslave"}), MS_SLAVE);
}

TEST(PlaceMounts, PutsSbxsOwnDevicesOnDev) {
    EXPECT_EQ(described({"/dev", "tmpfs", "tmpfs", {}}), "devices on '/dev'");
    EXPECT_EQ(described({"/dev/shm", "tmpfs", "shm", {"noexec"}}), "tmpfs on '/dev/shm' (noexec)");
}

TEST(PlaceMounts, ShowsTheHostReadOnlyWhereItsNamespaceIsShared) {
    Request request = test::usual_request();
    for (const char* type : {"pid", "network", "ipc", "cgroup"})
        test::share(request, type);
    const Plan plan = compile(request, rootless_host()).value();
    std::string text;
    for (const Mount& mount : plan.mounts)
        text += describe(mount) + "\n";
    EXPECT_TRUE(text.contains("bind '/proc' on '/proc' (read-only, nosuid, nodev, noexec)\n"));
    EXPECT_TRUE(text.contains("bind '/sys' on '/sys' (read-only, nosuid, nodev, noexec)\n"));
    EXPECT_TRUE(text.contains("bind '/dev/mqueue' on '/dev/mqueue'\n"));
    EXPECT_FALSE(text.contains("cgroup")) << "the host's could be written to: " << text;
}

TEST(PlaceMounts, DropsTheGroupOfTerminalsWhereItDoesNotExist) {
    const auto options = [](const Host& host) {
        const Plan plan =
            with_mount({"/dev/pts", "devpts", "", {"gid=5", "mode=0620"}}, host).value();
        return std::get<Special>(plan.mounts.front()).options.size();
    };
    EXPECT_EQ(options(rootless_host()), 2U);
    EXPECT_EQ(options(single_id_host()), 1U);
}

TEST(PlaceMounts, LetsNoDeviceStandInProcOrOnTheRoot) {
    for (const char* to : {"/proc/x", "/", "dev/x", "/dev/../proc/kcore"}) {
        Request request = shell_request();
        request.spec.devices = {{.path = to, .source = "/dev/null"}};
        EXPECT_TRUE(fails_saying(compile(request, rootless_host()), "device")) << to;
    }
}

}  // namespace
}  // namespace sbx::sandbox
