#include "sandbox/child_root.h"

#include <sys/mount.h>
#include <sys/stat.h>
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
using test::exists;
using test::make_file;
using test::make_folder;
using test::make_link;
using test::Outcome;
using test::run;
using test::TinyRoot;

Host host_with(Driver driver) {
    Host host = test::this_host();
    host.driver = driver;
    return host;
}

Host of_one_user(Host host) {
    host.privileged = false;
    host.uid = ::geteuid();
    host.gid = ::getegid();
    host.subuids.clear();
    host.subgids.clear();
    return host;
}

// Two layers: busybox below, a little above.
class ImageOfTwoLayers : public testing::TestWithParam<Driver> {
protected:
    ImageOfTwoLayers() {
        for (const char* name : {"l", "l/top", "l/base", "c"})
            make_folder(scratch_.path() + "/" + name);
        test::fill_with_busybox(at("l/base"));
        make_file(at("l/base/lower"), "of the base\n");
        make_file(at("l/base/both"), "of the base\n");
        make_folder(at("l/base/data"));
        make_file(at("l/base/data/old"), "of the base\n");
        make_file(at("l/top/both"), "of the top\n");
    }

    void SetUp() override {
        if (GetParam() == Driver::fuse_overlayfs)
            test::skip_unless(!test::this_host().fuse_program.empty(),
                              "there is no fuse-overlayfs");
        if (GetParam() == Driver::overlay)
            test::skip_unless(test::this_host().driver == Driver::overlay, "there is no overlay");
    }

    std::string at(const std::string& name) const { return scratch_.path() + "/" + name; }

    // In a container named `name`, which is made where it is new.
    Request request(const std::string& script, const std::string& name = "one") const {
        const std::string container = at("c/" + name);
        if (!exists(container)) {
            make_folder(container);
            for (const char* folder : {"upper", "work"})
                make_folder(container + "/" + folder);
        }
        Request request = root_.request(script);
        request.image = ImageRoot{
            .layers_directory = at("l"), .layers = {"top", "base"}, .container = "../c/" + name};
        return request;
    }

    Outcome in_it(const std::string& script, const std::string& name = "one") const {
        return run(request(script, name), host_with(GetParam()));
    }

    // What a shell there says, or what kept it from saying it.
    std::string said(const std::string& script, const std::string& name = "one") const {
        const Outcome outcome = in_it(script, name);
        return outcome.output + outcome.errors + outcome.failure;
    }

private:
    test::Scratch scratch_;
    TinyRoot root_;
};

TEST_P(ImageOfTwoLayers, LaysOneOverTheOther) {
    EXPECT_EQ(said("cat /lower /both"), "of the base\nof the top\n");
}

// Whoever removes it waits for less.
TEST_P(ImageOfTwoLayers, HasLeftNoMarkWhereItDoesNotLast) {
    Request request = this->request("echo new > /both; cat /both");
    request.image->lasting = false;
    EXPECT_EQ(run(request, host_with(GetParam())).output, "new\n");
    const bool kept_one = ::chmod(at("c/one/work/work").c_str(), 0700) == 0;
    EXPECT_EQ(kept_one, GetParam() != Driver::copy);
    EXPECT_FALSE(exists(at("c/one/work/work/incompat")));
}

TEST_P(ImageOfTwoLayers, KeepsTheChangesOfAContainer) {
    EXPECT_EQ(said("echo new > /both; rm /lower; rm -r /data; mkdir /data; echo x > /data/x"), "");
    EXPECT_EQ(said("cat /both; ls /lower /data 2>&1"),
              "new\nls: /lower: No such file or directory\n/data:\nx\n");
}

TEST_P(ImageOfTwoLayers, LeavesTheLayersAsTheyAre) {
    EXPECT_EQ(said("echo new > /both; rm /lower; chmod 700 /data; chown 1000 /data/old"), "");
    EXPECT_EQ(bytes_of(at("l/top/both")), "of the top\n");
    EXPECT_TRUE(exists(at("l/base/lower")));
    EXPECT_EQ(test::mode_of(at("l/base/data")), 0755U);
    EXPECT_EQ(test::status(at("l/base/data/old")).st_uid, ::geteuid());
    EXPECT_EQ(said("cat /both /lower", "another"), "of the top\nof the base\n");
}

TEST_P(ImageOfTwoLayers, MayBeReadOnly) {
    Request request = this->request("touch /x; mkdir /data/y; touch /dev/fine");
    request.spec.root_read_only = true;
    const Outcome outcome = run(request, host_with(GetParam()));
    EXPECT_EQ(outcome.errors + outcome.failure,
              "touch: /x: Read-only file system\n"
              "mkdir: can't create directory '/data/y': Read-only file system\n");
}

TEST_P(ImageOfTwoLayers, HasOwnersThatAreTheContainers) {
    EXPECT_EQ(said("stat -c %u:%g /lower /bin/busybox; touch /f; chown 5:6 /f; stat -c %u:%g /f"),
              "0:0\n0:0\n5:6\n");
}

TEST_P(ImageOfTwoLayers, IsOneOfOneUserToo) {
    const Outcome outcome = run(
        request("cat /lower; rm /lower; echo new > /both; mkdir /d; stat -c %u /lower /both /d"),
        of_one_user(host_with(GetParam())));
    EXPECT_EQ(outcome.output, "of the base\n0\n0\n") << outcome.failure;
    EXPECT_EQ(outcome.errors, "stat: can't stat '/lower': No such file or directory\n");
    EXPECT_TRUE(exists(at("l/base/lower")));
}

TEST_P(ImageOfTwoLayers, IsLeftUnmounted) {
    EXPECT_EQ(in_it("true").code, 0);
    EXPECT_FALSE(bytes_of("/proc/self/mountinfo").contains(at("c/one")));
    EXPECT_FALSE(exists(at("c/one/upper/lower")));
}

TEST_P(ImageOfTwoLayers, CanBeTheRootOfManyContainersAtATime) {
    const auto running = [&](const std::string& name) {
        return Launch::begin(compile(request("sleep 1000", name), host_with(GetParam())).value());
    };
    EXPECT_EQ(said("cat /both", "a"), said("cat /both", "b"));
    EXPECT_TRUE(test::succeeds(running("c")));
}

INSTANTIATE_TEST_SUITE_P(Driver, ImageOfTwoLayers,
                         testing::Values(Driver::overlay, Driver::fuse_overlayfs, Driver::copy),
                         [](const auto& param) {
                             return param.param == Driver::overlay          ? "overlay"
                                    : param.param == Driver::fuse_overlayfs ? "fuse"
                                                                            : "copy";
                         });

class CopiedImage : public ImageOfTwoLayers {};

// A copy that was cut short is beside, and is no copy.
TEST_P(CopiedImage, IsMadeAnewWhereItWasCutShort) {
    (void)request("true");  // makes the container's folder
    make_folder(at("c/one/copied.part"));
    make_file(at("c/one/copied.part/half"), "");
    EXPECT_EQ(said("cat /both; ls /half"), "of the top\nls: /half: No such file or directory\n");
    EXPECT_FALSE(exists(at("c/one/copied.part")));
}

INSTANTIATE_TEST_SUITE_P(Driver, CopiedImage, testing::Values(Driver::copy));

class FuseImage : public ImageOfTwoLayers {};

TEST_P(FuseImage, SaysThatItsProgramDidNotRun) {
    Host host = host_with(Driver::fuse_overlayfs);
    for (const std::string program : {"/no/such", "/bin/false"}) {
        host.fuse_program = program;
        EXPECT_EQ(run(request("true"), host).failure,
                  fmt::format("preparing the root file system: '{}' does not serve it: inspect: "
                              "Transport endpoint is not connected",
                              program));
    }
}

// The server of the file system is beside sbx: the container can neither see nor end it.
TEST_P(FuseImage, IsServedFromOutside) {
    EXPECT_EQ(said("ls -d /proc/[0-9]*; kill -9 -1 2> /dev/null; cat /lower"),
              "/proc/1\nof the base\n");
}

// Nor do the keys of the person's terminal end it, or does it write between what is the program's.
TEST_P(FuseImage, IsServedByAProcessThatStandsApart) {
    const Plan plan = compile(request("exec sleep 1000"), host_with(GetParam())).value();
    const Result<Running> running = Launch::begin(plan).value().finish();
    ASSERT_TRUE(test::succeeds(running));
    const pid_t server = running->server->pid();
    EXPECT_EQ(::getsid(server), server);
    for (int fd = 0; fd <= 2; ++fd)
        EXPECT_EQ(
            os::read_link(os::FdView::cwd(), fmt::format("/proc/{}/fd/{}", server, fd)).value(),
            "/dev/null");
}

INSTANTIATE_TEST_SUITE_P(Driver, FuseImage, testing::Values(Driver::fuse_overlayfs));

TEST(DirectoryRoot, KeepsWhatIsWritten) {
    const TinyRoot root;
    EXPECT_EQ(run(root.request("echo hello > /new")).code, 0);
    EXPECT_EQ(bytes_of(root.at("new")), "hello\n");
}

TEST(DirectoryRoot, MayBeReadOnly) {
    const TinyRoot root;
    Request request = root.request("touch /x; touch /tmp/x; echo fine > /dev/null");
    request.spec.root_read_only = true;
    request.spec.mounts.push_back({"/made/for/it", "tmpfs", "tmpfs", {}});
    EXPECT_EQ(run(request).errors,
              "touch: /x: Read-only file system\n"
              "touch: /tmp/x: Read-only file system\n");
    EXPECT_TRUE(exists(root.at("made/for/it"))) << "targets are made before that";
}

TEST(DirectoryRoot, CannotBeMadeWritableFromInside) {
    const TinyRoot root;
    Request request = root.request("mount -o remount,rw /; mount -o remount,bind,rw /; touch /x");
    request.spec.root_read_only = true;
    EXPECT_TRUE(run(request).errors.ends_with("touch: /x: Read-only file system\n"));
}

TEST(DirectoryRoot, IsOneOfOneUserToo) {
    const TinyRoot root;
    const Outcome outcome =
        run(root.request("id -u; id -g; touch /f; stat -c %u /f; cat /proc/self/setgroups; "
                         "chown 1 /f; echo $(cat /proc/self/uid_map)"),
            of_one_user(test::this_host()));
    EXPECT_EQ(outcome.output, fmt::format("0\n0\n0\ndeny\n0 {} 1\n", ::geteuid()))
        << outcome.failure;
    EXPECT_EQ(outcome.errors, "chown: /f: Invalid argument\n");
}

// As podman has it for --read-only --read-only-tmpfs=false.
TEST(ReadOnlyDev, IsSoOnceAllIsInIt) {
    const TinyRoot root;
    for (const bool read_only : {true, false}) {
        Request request = root.request("echo fine > /dev/null && touch /dev/x 2>&1; ls /dev/tty");
        request.exact = true;
        std::erase_if(request.spec.mounts,
                      [](const oci::Mount& mount) { return mount.destination == "/dev"; });
        request.spec.mounts.push_back({"/dev", "tmpfs", "tmpfs", {"mode=755"}});
        if (read_only) request.spec.mounts.back().options.push_back("ro");
        const Outcome outcome = run(request);
        EXPECT_EQ(outcome.output,
                  read_only ? "touch: /dev/x: Read-only file system\n/dev/tty\n" : "/dev/tty\n")
            << outcome.failure << outcome.errors;
    }
}

TEST(DefaultDevices, AreThereWithoutADevOfTheDocuments) {
    const TinyRoot root;
    Request request = root.request("echo fine > /dev/null; head -c 1 /dev/zero | wc -c; ls /dev");
    request.exact = true;
    std::erase_if(request.spec.mounts,
                  [](const oci::Mount& mount) { return mount.destination.starts_with("/dev"); });
    for (int round = 0; round < 2; ++round) {  // also where the last one's are there
        const Outcome outcome = run(request);
        EXPECT_TRUE(outcome.output.starts_with("1\n")) << outcome.failure;
        for (const char* name : {"full", "null", "random", "stderr", "tty", "urandom", "zero"})
            EXPECT_TRUE(outcome.output.contains(fmt::format("\n{}\n", name))) << name;
    }
}

// What the host mounts in it from then on comes in: its master is shown.
TEST(RootPropagation, OfASlaveIsTheHosts) {
    test::in_mapped_namespaces([] {
        ASSERT_EQ(::mount(nullptr, "/", nullptr, MS_REC | MS_SHARED, nullptr), 0);
        const TinyRoot root;
        Request request = root.request("awk '$5 == \"/\" { print $7 }' /proc/self/mountinfo");
        for (const char* word : {"slave", "rslave"}) {
            request.spec.rootfs_propagation = word;
            const Outcome outcome = run(request, test::find_host_here());
            EXPECT_TRUE(outcome.output.starts_with("master:")) << outcome.output << outcome.failure;
        }
    });
}

std::string propagation_of_the_root(const std::string& word) {
    const TinyRoot root;
    Request request = root.request("awk '$5 == \"/\" { print $7 }' /proc/self/mountinfo");
    request.spec.rootfs_propagation = word;
    return run(request).output;
}

TEST(RootPropagation, IsWhatTheDocumentSays) {
    EXPECT_TRUE(propagation_of_the_root("shared").starts_with("shared:"));
    EXPECT_TRUE(propagation_of_the_root("rshared").starts_with("shared:"));
    EXPECT_EQ(propagation_of_the_root("unbindable"), "unbindable\n");
    EXPECT_EQ(propagation_of_the_root("private"), "-\n");
    EXPECT_EQ(propagation_of_the_root(""), "-\n");
}

}  // namespace
}  // namespace sbx::sandbox
