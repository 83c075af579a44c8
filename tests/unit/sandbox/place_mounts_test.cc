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

TEST(PlaceMounts, LaysAFolderOfItsOwnOverASource) {
    const oci::Mount mount{"/m", "overlay", "/src", {"nodev", "upperdir=/u=1", "workdir=/w"}};
    const Result<Plan> plan = with_mount(mount);
    ASSERT_TRUE(plan) << plan.error().text();
    EXPECT_EQ(describe(plan->mounts.front()), "overlay over '/src' on '/m' (nodev)");
    const auto& overlay = std::get<Overlay>(plan->mounts.front());
    EXPECT_EQ(overlay.upper, "/u=1");
    EXPECT_EQ(overlay.work, "/w");
    EXPECT_FALSE(overlay.lasting);
    EXPECT_EQ(described({"/m", "overlay", "/src", {"lasting", "upperdir=/u", "subpath=b"}}),
              "overlay over '/src/b' on '/m' with '/u'");
}

TEST(PlaceMounts, LaysNothingOverWhereTheKernelDoesNot) {
    for (const Driver driver : {Driver::fuse_overlayfs, Driver::copy}) {
        Host host = rootless_host();
        host.driver = driver;
        const Result<Plan> plan = with_mount({"/m", "overlay", "/src", {}}, host);
        EXPECT_TRUE(fails_saying(plan, "an overlay over '/src' takes the kernel's overlay"));
        EXPECT_TRUE(plan.failed_as(Error::Kind::unsupported));
    }
}

TEST(PlaceMounts, RefusesFileSystemsItDoesNotKnow) {
    for (const char* type : {"ext4", "nfs", "overlayfs", ""})
        EXPECT_TRUE(fails_saying(with_mount({"/m", type, "/x", {}}), "file system type")) << type;
    EXPECT_TRUE(with_mount({"/m", "ext4", "/x", {}}).failed_as(Error::Kind::unsupported));
}

TEST(PlaceMounts, GathersSecretsInOneFolder) {
    Request request = shell_request();
    request.spec.mounts = {{"/run/secrets/db", "secret", "db", {}},
                           {"/etc/key", "secret", "key", {"uid=5", "gid=6", "mode=0400"}}};
    const Plan plan = compile(request, rootless_host()).value();
    ASSERT_EQ(plan.mounts.size(), 1U);
    EXPECT_EQ(describe(plan.mounts.front()),
              "secrets in '/run/secrets': 'db' as '/run/secrets/db' 'key' as '/etc/key'");
    const auto& files = std::get<Secrets>(plan.mounts.front()).files;
    EXPECT_EQ(files[0].mode, 0444U);
    EXPECT_EQ(files[1].uid, 5U);
    EXPECT_EQ(files[1].gid, 6U);
    EXPECT_EQ(files[1].mode, 0400U);
    EXPECT_TRUE(fails_saying(with_mount({"/proc/x", "secret", "db", {}}), "/proc is"));
    request.exact = true;  // a bundle's documents know no secrets
    EXPECT_FALSE(compile(request, rootless_host()).has_value() &&
                 describe(compile(request, rootless_host())->mounts.back()).contains("secrets in"));
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

// A document of the runtime specification.
Result<Plan> with_exact(oci::Mount mount, const Host& host = test::root_host()) {
    Request request = shell_request();
    request.exact = true;
    request.spec.namespaces.push_back({.type = "user"});
    request.spec.mounts = {std::move(mount)};
    return compile(request, host);
}

Bind exact_bind(std::vector<std::string> options) {
    return std::get<Bind>(
        with_exact({"/m", "bind", "/x", std::move(options)}).value().mounts.back());
}

TEST(ExactMounts, TellTheMountFromWhatIsBelowIt) {
    const Bind bind = exact_bind({"rbind", "ro", "rnosuid", "rslave"});
    EXPECT_EQ(bind.own.set, MOUNT_ATTR_RDONLY);
    EXPECT_EQ(bind.attributes.set, MOUNT_ATTR_NOSUID);
    EXPECT_EQ(bind.attributes.propagation, MS_SLAVE);
    EXPECT_EQ(bind.own.propagation, 0U);
    EXPECT_EQ(exact_bind({"rbind"}).attributes.propagation, MS_PRIVATE);
    EXPECT_EQ(exact_bind({"shared"}).own.propagation, MS_SHARED);
}

TEST(ExactMounts, MayGoOnARelativeDestination) {
    const Plan plan = with_exact({"a/../b", "tmpfs", "t", {}}).value();
    EXPECT_EQ(std::get<Tmpfs>(plan.mounts.back()).to.text(), "/b");
}

TEST(ExactMounts, AreOfAnyTypeWithItsSource) {
    const Plan plan = with_exact({"/m", "ext4", "/dev/sda", {"noatime", "sync", "data=x"}}).value();
    const auto& special = std::get<Special>(plan.mounts.back());
    EXPECT_EQ(special.type, "ext4");
    EXPECT_EQ(special.source, "/dev/sda");
    EXPECT_EQ(special.attributes, std::uint64_t{MOUNT_ATTR_NOATIME});
    ASSERT_EQ(special.options.size(), 2U);
    EXPECT_EQ(special.options[0].value, "x");
    EXPECT_TRUE(fails_saying(with_exact({"/m", "", "/x", {}}), "file system type ''"));
    EXPECT_TRUE(fails_saying(with_exact({"/m", "none", "/x", {}}), "file system type 'none'"));
    EXPECT_TRUE(fails_saying(with_exact({"/", "proc", "", {}}), "nothing can be mounted on '/'"));
}

TEST(ExactMounts, MayBindProcItselfAndNothingBelow) {
    EXPECT_TRUE(test::succeeds(with_exact({"/proc", "bind", "/proc", {"rbind"}})));
    EXPECT_TRUE(
        fails_saying(with_exact({"/proc/x", "bind", "/x", {}}), "/proc is the container's"));
    EXPECT_TRUE(fails_saying(with_exact({"/proc", "tmpfs", "t", {}}), "/proc is the container's"));
}

TEST(ExactMounts, HaveTheIdsOfTheContainerUnlessTheySayOthers) {
    const Bind own = exact_bind({"idmap"});
    EXPECT_EQ(own.mapped.uids, compile(shell_request(), test::root_host())->ids.uids);
    const oci::Mount mount{.destination = "/m",
                           .source = "/x",
                           .options = {"rbind", "ridmap"},
                           .uid_mappings = {{.container_id = 1, .host_id = 2, .size = 3}},
                           .gid_mappings = {{.container_id = 4, .host_id = 5, .size = 6}}};
    const Plan plan = with_exact(mount).value();
    const auto& bind = std::get<Bind>(plan.mounts.back());
    EXPECT_EQ(bind.mapped.gids.front(), (os::IdRange{.inside = 4, .outside = 5, .count = 6}));
    EXPECT_EQ(bind.mapped_depth, os::Depth::and_below);
    EXPECT_TRUE(fails_saying(with_exact(mount, rootless_host()), "only root may map the ids"));
    EXPECT_TRUE(fails_saying(with_exact({"/m", "tmpfs", "t", {"idmap"}}), "mapped ids"));
}

TEST(ExactMounts, TakeLinksAsTheySay) {
    const Bind plain = exact_bind({"rbind"});
    EXPECT_EQ(plain.source_link, SourceLink::followed);
    EXPECT_FALSE(plain.over_link);
    const Bind links = exact_bind({"bind", "src-nofollow", "dest-nofollow"});
    EXPECT_EQ(links.source_link, SourceLink::itself);
    EXPECT_TRUE(links.over_link);
    EXPECT_EQ(exact_bind({"bind", "copy-symlink"}).source_link, SourceLink::copied);
    EXPECT_TRUE(fails_saying(with_exact({"/m", "bind", "/x", {"copy-symlink", "idmap"}}),
                             "copy-symlink of what is shared or has mapped ids"));
    for (const char* type : {"tmpfs", "proc", "ext4"})
        for (const char* word : {"src-nofollow", "dest-nofollow", "copy-symlink"})
            EXPECT_TRUE(fails_saying(with_exact({"/m", type, "x", {word}}), "is for binds"))
                << word;
}

// The kernel lets those of others than root propagate among themselves.
TEST(ExactMounts, AreSharedWithTheHostByRootAlone) {
    EXPECT_TRUE(exact_bind({"bind", "shared"}).shared_with_host);
    EXPECT_TRUE(exact_bind({"rbind", "rshared"}).shared_with_host);
    EXPECT_FALSE(exact_bind({"rbind", "rslave"}).shared_with_host);
    const Plan plan = with_exact({"/m", "bind", "/x", {"rshared"}}, rootless_host()).value();
    const auto& bind = std::get<Bind>(plan.mounts.back());
    EXPECT_FALSE(bind.shared_with_host);
    EXPECT_EQ(bind.attributes.propagation, MS_SHARED);
}

TEST(ExactMounts, HearTheHostWhereTheyAreSlaves) {
    EXPECT_TRUE(with_exact({"/m", "bind", "/x", {"rslave"}})->hears_host_mounts);
    EXPECT_FALSE(with_exact({"/m", "bind", "/x", {"rprivate"}})->hears_host_mounts);
}

TEST(ExactMounts, HaveDevWithTheDocumentsOptions) {
    const Plan plan = with_exact({"/dev", "tmpfs", "t", {"noexec", "mode=700"}}).value();
    const auto& dev = std::get<Dev>(plan.mounts.front());
    EXPECT_EQ(dev.attributes, std::uint64_t{MOUNT_ATTR_NOEXEC});
    EXPECT_EQ(dev.options.front().value, "700");
    EXPECT_EQ(dev.nodes, Nodes::bound) << "in a user namespace";
}

TEST(ExactMounts, OfNewFileSystemsMayPropagate) {
    const Plan tmpfs = with_exact({"/m", "tmpfs", "t", {"rshared"}}).value();
    EXPECT_EQ(std::get<Tmpfs>(tmpfs.mounts.back()).propagation, MS_SHARED);
    const Plan other = with_exact({"/m", "ext4", "/dev/sda", {"unbindable"}}).value();
    EXPECT_EQ(std::get<Special>(other.mounts.back()).propagation, MS_UNBINDABLE);
    const Plan dev = with_exact({"/dev", "tmpfs", "t", {"slave"}}).value();
    EXPECT_EQ(std::get<Dev>(dev.mounts.back()).propagation, MS_SLAVE);
}

// Where version 1 is in use as well there is no cgroup file system to mount, and what the host has
// below /sys, which a document may bind, can be the person's to write to.
TEST(ExactMounts, CoverCgroupsThatTheyCannotHave) {
    Host host = test::root_host();
    host.pure_cgroup2 = false;
    const Plan plan = with_exact({"/sys/fs/cgroup", "cgroup", "cgroup", {"ro"}}, host).value();
    const auto& bind = std::get<Bind>(plan.mounts.back());
    EXPECT_EQ(bind.from, "/sys/fs/cgroup");
    EXPECT_EQ(bind.attributes.set & MOUNT_ATTR_RDONLY, std::uint64_t{MOUNT_ATTR_RDONLY});
    EXPECT_EQ(bind.depth, os::Depth::and_below);
    EXPECT_TRUE(bind.optional) << "there may be none at all";
}

std::vector<Mount> labelled(std::vector<oci::Mount> mounts) {
    Request request = shell_request();
    request.exact = true;
    request.spec.mount_label = "system_u:object_r:container_file_t:s0:c1,c2";
    request.spec.mounts = std::move(mounts);
    return compile(request, test::root_host()).value().mounts;
}

std::string context_of(const std::vector<os::MountOption>& options) {
    for (const os::MountOption& option : options)
        if (option.name == "context") return option.value;
    return "";
}

TEST(MountLabel, IsTheContextOfNewFileSystems) {
    const auto mounts = labelled({{"/dev", "tmpfs", "t", {}},
                                  {"/dev/shm", "tmpfs", "t", {"size=64k"}},
                                  {"/dev/pts", "devpts", "d", {"newinstance"}},
                                  {"/own", "tmpfs", "t", {"context=mine"}}});
    const std::string label = "system_u:object_r:container_file_t:s0:c1,c2";
    EXPECT_EQ(context_of(std::get<Dev>(mounts[0]).options), label);
    EXPECT_EQ(context_of(std::get<Tmpfs>(mounts[1]).options), label);
    EXPECT_EQ(context_of(std::get<Special>(mounts[2]).options), label);
    EXPECT_EQ(context_of(std::get<Tmpfs>(mounts[3]).options), "mine") << "what the document says";
}

// The superblock of an IPC namespace's queues is there before: it takes no other context.
TEST(MountLabel, IsAnAttributeOfMessageQueues) {
    const auto mounts = labelled({{"/dev/mqueue", "mqueue", "mqueue", {}}});
    const auto& queues = std::get<Special>(mounts.back());
    EXPECT_EQ(queues.label, "system_u:object_r:container_file_t:s0:c1,c2");
    EXPECT_TRUE(queues.options.empty());
}

TEST(MountLabel, IsNotOfWhatIsTheKernelsOrTheHosts) {
    const auto mounts = labelled({{"/dev", "bind", "/dev", {}},
                                  {"/proc", "proc", "proc", {}},
                                  {"/sys", "sysfs", "sysfs", {}},
                                  {"/sys/fs/cgroup", "cgroup", "cgroup", {}},
                                  {"/m", "bind", "/x", {"rbind"}}});
    for (const Mount& mount : mounts)
        if (const auto* special = std::get_if<Special>(&mount)) {
            EXPECT_TRUE(special->label.empty()) << special->type;
            EXPECT_EQ(context_of(special->options), "") << special->type;
        }
    EXPECT_TRUE(std::holds_alternative<Special>(mounts[1])) << "it was looked at";
}

}  // namespace
}  // namespace sbx::sandbox
