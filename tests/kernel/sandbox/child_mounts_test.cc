#include "sandbox/child_mounts.h"

#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/file.h"
#include "os/mount.h"
#include "os/process.h"
#include "support/containers.h"
#include "support/files.h"
#include "support/namespaces.h"
#include "support/results.h"
#include "support/turns.h"
#include "support/waiting.h"

namespace sbx::sandbox {
namespace {

using test::make_file;
using test::make_folder;
using test::make_link;
using test::Outcome;
using test::output_of;
using test::run;
using test::TinyRoot;

Request with_mount(Request request, oci::Mount mount) {
    request.spec.mounts.push_back(std::move(mount));
    return request;
}

// The options that the kernel shows for what is mounted at `to`.
std::string options_at(const TinyRoot& root, Request request, const std::string& to) {
    request.spec.process.args =
        root.program({"/bin/busybox", "awk", fmt::format("$2 == \"{}\" {{ print $4 }}", to),
                      "/proc/mounts"})
            .spec.process.args;
    return output_of(request);
}

TEST(Bind, ShowsWhatIsOnTheHostAndWritesToIt) {
    const TinyRoot root;
    make_folder(root.beside("src"));
    make_file(root.beside("src/from"), "outside\n");
    const Request request = with_mount(root.request("cat /data/from; echo inside > /data/to"),
                                       {"/data", "bind", root.beside("src"), {"rbind"}});
    EXPECT_EQ(output_of(request), "outside\n");
    EXPECT_EQ(test::bytes_of(root.beside("src/to")), "inside\n");
    EXPECT_FALSE(test::exists(root.at("data/from"))) << "the mount went with the container";
}

TEST(Bind, OfAFileGoesOnAFileMadeForIt) {
    const TinyRoot root;
    make_file(root.beside("file"), "outside\n");
    const Request request = with_mount(root.request("cat /new/folder/file"),
                                       {"/new/folder/file", "bind", root.beside("file"), {}});
    EXPECT_EQ(output_of(request), "outside\n");
    EXPECT_EQ(test::status(root.at("new/folder/file")).st_size, 0);
}

TEST(Bind, HasTheAttributesAskedFor) {
    const TinyRoot root;
    make_folder(root.beside("src"));
    const Request request =
        with_mount(root.request(""),
                   {"/data", "bind", root.beside("src"), {"ro", "nosuid", "nodev", "noexec"}});
    EXPECT_TRUE(options_at(root, request, "/data").starts_with("ro,nosuid,nodev,noexec"));
}

// A folder with a tmpfs in it, bound: read-only means below it, too.
TEST(Bind, IsReadOnlyToItsDepth) {
    const TinyRoot root;
    make_folder(root.beside("src"));
    make_folder(root.beside("src/sub"));
    test::in_mapped_namespaces([&] {
        test::mount_tmpfs(root.beside("src/sub"));
        make_file(root.beside("src/sub/f"));
        const Host host = test::find_host_here();
        const Outcome outcome =
            run(with_mount(root.request("touch /data/x; touch /data/sub/x; ls /data/sub"),
                           {"/data", "bind", root.beside("src"), {"rbind", "ro"}}),
                host);
        EXPECT_EQ(outcome.errors,
                  "touch: /data/x: Read-only file system\n"
                  "touch: /data/sub/x: Read-only file system\n")
            << outcome.failure;
        EXPECT_EQ(outcome.output, "f\n") << "it is the tmpfs";
    });
}

TEST(Bind, OfNothingIsNoFailureWhereItIsOptional) {
    const TinyRoot root;
    const Request request =
        with_mount(root.request("ls /data"), {"/data", "bind", root.beside("none"), {"optional"}});
    EXPECT_EQ(run(request).errors, "ls: /data: No such file or directory\n");
}

TEST(Bind, OnNothingIsNoFailureWhereItIsOptional) {
    const TinyRoot root;
    make_file(root.beside("f"), "x");
    test::make_link(root.at("run"), "/nowhere/at/all");
    oci::Mount mount{"/run/f", "bind", root.beside("f"), {"bind"}};
    EXPECT_TRUE(run(with_mount(root.request("true"), mount)).failure.contains("/run/f"));
    mount.options.emplace_back("optional");
    EXPECT_EQ(output_of(with_mount(root.request("ls -l /run | wc -l"), mount)), "1\n");
}

// crun's src-nofollow, dest-nofollow and copy-symlink.
TEST(Bind, IsOfALinkItselfWhereItSaysSo) {
    const TinyRoot root;
    make_file(root.beside("secret"), "of the host\n");
    make_link(root.beside("link"), root.beside("secret"));
    EXPECT_EQ(output_of(with_mount(root.request("cat /data"),
                                   {"/data", "bind", root.beside("link"), {"bind"}})),
              "of the host\n");
    EXPECT_EQ(output_of(with_mount(root.request("readlink /data; cat /data 2>&1 | wc -l"),
                                   {"/data", "bind", root.beside("link"), {"src-nofollow"}})),
              root.beside("secret") + "\n1\n");
}

TEST(Bind, GoesOnALinkItselfWhereItSaysSo) {
    const TinyRoot root;
    make_file(root.beside("file"), "outside\n");
    make_file(root.at("behind"), "inside\n");
    make_link(root.at("link"), "/behind");
    oci::Mount mount{"/link", "bind", root.beside("file"), {"bind"}};
    EXPECT_EQ(output_of(with_mount(root.request("cat /behind"), mount)), "outside\n");
    mount.options.emplace_back("dest-nofollow");
    EXPECT_EQ(output_of(with_mount(root.request("cat /behind /link"), mount)), "inside\noutside\n");
    make_link(root.at("dangling"), "/nowhere");
    mount.destination = "/dangling";
    EXPECT_EQ(output_of(with_mount(root.request("cat /dangling; ls /nowhere 2>&1; true"), mount)),
              "outside\nls: /nowhere: No such file or directory\n");
    mount.destination = "/new/file";
    EXPECT_EQ(output_of(with_mount(root.request("cat /new/file"), mount)), "outside\n");
}

TEST(Bind, OfALinkCanBeACopyOfIt) {
    const TinyRoot root;
    make_link(root.beside("link"), "somewhere/else");
    const oci::Mount mount{"/a/link", "bind", root.beside("link"), {"bind", "copy-symlink"}};
    for (const char* time : {"made", "there already"})
        EXPECT_EQ(output_of(with_mount(root.request("readlink /a/link"), mount)),
                  "somewhere/else\n")
            << time;
    make_file(root.at("file"), "x");
    make_link(root.at("other"), "other");
    for (const char* to : {"/file", "/other"})
        EXPECT_TRUE(run(with_mount(root.request("true"), {to, "bind", mount.source, mount.options}))
                        .failure.contains("is not the link to 'somewhere/else'"))
            << to;
    make_file(root.beside("plain"), "plain\n");
    EXPECT_EQ(output_of(with_mount(root.request("cat /p"),
                                   {"/p", "bind", root.beside("plain"), mount.options})),
              "plain\n");
}

TEST(Bind, OfAnEmptyVolumeBeginsWithWhatTheImageHas) {
    const TinyRoot root;
    make_folder(root.at("data"));
    make_file(root.at("data/f"), "of the image\n", 0640);
    make_folder(root.beside("volume"));
    const Request request =
        with_mount(root.request("cat /data/f; stat -c %a /data/f"),
                   {"/data", "bind", root.beside("volume"), {"rbind", "copyup"}});
    EXPECT_EQ(output_of(request), "of the image\n640\n");
    EXPECT_EQ(test::bytes_of(root.beside("volume/f")), "of the image\n");
    EXPECT_TRUE(test::exists(root.beside("filling")));
}

TEST(Bind, OfAPersonsFolderPutsNothingBesideIt) {
    const TinyRoot root;
    make_folder(root.at("data"));
    make_file(root.at("data/f"), "of the image\n");
    make_folder(root.beside("mine"));
    const Request request =
        with_mount(root.request("cat /data/f"),
                   {"/data", "bind", root.beside("mine"), {"rbind", "tmpcopyup"}});
    EXPECT_EQ(output_of(request), "of the image\n");
    EXPECT_FALSE(test::exists(root.beside("filling")));
}

// CVE-2020-1726: what a volume holds is the person's, and stays.
TEST(Bind, OfAVolumeWithContentKeepsIt) {
    const TinyRoot root;
    make_folder(root.at("data"));
    make_file(root.at("data/f"), "of the image\n");
    make_file(root.at("data/g"), "of the image\n");
    make_folder(root.beside("volume"));
    make_file(root.beside("volume/f"), "mine\n");
    const Request request =
        with_mount(root.request("cat /data/f; ls /data"),
                   {"/data", "bind", root.beside("volume"), {"rbind", "copyup"}});
    EXPECT_EQ(output_of(request), "mine\nf\n");
}

// CVE-2017-1002101: the container of an earlier life put a link where the subpath is.
TEST(Bind, OfASubpathStaysInItsVolume) {
    const TinyRoot root;
    make_folder(root.beside("volume"));
    make_folder(root.beside("volume/good"));
    make_file(root.beside("volume/good/f"), "in the volume\n");
    make_link(root.beside("volume/evil"), root.canary());
    make_link(root.beside("volume/up"), "../CANARY");
    const auto with_subpath = [&](const std::string& name) {
        return run(
            with_mount(root.request("cat /data/f /data/secret"),
                       {"/data", "bind", root.beside("volume"), {"rbind", "subpath=" + name}}));
    };
    EXPECT_EQ(with_subpath("good").output, "in the volume\n");
    for (const char* name : {"evil", "up"}) {
        const Outcome outcome = with_subpath(name);
        EXPECT_EQ(outcome.code, 125) << outcome.output;
        EXPECT_TRUE(outcome.failure.contains("subpath: ")) << outcome.failure;
    }
}

TEST(Bind, CarriesNoMountOfTheContainerToTheHost) {
    const TinyRoot root;
    make_folder(root.beside("src"));
    Request request =
        with_mount(root.request("mkdir /data/m && mount -t tmpfs t /data/m && touch /data/m/x"),
                   {"/data", "bind", root.beside("src"), {"rbind", "rslave"}});
    request.spec.process.capabilities.bounding.emplace_back("SYS_ADMIN");
    const Outcome outcome = run(request);
    EXPECT_EQ(outcome.code, 0) << outcome.errors;
    EXPECT_FALSE(test::exists(root.beside("src/m/x")));
    EXPECT_FALSE(test::bytes_of("/proc/self/mountinfo").contains(root.beside("src")));
}

Request exactly(Request request, oci::Mount mount) {
    request.exact = true;
    return with_mount(std::move(request), std::move(mount));
}

TEST(ExactBind, IsReadOnlyByItselfOrWithAllBelow) {
    const TinyRoot root;
    make_folder(root.beside("src"));
    const auto errors = [&](std::vector<std::string> options) {
        const Request request = exactly(root.request("touch /data/x"),
                                        {"/data", "bind", root.beside("src"), std::move(options)});
        return run(request).errors;
    };
    EXPECT_EQ(errors({"rbind", "ro"}), "touch: /data/x: Read-only file system\n");
    EXPECT_EQ(errors({"rbind", "rro"}), "touch: /data/x: Read-only file system\n");
    EXPECT_EQ(errors({"rbind", "rw"}), "");
}

// A folder of the host whose mounts are shared, and a container that has it at /data: what is
// mounted on one side once the container runs, seen from the other side.
class SharedFolder : public testing::Test {
protected:
    void SetUp() override { make_folder(root_.beside("src")); }

    std::string at(const std::string& name) const { return root_.beside("src/" + name); }

    void share() const {
        test::mount_tmpfs(root_.beside("src"));
        make_folder(at("m"));
        const os::Fd top(::open(root_.beside("src").c_str(), O_PATH | O_CLOEXEC));
        ASSERT_TRUE(
            test::succeeds(os::change_mount(top, {.propagation = MS_SHARED}, os::Depth::this_one)));
    }

    // The container says that it runs, and waits for what the host mounts then.
    Outcome run_and_mount(const std::string& propagation) const {
        const pid_t helper = ::fork();
        if (helper == 0) {
            if (!test::comes_true([&] { return test::exists(at("ready")); })) ::_exit(1);
            test::mount_tmpfs(at("m"));
            make_file(at("m/of-the-host"), "");
            make_file(at("done"), "");
            ::_exit(0);
        }
        const Outcome outcome = run(
            exactly(
                root_.request("touch /data/ready; until test -e /data/done; do sleep 0.01; done;"
                              " ls /data/m"),
                {"/data", "bind", root_.beside("src"), {"rbind", propagation}}),
            test::find_host_here());
        ::waitpid(helper, nullptr, 0);
        return outcome;
    }

    TinyRoot root_;
};

TEST_F(SharedFolder, ShowsWhatTheHostMountsLaterToSlaves) {
    test::in_mapped_namespaces([&] {
        share();
        EXPECT_EQ(run_and_mount("rslave").output, "of-the-host\n");
    });
}

TEST_F(SharedFolder, ShowsItToThoseWhoShareIt) {
    test::in_mapped_namespaces([&] {
        share();
        const Outcome outcome = run_and_mount("rshared");
        EXPECT_EQ(outcome.output, "of-the-host\n") << outcome.failure;
    });
}

TEST_F(SharedFolder, ShowsItToNobodyElse) {
    test::in_mapped_namespaces([&] {
        share();
        EXPECT_EQ(run_and_mount("rprivate").output, "");
    });
}

TEST_F(SharedFolder, CarriesMountsToTheHostOnlyWhereItIsShared) {
    test::in_mapped_namespaces([&] {
        share();
        const auto carried = [&](const std::string& propagation) {
            Request request =
                exactly(root_.request("mount -t tmpfs t /data/m && touch /data/m/of-the-container"),
                        {"/data", "bind", root_.beside("src"), {"rbind", propagation}});
            request.spec.process.capabilities = oci::Capabilities::of({"CAP_SYS_ADMIN"});
            const Outcome outcome = run(request, test::find_host_here());
            EXPECT_EQ(outcome.code, 0) << outcome.failure << outcome.errors;
            return test::exists(at("m/of-the-container"));
        };
        EXPECT_FALSE(carried("rprivate"));
        EXPECT_FALSE(carried("rslave"));
        EXPECT_TRUE(carried("rshared"));
    });
}

// What the machine has below /dev are mounts: pts, shm.
TEST(ExactBind, ReachesWhatIsMountedBelowWithAnRAlone) {
    const TinyRoot root;
    const auto below = [&](std::vector<std::string> options) {
        Request request =
            exactly(root.request("true"), {"/data", "bind", "/dev", std::move(options)});
        return options_at(root, request, "/data/pts");
    };
    EXPECT_TRUE(below({"rbind", "ro"}).starts_with("rw")) << below({"rbind", "ro"});
    EXPECT_TRUE(below({"rbind", "rro"}).starts_with("ro")) << below({"rbind", "rro"});
}

TEST(ExactBind, OnProcIsOfProcAlone) {
    const TinyRoot root;
    make_folder(root.beside("src"));
    Request request =
        exactly(root.request("true"), {"/proc", "bind", root.beside("src"), {"bind"}});
    EXPECT_TRUE(run(request).failure.ends_with("is not the proc file system"))
        << run(request).failure;
}

TEST(ExactBind, WithMappedIdsIsRootsAlone) {
    const TinyRoot root;
    make_folder(root.beside("src"));
    const Request request =
        exactly(root.request("stat -c %u /data"), {"/data", "bind", root.beside("src"), {"idmap"}});
    const Outcome outcome = run(request);
    if (::geteuid() == 0) {
        EXPECT_EQ(outcome.output, "0\n") << outcome.failure;
    } else {
        EXPECT_TRUE(outcome.failure.contains("only root may map the ids of a mount"));
    }
}

TEST(FileSystem, OfAnyTypeIsMounted) {
    const TinyRoot root;
    Request request = exactly(root.request("touch /m/x && stat -f -c %T /m"),
                              {"/m", "ramfs", "ram", {"nosuid", "mode=700"}});
    EXPECT_EQ(output_of(request), "ramfs\n");
    EXPECT_TRUE(options_at(root, request, "/m").starts_with("rw,nosuid"));
}

TEST(FileSystem, IsNamedWhereTheKernelHasNone) {
    const TinyRoot root;
    const Outcome outcome = run(exactly(root.request("true"), {"/m", "nosuchfs", "x", {}}));
    EXPECT_TRUE(outcome.failure.contains("file system type 'nosuchfs'")) << outcome.failure;
}

// podman's -v ...:O: folders whose paths are longer than fsconfig(2) takes.
TEST(FileSystem, MayHaveLongOptions) {
    const TinyRoot root;
    const std::string long_name(240, 'n');
    make_folder(root.beside(long_name));
    for (const char* part : {"lower", "upper", "work"})
        make_folder(root.beside(fmt::format("{}/{}", long_name, part)));
    make_file(root.beside(long_name + "/lower/f"), "lower\n");
    const auto option = [&](const char* name, const char* part) {
        return fmt::format("{}={}", name, root.beside(fmt::format("{}/{}", long_name, part)));
    };
    const Request request = exactly(root.request("cat /m/f; echo changed > /m/f; cat /m/f"),
                                    {"/m",
                                     "overlay",
                                     "overlay",
                                     {option("lowerdir", "lower"), option("upperdir", "upper"),
                                      option("workdir", "work"), "userxattr"}});
    EXPECT_EQ(output_of(request), "lower\nchanged\n");
    EXPECT_EQ(test::bytes_of(root.beside(long_name + "/lower/f")), "lower\n");
}

TEST(Tmpfs, HasTheOptionsAskedFor) {
    const TinyRoot root;
    const Request request =
        with_mount(root.request("stat -c %a /scratch; df -k /scratch | tail -1 | awk '{print $2}'"),
                   {"/scratch", "tmpfs", "tmpfs", {"size=1m", "mode=1770", "noexec", "nosuid"}});
    EXPECT_EQ(output_of(request), "1770\n1024\n");
    EXPECT_TRUE(options_at(root, request, "/scratch").starts_with("rw,nosuid,noexec"));
}

TEST(Tmpfs, HasTheModeOfWhatItIsMountedOver) {
    const TinyRoot root;
    make_folder(root.at("private"), 0710);
    const auto mode_of = [&](const std::string& path) {
        return output_of(
            with_mount(root.request("stat -c %a " + path), {path, "tmpfs", "tmpfs", {}}));
    };
    EXPECT_EQ(mode_of("/private"), "710\n");
    EXPECT_EQ(mode_of("/new"), "1777\n") << "the kernel's own";
}

TEST(Tmpfs, BeginsWithWhatTheImageHasWhereItIsToldTo) {
    const TinyRoot root;
    make_folder(root.at("data"));
    make_file(root.at("data/f"), "of the image\n");
    const auto with = [&](std::vector<std::string> options) {
        return run(with_mount(root.request("cat /data/f && echo changed > /data/f"),
                              {"/data", "tmpfs", "tmpfs", std::move(options)}));
    };
    EXPECT_EQ(with({"tmpcopyup"}).output, "of the image\n");
    EXPECT_EQ(with({}).errors, "cat: can't open '/data/f': No such file or directory\n");
    EXPECT_EQ(with({"tmpcopyup", "ro"}).code, 1) << "and read-only only after that";
    EXPECT_EQ(test::bytes_of(root.at("data/f")), "of the image\n");
}

TEST(Tmpfs, NamesTheOptionThatTheKernelRefuses) {
    const TinyRoot root;
    const Outcome outcome =
        run(with_mount(root.request("true"), {"/scratch", "tmpfs", "tmpfs", {"coffee=1"}}));
    EXPECT_TRUE(outcome.failure.starts_with("tmpfs on '/scratch': ")) << outcome.failure;
    EXPECT_TRUE(outcome.failure.contains("coffee")) << outcome.failure;
}

TEST(Dev, HasTheUsualDevicesAndLinksAndNoMore) {
    const TinyRoot root;
    make_folder(root.at("dev"));
    make_file(root.at("dev/sda"), "of the image");
    EXPECT_EQ(output_of(root.request("ls -1 /dev | tr '\\n' ' '; stat -c '%t:%T' /dev/null "
                                     "/dev/zero /dev/full /dev/random /dev/urandom /dev/tty")),
              "core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero "
              "1:3\n1:5\n1:7\n1:8\n1:9\n5:0\n");
}

TEST(Dev, Works) {
    const TinyRoot root;
    EXPECT_EQ(
        output_of(root.request("echo gone > /dev/null; head -c 3 /dev/zero | wc -c; "
                               "(echo here > /dev/stdout) | cat; head -c 9 /dev/urandom | wc -c; "
                               "test -c /dev/ptmx && echo pty")),
        "3\nhere\n9\npty\n");
}

TEST(Dev, LetsNoDeviceBeMade) {
    const TinyRoot root;
    Request request =
        root.request("mknod /dev/mem c 1 1; mknod /tmp/kmem c 1 2; mknod /tmp/sda b 8 0");
    request.spec.process.capabilities.bounding.emplace_back("MKNOD");
    const Outcome outcome = run(request);
    EXPECT_EQ(outcome.errors,
              "mknod: /dev/mem: Operation not permitted\n"
              "mknod: /tmp/kmem: Operation not permitted\n"
              "mknod: /tmp/sda: Operation not permitted\n");
}

TEST(Device, IsBoundFromTheHost) {
    const TinyRoot root;
    Request request =
        root.request("stat -c '%t:%T' /dev/nought /opt/zero; head -c 2 /opt/zero | wc -c");
    request.spec.devices = {{.path = "/dev/nought", .source = "/dev/null"},
                            {.path = "/opt/zero", .source = "/dev/zero"}};
    EXPECT_EQ(output_of(request), "1:3\n1:5\n2\n");
}

TEST(Device, IsTheOneThatTheDocumentMeans) {
    const TinyRoot root;
    Request request =
        root.request("stat -c '%t:%T' /dev/fifo /dev/null; test -p /dev/fifo && echo p");
    request.spec.devices = {{.path = "/dev/null", .type = "c", .major = 1, .minor = 3},
                            {.path = "/dev/fifo", .type = "p"}};
    EXPECT_EQ(output_of(request), "0:0\n1:3\np\n");
    request.spec.devices[0].minor = 5;
    EXPECT_EQ(run(request).failure,
              "device '/dev/null' on '/dev/null': '/dev/null' of the host is another device");
}

TEST(Device, IsOneIndeed) {
    const TinyRoot root;
    Request request = root.request("true");
    request.spec.devices = {{.path = "/dev/x", .source = root.canary() + "/secret"}};
    EXPECT_EQ(run(request).failure, fmt::format("device '{0}' on '/dev/x': '{0}' is not a device",
                                                root.canary() + "/secret"));
}

TEST(Masked, FilesAreEmptyAndFoldersToo) {
    const TinyRoot root;
    make_folder(root.at("hidden"));
    make_file(root.at("hidden/f"), "x");
    make_folder(root.at("hidden2"));
    make_file(root.at("hidden2/f"), "x");
    make_file(root.at("file"), "secret");
    Request request = root.request(
        "ls -A /hidden /hidden2; cat /file /proc/keys; stat -c %t:%T /file /proc/keys; "
        "touch /hidden/x 2>&1; touch /hidden2/x 2>&1");
    request.spec.masked_paths = {"/hidden", "/file", "/hidden2", "/proc/keys", "/proc/none"};
    EXPECT_EQ(run(request).output,
              "/hidden:\n\n/hidden2:\n"
              "1:3\n1:3\n"
              "touch: /hidden/x: Read-only file system\n"
              "touch: /hidden2/x: Read-only file system\n");
}

TEST(Masked, StayMaskedWhateverTheRootOfTheContainerTries) {
    const TinyRoot root;
    make_file(root.at("file"), "secret");
    Request request = root.request(
        "umount /file; umount -l /file; rm /file; mv /file /other; cat /file; "
        "mkdir /m; mount -t proc p /m && cat /m/kcore | head -c 1; mount --bind / /m; cat /m/file");
    request.spec.masked_paths = {"/file", "/proc/keys"};
    request.spec.process.capabilities.bounding.emplace_back("SYS_ADMIN");
    const Outcome outcome = run(request);
    EXPECT_FALSE(outcome.output.contains("secret")) << outcome.errors;
}

TEST(ReadOnly, PathsRefuseWrites) {
    const TinyRoot root;
    make_folder(root.at("conf"));
    Request request = root.request(
        "touch /conf/x; echo 1 > /proc/sys/net/ipv4/ip_forward; touch /tmp/fine; "
        "echo 1 > /proc/1/root/proc/sys/net/ipv4/ip_forward");
    request.spec.process.capabilities.bounding.emplace_back("NET_ADMIN");
    request.spec.read_only_paths = {"/conf", "/proc/sys", "/none"};
    EXPECT_EQ(run(request).errors,
              "touch: /conf/x: Read-only file system\n"
              "/bin/sh: can't create /proc/sys/net/ipv4/ip_forward: Read-only file system\n"
              "/bin/sh: can't create /proc/1/root/proc/sys/net/ipv4/ip_forward: Read-only file "
              "system\n");
    request.spec.read_only_paths.clear();
    EXPECT_EQ(run(request).errors, "") << "without the paths it can be written to";
}

// An image whose folders are links to a folder of the host. `sbx` fills them as root of the
// container, which is the person outside.
class HostileImage : public testing::Test {
protected:
    void SetUp() override {
        make_link(root_.at("absolute"), root_.canary());
        make_link(root_.at("relative"), "../CANARY");
        make_link(root_.at("proc-root"), "/proc/1/root" + root_.canary());
        make_link(root_.at("dangling"), root_.canary() + "/new");
    }
    void TearDown() override { EXPECT_TRUE(root_.canary_is_untouched()); }

    static constexpr const char* kLinks[] = {"/absolute", "/relative", "/proc-root", "/dangling"};

    TinyRoot root_;
};

TEST_F(HostileImage, HasNoTargetOutside) {
    make_folder(root_.beside("src"));
    make_file(root_.beside("file"));
    for (const std::string link : kLinks) {
        (void)run(with_mount(root_.request("touch /w 2> /dev/null"),
                             {link + "/sub", "bind", root_.beside("src"), {}}));
        (void)run(
            with_mount(root_.request("true"), {link + "/file", "bind", root_.beside("file"), {}}));
        (void)run(with_mount(root_.request("true"), {link, "bind", root_.beside("src"), {}}));
        (void)run(with_mount(root_.request("true"), {link + "/t", "tmpfs", "tmpfs", {}}));
        (void)run(with_mount(root_.request("touch /absolute/x"), {link, "tmpfs", "tmpfs", {}}));
        Request device = root_.request("true");
        device.spec.devices = {{.path = link + "/null", .source = "/dev/null"}};
        (void)run(device);
        EXPECT_TRUE(root_.canary_is_untouched()) << link;
    }
}

// Links that images do have: /var/run leads to /run.
TEST_F(HostileImage, HasTargetsBehindLinksInside) {
    make_folder(root_.at("run"));
    make_folder(root_.at("var"));
    make_link(root_.at("var/run"), "/run");
    make_file(root_.beside("file"), "bound\n");
    EXPECT_EQ(output_of(with_mount(root_.request("cat /run/sock"),
                                   {"/var/run/sock", "bind", root_.beside("file"), {}})),
              "bound\n");
}

// /etc/resolv.conf of many images leads to what only a running system has.
TEST_F(HostileImage, HasTargetsMadeWhereItsDanglingLinksLead) {
    make_file(root_.beside("file"), "bound\n");
    make_link(root_.at("etc/resolv.conf"), "../run/resolve/stub");
    make_link(root_.at("scratch"), "/made");
    Request request = with_mount(root_.request("cat /run/resolve/stub; df /made | tail -1"),
                                 {"/etc/resolv.conf", "bind", root_.beside("file"), {}});
    request.spec.mounts.push_back({"/scratch", "tmpfs", "tmpfs", {}});
    EXPECT_TRUE(output_of(request).starts_with("bound\ntmpfs "));
}

TEST_F(HostileImage, HasNoTargetInAnEndlessLink) {
    make_link(root_.at("loop"), "loop");
    make_link(root_.at("ping"), "pong/x");
    make_link(root_.at("pong"), "ping/x");
    for (const char* to : {"/loop", "/loop/x", "/ping", "/pong/y"})
        EXPECT_EQ(run(with_mount(root_.request("true"), {to, "tmpfs", "tmpfs", {}})).code, 125)
            << to;
}

// CVE-2019-19921: what is mounted where the image leads must not stand for what the kernel says.
TEST_F(HostileImage, LeadsNoTargetIntoProc) {
    make_folder(root_.beside("src"));
    make_file(root_.beside("file"));
    make_link(root_.at("to-proc"), "/proc");
    make_link(root_.at("to-sys"), "proc/sys");
    make_link(root_.at("to-status"), "/proc/1/status");
    const auto failure = [&](oci::Mount mount) {
        return run(with_mount(root_.request("true"), std::move(mount))).failure;
    };
    for (const std::string to : {"/to-proc", "/to-sys", "/to-proc/1"}) {
        const std::string words = fmt::format("'{}' in the image leads into /proc", to);
        EXPECT_TRUE(failure({to, "bind", root_.beside("src"), {}}).ends_with(words));
        EXPECT_TRUE(failure({to, "tmpfs", "tmpfs", {}}).ends_with(words));
    }
    EXPECT_TRUE(failure({"/to-status", "bind", root_.beside("file"), {}}).ends_with("into /proc"));
    EXPECT_EQ(failure({"/proc/uptime", "bind", root_.beside("file"), {}}), "") << "as lxcfs does";
}

TEST_F(HostileImage, HasItsSpecialFoldersAsFolders) {
    for (const char* name : {"proc", "dev", "sys"}) {
        make_link(root_.at(name), root_.canary());
        Request request = root_.request("true");
        request.spec.mounts.push_back({"/sys", "sysfs", "sysfs", {"ro"}});
        const Outcome outcome = run(request);
        EXPECT_EQ(outcome.code, 125) << name;
        EXPECT_TRUE(outcome.failure.contains(fmt::format("'/{}'", name))) << outcome.failure;
        ASSERT_EQ(::unlink(root_.at(name).c_str()), 0);
    }
}

TEST_F(HostileImage, HasItsSpecialFoldersWhereTheirNamesSay) {
    make_folder(root_.at("elsewhere"));
    for (const char* name : {"proc", "dev"}) {
        make_link(root_.at(name), "/elsewhere");
        EXPECT_TRUE(run(root_.request("true"))
                        .failure.ends_with(
                            fmt::format("'/{}' in the image is not a folder but a link", name)));
        ASSERT_EQ(::unlink(root_.at(name).c_str()), 0);
    }
}

TEST_F(HostileImage, HasNoTargetBelowAFile) {
    make_file(root_.at("file"), "content");
    const Outcome outcome =
        run(with_mount(root_.request("true"), {"/file/below", "tmpfs", "tmpfs", {}}));
    EXPECT_EQ(outcome.failure, "tmpfs on '/file/below': open '/file/below': Not a directory");
    make_folder(root_.beside("src"));
    EXPECT_EQ(
        run(with_mount(root_.request("true"), {"/file", "bind", root_.beside("src"), {}})).code,
        125);
    EXPECT_EQ(test::bytes_of(root_.at("file")), "content");
}

// CVE-2025-31133: a mask is the kernel's null device, whatever the image has in its place.
TEST_F(HostileImage, HasMasksThatAreTheKernels) {
    make_folder(root_.at("dev"));
    make_link(root_.at("dev/null"), "/proc/sys/kernel/core_pattern");
    Request request = root_.program({"/bin/busybox", "stat", "-c", "%t:%T", "/proc/keys"});
    std::erase_if(request.spec.mounts,
                  [](const oci::Mount& m) { return m.destination != "/proc"; });
    request.spec.masked_paths = {"/proc/keys"};
    EXPECT_EQ(output_of(request), "1:3\n");
}

TEST_F(HostileImage, MasksWhatIsInsideAndNotWhereItsLinksLead) {
    make_link(root_.at("mask"), root_.canary() + "/secret");
    Request request = root_.request("true");
    request.spec.masked_paths = {"/mask", "/absolute/secret", "/relative/secret"};
    request.spec.read_only_paths = {"/absolute", "/relative"};
    (void)run(request);
    EXPECT_EQ(test::bytes_of(root_.canary() + "/secret"), "secret");
}

TEST_F(HostileImage, SeesNoPathOfTheHost) {
    const std::string mounts = output_of(root_.request("cat /proc/self/mountinfo"));
    // The fourth field of the root's line is where it is on its file system; no other may tell
    // more.
    std::size_t lines = 0;
    for (std::size_t at = mounts.find(root_.path()); at != mounts.npos;
         at = mounts.find(root_.path(), at + 1))
        ++lines;
    EXPECT_LE(lines, 1U) << mounts;
    EXPECT_EQ(output_of(root_.request("cd ../../../..; ls /proc/self/cwd/../..; pwd")),
              output_of(root_.request("ls /; pwd")));
}

// CVE-2021-30465: another container changes the volume while this one mounts below it. A second
// process exchanges a folder and a link to the canary as fast as it can.
class HostileVolume : public testing::Test {
protected:
    HostileVolume() {
        for (const char* folder : {"volume", "volume/a", "src"})
            make_folder(root_.beside(folder));
        make_file(root_.beside("src/f"), "bound\n");
        make_link(root_.beside("volume/b"), root_.canary());
    }

    os::Process exchange() const {
        const std::string a = root_.beside("volume/a");
        const std::string b = root_.beside("volume/b");
        return os::spawn(0,
                         [&] {
                             for (;;)
                                 (void)::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(),
                                                   RENAME_EXCHANGE);
                         })
            .value();
    }

    Request below_the_volume(const std::string& name) const {
        Request request = root_.request("cat /v/a/x/f");
        request.spec.mounts.push_back({"/v", "bind", root_.beside("volume"), {"rbind"}});
        request.spec.mounts.push_back({"/v/a/" + name, "bind", root_.beside("src"), {"rbind"}});
        return request;
    }

    TinyRoot root_;
};

TEST_F(HostileVolume, LeadsNoMountTargetOut) {
    const os::Process other = exchange();
    int bound = 0;
    for (int i = 0; i < test::turns(1000); i += 2) {
        const Outcome outcome = run(below_the_volume("x"));
        EXPECT_FALSE(outcome.output.contains("secret"));
        bound += static_cast<int>(outcome.output == "bound\n");
        EXPECT_TRUE(outcome.failure.empty() || outcome.failure.contains("/v/a/x"))
            << outcome.failure;
        (void)run(below_the_volume(fmt::format("new-{}/deep", i)));
    }
    EXPECT_GT(bound, 0) << "the mount was on the folder at times";
    EXPECT_TRUE(root_.canary_is_untouched());
}

TEST(Mounts, AreSharedWithNobody) {
    const TinyRoot root;
    make_folder(root.beside("src"));
    EXPECT_EQ(output_of(with_mount(root.request("grep -c shared: /proc/self/mountinfo; true"),
                                   {"/data", "bind", root.beside("src"), {"rbind"}})),
              "0\n");
}

TEST(Image, IsMountedReadOnly) {
    const TinyRoot root;
    make_folder(root.beside("one"));
    make_folder(root.beside("two"));
    make_file(root.beside("one/a"), "lower\n");
    make_file(root.beside("one/b"), "lower\n");
    make_file(root.beside("two/a"), "upper\n");
    const auto mounted = [&](std::vector<std::string> names) {
        return run(with_mount(root.request("cat /image/*; touch /image/x 2>&1"),
                              {"/image", "layers", root.beside(""), std::move(names)}))
            .output;
    };
    EXPECT_EQ(mounted({"one"}), "lower\nlower\ntouch: /image/x: Read-only file system\n");
    EXPECT_EQ(mounted({"two", "one"}), "upper\nlower\ntouch: /image/x: Read-only file system\n");
}

}  // namespace
}  // namespace sbx::sandbox
