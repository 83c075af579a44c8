#include "container/compose_mounts.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"
#include "support/store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

class Mounts : public testing::Test {
protected:
    Result<ComposedMounts> try_compose(const Options& options, const Strings& image_volumes = {}) {
        std::optional<store::Image> image;
        if (!image_volumes.empty())
            image = store::Image{.id = oci::Digest::of(""),
                                 .manifest = {.media_type = {}, .digest = oci::Digest::of("")},
                                 .defaults = {.volumes = image_volumes}};
        return compose_mounts({.options = options,
                               .image = image,
                               .surroundings = {.working_directory = here_},
                               .store = store_,
                               .files_directory = "/run/files",
                               .own_directory = "/own",
                               .files = files_});
    }

    ComposedMounts composed(const Options& options, const Strings& image_volumes = {}) {
        Result<ComposedMounts> mounts = try_compose(options, image_volumes);
        EXPECT_TRUE(succeeds(mounts));
        return *std::move(mounts);
    }

    test::TempFolder folder_;
    std::string here_ = folder_.path();
    test::TestStore store_;
    NetworkFiles files_{.hostname = "h\n", .hosts = "127.0.0.1 h\n", .resolv = ""};
};

const oci::Mount* at(const ComposedMounts& composed, std::string_view path) {
    const auto found = std::ranges::find(composed.mounts, path, &oci::Mount::destination);
    return found == composed.mounts.end() ? nullptr : &*found;
}

bool says(const oci::Mount& mount, std::string_view option) {
    return std::ranges::find(mount.options, option) != mount.options.end();
}

Strings places(const ComposedMounts& composed) {
    Strings paths;
    for (const oci::Mount& mount : composed.mounts)
        paths.push_back(mount.destination);
    return paths;
}

TEST_F(Mounts, CanBeOverlaysWithFoldersOfTheirOwn) {
    const ComposedMounts mounts = composed(
        {.volumes = {here_ + ":/a:O", "cache:/b:O", here_ + ":/c:O,upperdir=.,workdir=" + here_}});
    EXPECT_EQ(*at(mounts, "/a"), (oci::Mount{"/a",
                                             "overlay",
                                             here_,
                                             {"nosuid", "nodev", "upperdir=/own/overlays/0/upper",
                                              "workdir=/own/overlays/0/work"}}));
    EXPECT_TRUE(says(*at(mounts, "/b"), "upperdir=/own/overlays/1/upper"));
    EXPECT_EQ(at(mounts, "/b")->source, store::Volumes::path_of(store_, "cache"));
    EXPECT_EQ(mounts.volumes.front().name, "cache");
    EXPECT_TRUE(says(*at(mounts, "/c"), "lasting"));
    EXPECT_TRUE(says(*at(mounts, "/c"), "upperdir=" + here_ + "/."));
    EXPECT_TRUE(
        fails_saying(try_compose({.volumes = {here_ + ":/c:O,upperdir=/no/such,workdir=" + here_}}),
                     "upperdir: volume source '/no/such': No such file or directory"));
}

TEST_F(Mounts, AreThoseThatEveryProgramExpects) {
    const ComposedMounts mounts = composed({});
    EXPECT_EQ(
        places(mounts),
        (Strings{"/proc", "/dev", "/sys", "/dev/pts", "/dev/mqueue", "/dev/shm", "/etc/hostname",
                 "/etc/hosts", "/etc/resolv.conf", "/run/.containerenv", "/sys/fs/cgroup"}));
    EXPECT_TRUE(says(*at(mounts, "/sys"), "ro"));
    EXPECT_TRUE(says(*at(mounts, "/dev/shm"), "size=67108864"));
    EXPECT_EQ(at(mounts, "/etc/hosts")->source, "/run/files/hosts");
    EXPECT_TRUE(mounts.targets.empty()) << "nothing was asked for";
}

TEST_F(Mounts, LeaveOutFilesThatStayTheImages) {
    files_ = {.hostname = "h\n"};
    const ComposedMounts mounts = composed({});
    EXPECT_TRUE(at(mounts, "/etc/hostname"));
    EXPECT_FALSE(at(mounts, "/etc/hosts"));
    EXPECT_FALSE(at(mounts, "/etc/resolv.conf"));
}

TEST_F(Mounts, HaveSharedMemoryAsAskedFor) {
    EXPECT_TRUE(says(*at(composed({.shm_size = "1g"}), "/dev/shm"), "size=1073741824"));
    EXPECT_EQ(at(composed({.ipc = "host"}), "/dev/shm")->type, "bind");
    EXPECT_TRUE(fails_saying(try_compose({.shm_size = "much"}), "--shm-size: "));
}

TEST_F(Mounts, OfAReadOnlyContainerLeaveSomeToWriteTo) {
    const ComposedMounts mounts = composed({.read_only = true});
    for (const char* path : {"/run", "/tmp", "/var/tmp"})
        EXPECT_EQ(at(mounts, path)->type, "tmpfs") << path;
    EXPECT_FALSE(at(composed({.read_only = true, .read_only_tmpfs = false}), "/tmp"));
    EXPECT_FALSE(at(composed({}), "/tmp"));
}

TEST_F(Mounts, OfAPrivilegedContainerCanBeWrittenTo) {
    EXPECT_FALSE(says(*at(composed({.privileged = true}), "/sys"), "ro"));
}

TEST_F(Mounts, BindWhatIsThere) {
    test::make_folder(folder_.at("src"));
    const ComposedMounts mounts =
        composed({.volumes = {folder_.at("src") + ":/a:ro", "./src:/b/"}});
    EXPECT_EQ(at(mounts, "/a")->source, folder_.at("src"));
    EXPECT_EQ(at(mounts, "/a")->options, (Strings{"ro", "rbind", "nodev", "nosuid"}));
    EXPECT_EQ(at(mounts, "/b")->source, folder_.path() + "/./src");
    EXPECT_EQ(mounts.targets, (Strings{"/a", "/b"}));
}

TEST_F(Mounts, OfTheHostsDevicesAreForUse) {
    const ComposedMounts mounts =
        composed({.volumes = {"/dev:/a", "/dev/null:/b", "/dev:/c:nodev"}});
    EXPECT_EQ(at(mounts, "/a")->options, (Strings{"rbind", "nosuid"}));
    EXPECT_EQ(at(mounts, "/b")->options, (Strings{"rbind", "nosuid"}));
    EXPECT_TRUE(says(*at(mounts, "/c"), "nodev"));
}

TEST_F(Mounts, OfTerminalsAreTheContainersOwn) {
    const ComposedMounts mounts =
        composed({.volumes = {"/dev:/dev"}, .mounts = {"type=devpts,dst=/dev/pts"}});
    EXPECT_EQ(at(mounts, "/dev")->type, "bind");
    EXPECT_EQ(at(mounts, "/dev/pts")->type, "devpts");
    EXPECT_TRUE(says(*at(mounts, "/dev/pts"), "newinstance"));
}

// "" is what get_current_dir_name(3) fails with; the kernel has "(unreachable)" for other ends.
TEST_F(Mounts, AreNotTakenFromTheRootWhereTheWorkingDirectoryIsGone) {
    for (const char* here : {"", "(unreachable)/gone"}) {
        here_ = here;
        for (const char* source : {".", "..", "./etc", "etc/"})
            EXPECT_TRUE(fails_saying(
                try_compose({.volumes = {std::string(source) + ":/x"}}),
                fmt::format("volume source '{}': the working directory is gone", source)));
        EXPECT_TRUE(fails_saying(try_compose({.mounts = {"type=bind,src=etc,dst=/x"}}),
                                 "volume source 'etc': the working directory is gone"));
        EXPECT_TRUE(succeeds(try_compose({.volumes = {folder_.path() + ":/x"}})));
    }
}

TEST_F(Mounts, GiveAdviceOnlyWhereItHelps) {
    test::make_file(folder_.at("file"));
    const Result<ComposedMounts> mounts = try_compose({.volumes = {"./file/below:/x:create"}});
    EXPECT_TRUE(fails_saying(mounts, "Not a directory"));
    EXPECT_EQ(mounts.error().hint(), "");
}

TEST_F(Mounts, DoNotMakeUpASource) {
    const std::string source = folder_.at("none");
    const Result<ComposedMounts> mounts = try_compose({.volumes = {source + ":/a"}});
    EXPECT_TRUE(fails_saying(mounts, "volume source '" + source + "': No such file"));
    EXPECT_TRUE(mounts.error().hint().contains("`create`"));
    EXPECT_FALSE(test::exists(source));
    ASSERT_TRUE(succeeds(try_compose({.volumes = {source + "/x:/a:create"}})));
    EXPECT_TRUE(test::exists(source + "/x"));
}

TEST_F(Mounts, MakeVolumesWhatTheyAreCalled) {
    const ComposedMounts mounts = composed({.volumes = {"cache:/c", "/anonymous"}});
    ASSERT_EQ(mounts.volumes.size(), 2U);
    EXPECT_EQ(mounts.volumes[0].name, "cache");
    EXPECT_FALSE(mounts.volumes[0].anonymous);
    EXPECT_EQ(mounts.volumes[1].name.size(), 64U);
    EXPECT_TRUE(mounts.volumes[1].anonymous);
    EXPECT_EQ(at(mounts, "/c")->source, store_.data() + "/volumes/cache/data");
    EXPECT_TRUE(says(*at(mounts, "/c"), "copyup"));
    EXPECT_FALSE(says(*at(composed({.volumes = {"cache:/c:nocopy"}}), "/c"), "copyup"));
    EXPECT_FALSE(test::exists(store_.data() + "/volumes/cache")) << "composing writes nothing";
    EXPECT_TRUE(fails_saying(try_compose({.volumes = {"a b:/c"}}), "'a b' is not a name for a"));
}

TEST_F(Mounts, AreOneForEachPath) {
    for (const char* second : {"/a", "/a/", "//a", "/./a"})
        EXPECT_TRUE(fails_saying(try_compose({.volumes = {"v:/a", std::string("w:") + second}}),
                                 "two mounts are asked for on '/a'"))
            << second;
    EXPECT_TRUE(fails_saying(try_compose({.volumes = {"v:/a"}, .tmpfs = {"/a"}}), "two mounts"));
    EXPECT_TRUE(fails_saying(try_compose({.volumes = {"v:/a/../b"}}), ".."));
}

TEST_F(Mounts, TakeThePlaceOfSbxsOwn) {
    const ComposedMounts mounts = composed({.tmpfs = {"/dev/shm:size=1m", "/etc/hosts"}});
    EXPECT_EQ(std::ranges::count(places(mounts), "/dev/shm"), 1);
    EXPECT_TRUE(says(*at(mounts, "/dev/shm"), "size=1048576"));
    EXPECT_TRUE(says(*at(mounts, "/dev/shm"), "nosuid"));
    EXPECT_EQ(at(mounts, "/etc/hosts")->type, "tmpfs");
}

TEST_F(Mounts, GoFromTheOutsideIn) {
    Strings order = places(composed({.volumes = {"a:/x/y/z", "b:/x", "c:/x/y", "d:/w", "e:/etc"}}));
    std::erase_if(order, [](const std::string& path) {
        return path.starts_with("/proc") || path.starts_with("/dev") || path.starts_with("/sys");
    });
    EXPECT_EQ(order, (Strings{"/x", "/w", "/etc", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf",
                              "/run/.containerenv", "/x/y", "/x/y/z"}))
        << "what sbx puts below a volume is not hidden by it";
}

TEST_F(Mounts, PutNothingIntoAFolderOfThePersonsAtRun) {
    const auto marked = [](const ComposedMounts& mounts) {
        return std::ranges::count(places(mounts), "/run/.containerenv") == 1;
    };
    EXPECT_FALSE(marked(composed({.volumes = {"/tmp:/run"}})));
    EXPECT_FALSE(marked(composed({.volumes = {"name:/run/"}})));
    EXPECT_TRUE(marked(composed({.volumes = {"/tmp:/run/lock"}})));
    EXPECT_TRUE(marked(composed({.tmpfs = {"/run"}})));
    EXPECT_TRUE(says(*at(composed({}), "/run/.containerenv"), "ro"));
    EXPECT_TRUE(says(*at(composed({}), "/run/.containerenv"), "optional"));
}

TEST_F(Mounts, OfTheImageAreVolumesWithoutNames) {
    const ComposedMounts mounts = composed({}, {"/data", "srv/../log"});
    ASSERT_EQ(mounts.volumes.size(), 2U);
    EXPECT_TRUE(mounts.volumes[0].anonymous);
    EXPECT_EQ(mounts.targets, (Strings{"/data", "/log"}));
    EXPECT_EQ(at(composed({.image_volumes = "tmpfs"}, {"/data"}), "/data")->type, "tmpfs");
    EXPECT_FALSE(at(composed({.image_volumes = "ignore"}, {"/data"}), "/data"));
    EXPECT_EQ(composed({.volumes = {"mine:/data"}}, {"/data"}).volumes.at(0).name, "mine");
}

TEST_F(Mounts, OfTheImageKeepOutOfWhatIsSbxs) {
    for (const char* path :
         {"/", "", "..", "/proc", "/proc/sys", "/dev/shm", "/sys/x", "/a/../dev"})
        EXPECT_TRUE(fails_saying(try_compose({}, {path}), "the image wants a volume on")) << path;
    EXPECT_EQ(try_compose({}, {"/proc"}).error().hint(),
              "--image-volume ignore does without the image's volumes");
    EXPECT_TRUE(succeeds(try_compose({}, {"/process"})));
}

TEST_F(Mounts, OfAnImageThatIsNotHereFail) {
    const auto mounts = try_compose({.mounts = {"type=image,src=nowhere,dst=/i"}});
    EXPECT_TRUE(mounts.failed_as(Error::Kind::not_found));
}

TEST_F(Mounts, KeepTheWordsOfTheirErrors) {
    EXPECT_TRUE(fails_saying(try_compose({.volumes = {"/a:b"}}), "volume '/a:b': "));
    EXPECT_TRUE(fails_saying(try_compose({.mounts = {"dst=b"}}), "mount 'dst=b': "));
    EXPECT_TRUE(fails_saying(try_compose({.tmpfs = {"b"}}), "tmpfs 'b': "));
    EXPECT_TRUE(fails_saying(try_compose({.devices = {"b"}}), "device 'b': "));
    EXPECT_TRUE(fails_saying(try_compose({.devices = {"/dev/nosuch"}}),
                             "device '/dev/nosuch': No such file or directory"));
}

TEST_F(Mounts, SayWhatADevicesPermissionsAre) {
    const ComposedMounts mounts = composed({.devices = {"/dev/null", "/dev/zero:/dev/z:r"}});
    ASSERT_EQ(mounts.devices.size(), 2U);
    EXPECT_EQ(mounts.devices[1].path, "/dev/z");
    EXPECT_EQ(mounts.devices[1].source, "/dev/zero");
    ASSERT_EQ(mounts.warnings.size(), 1U);
    EXPECT_TRUE(mounts.warnings[0].starts_with("device '/dev/zero': the permissions are those of"));
}

}  // namespace
}  // namespace sbx::container
