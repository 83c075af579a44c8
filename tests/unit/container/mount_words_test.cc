#include "container/mount_words.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Kind = MountWish::Kind;
using Strings = std::vector<std::string>;

TEST(Volume, WithAPathIsABind) {
    for (const char* source : {"/data", "./data", "a/b", ".", ".."}) {
        const Result<MountWish> wish = parse_volume(std::string(source) + ":/inside");
        ASSERT_TRUE(succeeds(wish));
        EXPECT_EQ(wish->kind, Kind::bind) << source;
        EXPECT_EQ(wish->source, source);
        EXPECT_EQ(wish->target, "/inside");
        EXPECT_FALSE(wish->make_source) << "docker's habit of making what is missing";
    }
}

TEST(Volume, WithANameIsAVolume) {
    const Result<MountWish> wish = parse_volume("cache:/var/cache");
    ASSERT_TRUE(succeeds(wish));
    EXPECT_EQ(wish->kind, Kind::volume);
    EXPECT_EQ(wish->source, "cache");
}

TEST(Volume, WithATargetAloneHasNoName) {
    const Result<MountWish> wish = parse_volume("/var/cache");
    ASSERT_TRUE(succeeds(wish));
    EXPECT_EQ(wish->kind, Kind::volume);
    EXPECT_EQ(wish->source, "");
    EXPECT_EQ(wish->target, "/var/cache");
}

TEST(Volume, TakesOptions) {
    const Result<MountWish> wish = parse_volume("/a:/b:ro,noexec,rslave,z,Z");
    ASSERT_TRUE(succeeds(wish));
    EXPECT_EQ(wish->options, (Strings{"ro", "noexec", "rslave"})) << "labels stay as they are";
    EXPECT_TRUE(parse_volume("/a:/b:create")->make_source);
    EXPECT_TRUE(parse_volume("v:/b:nocopy")->no_copy);
    EXPECT_FALSE(parse_volume("v:/b:copy")->no_copy);
    EXPECT_TRUE(parse_volume("v:/b:U")->give);
    EXPECT_FALSE(wish->give);
}

TEST(Volume, CanBeAnOverlay) {
    const Result<MountWish> wish = parse_volume("/a:/b:O");
    ASSERT_TRUE(succeeds(wish));
    EXPECT_TRUE(wish->overlay);
    EXPECT_EQ(wish->upper, "");
    const Result<MountWish> lasting = parse_volume("v:/b:upperdir=/u=1,O,workdir=w");
    ASSERT_TRUE(succeeds(lasting));
    EXPECT_TRUE(lasting->overlay);
    EXPECT_EQ(lasting->upper, "/u=1");
    EXPECT_EQ(lasting->work, "w");
    EXPECT_FALSE(parse_volume("/a:/b:ro")->overlay);
}

TEST(Volume, MayHaveAColonInAPath) {
    const Result<MountWish> wish = parse_volume(R"(/a\:b:/c\:d:ro)");
    ASSERT_TRUE(succeeds(wish));
    EXPECT_EQ(wish->source, "/a:b");
    EXPECT_EQ(wish->target, "/c:d");
}

struct Bad {
    const char* text;
    const char* words;
};

class BadVolumes : public testing::TestWithParam<Bad> {};

TEST_P(BadVolumes, SayWhatIsWrong) {
    const Result<MountWish> wish = parse_volume(GetParam().text);
    EXPECT_TRUE(fails_saying(wish, GetParam().words));
    EXPECT_TRUE(wish.failed_as(Error::Kind::usage));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadVolumes,
    testing::Values(
        Bad{"", "volume '': it names no path in the container"},
        Bad{"/a:", "it names no path in the container"}, Bad{":/b", "its source is empty"},
        Bad{"/a:b", "'b' is not an absolute path"}, Bad{"data", "'data' is not an absolute path"},
        Bad{"/a:/b:ro:rw", "it has more than three parts"}, Bad{"/a:/b:", "an option is empty"},
        Bad{"/a:/b:ro,", "an option is empty"}, Bad{"/a:/b:O,ro", "no other options go with O"},
        Bad{"/a:/b:U,O", "no other options go with O"},
        Bad{"/a:/b:O,O,O", "no other options go with O"},
        Bad{"/a:/b:O,upperdir=/u", "upperdir and workdir belong together"},
        Bad{"/a:/b:O,upperdir=,workdir=", "upperdir and workdir belong together"},
        Bad{"/a:/b:O,upperdir=/u,workdir=/w,ro", "no other options go with O"},
        Bad{"/a:/b:upperdir=/u,workdir=/w", "upperdir and workdir are options of O"},
        Bad{"/a:/b:readonly", "unknown option 'readonly'"}, Bad{"/a:/b:RO", "unknown option 'RO'"},
        Bad{"/a:/b:ro,U", "'ro' and 'U' contradict each other"},
        Bad{"/a:/b:ro,rw", "'ro' and 'rw' contradict each other"},
        Bad{"/a:/b:nosuid,suid", "'nosuid' and 'suid' contradict each other"},
        Bad{"/a:/b:\x1b[2J", "unknown option '\\x1b[2J'"}));

TEST(Volume, NamesTheOptionsThereAre) {
    EXPECT_TRUE(parse_volume("/a:/b:readonly").error().hint().starts_with("options are ro, rw"));
}

TEST(Mount, HasDockersConsistencyWithoutEffect) {
    for (const char* word : {"cached", "delegated", "consistent"}) {
        const Result<MountWish> volume = parse_volume(fmt::format("/a:/b:{}", word));
        ASSERT_TRUE(succeeds(volume)) << word;
        EXPECT_TRUE(volume->options.empty());
        EXPECT_TRUE(
            succeeds(parse_mount(fmt::format("type=bind,src=/a,dst=/b,consistency={}", word))));
    }
    EXPECT_TRUE(
        fails_saying(parse_mount("type=bind,src=/a,dst=/b,consistency=odd"), "'odd' is none of"));
}

TEST(Mount, IsAVolumeUnlessItSays) {
    const Result<MountWish> wish = parse_mount("src=cache,dst=/c");
    ASSERT_TRUE(succeeds(wish));
    EXPECT_EQ(wish->kind, Kind::volume);
    EXPECT_EQ(wish->source, "cache");
    EXPECT_EQ(wish->target, "/c");
}

TEST(Mount, KnowsItsKeysByAllTheirNames) {
    for (const char* text :
         {"type=bind,src=/a,dst=/b,ro", "type=bind,source=/a,destination=/b,readonly",
          "type=bind,source=/a,target=/b,readonly=true", "readonly=1,target=/b,src=/a,type=bind",
          "type=bind,src=/a,dst=/b,rw=false"}) {
        const Result<MountWish> wish = parse_mount(text);
        ASSERT_TRUE(succeeds(wish)) << text;
        EXPECT_EQ(wish->kind, Kind::bind) << text;
        EXPECT_EQ(wish->source, "/a") << text;
        EXPECT_EQ(wish->target, "/b") << text;
        EXPECT_EQ(wish->options, Strings{"ro"}) << text;
    }
}

TEST(Mount, SaidToBeNotReadOnlyIsNot) {
    EXPECT_EQ(parse_mount("src=v,dst=/b,ro=false")->options, Strings{"rw"});
    EXPECT_EQ(parse_mount("src=v,dst=/b,readonly=0")->options, Strings{"rw"});
}

TEST(Mount, HasAPropagation) {
    for (const char* word : {"private", "rprivate", "slave", "rslave", "shared", "rshared"}) {
        const Result<MountWish> wish =
            parse_mount(std::string("type=bind,src=/a,dst=/b,bind-propagation=") + word);
        ASSERT_TRUE(succeeds(wish));
        EXPECT_EQ(wish->options, Strings{word});
    }
}

TEST(Mount, OfTmpfsHasSizeAndMode) {
    const Result<MountWish> wish =
        parse_mount("type=tmpfs,dst=/t,tmpfs-size=64m,tmpfs-mode=1770,tmpcopyup");
    ASSERT_TRUE(succeeds(wish));
    EXPECT_EQ(wish->kind, Kind::tmpfs);
    EXPECT_EQ(wish->options, (Strings{"size=67108864", "mode=1770", "tmpcopyup"}));
}

TEST(Mount, TakesWhatItsKindHas) {
    EXPECT_EQ(parse_mount("type=bind,src=/a,dst=/b,bind-nonrecursive")->options, Strings{"bind"});
    EXPECT_EQ(parse_mount("src=v,dst=/b,volume-subpath=x/y")->options, Strings{"subpath=x/y"});
    EXPECT_TRUE(parse_mount("src=v,dst=/b,volume-nocopy")->no_copy);
    EXPECT_TRUE(parse_mount("type=bind,src=/a,dst=/b,bind-create-src=true")->make_source);
    EXPECT_TRUE(parse_mount("type=bind,src=/a,dst=/b,relabel=shared")->options.empty());
    EXPECT_EQ(parse_mount("type=image,src=alpine:3,dst=/i")->source, "alpine:3");
}

// RFC 4180: quotes around a field, and a quote in one is two.
TEST(Mount, QuotesAFieldWithACommaInIt) {
    EXPECT_EQ(parse_mount(R"(type=bind,"src=/a,b",dst=/c)")->source, "/a,b");
    EXPECT_EQ(parse_mount(R"(type=bind,src="/a,b",dst=/c)")->source, "/a,b");
    EXPECT_EQ(parse_mount(R"(type=bind,"src=/a""b",dst=/c)")->source, "/a\"b");
}

class BadMounts : public testing::TestWithParam<Bad> {};

TEST_P(BadMounts, SayWhatIsWrong) {
    const Result<MountWish> wish = parse_mount(GetParam().text);
    EXPECT_TRUE(fails_saying(wish, GetParam().words));
    EXPECT_TRUE(wish.failed_as(Error::Kind::usage));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadMounts,
    testing::Values(
        Bad{"", "mount '': a field is empty"}, Bad{"type=bind,,dst=/b", "a field is empty"},
        Bad{"type=bind,src=/a", "it names no path in the container"},
        Bad{"type=bind,dst=/b", "it names no source (src=)"},
        Bad{"type=image,dst=/b", "it names no source (src=)"},
        Bad{"type=tmpfs,src=/a,dst=/b", "a tmpfs has no source"},
        Bad{"type=devpts,src=/a,dst=/b", "a devpts has a dst alone"},
        Bad{"type=devpts,dst=/b,ro", "a devpts has a dst alone"},
        Bad{"type=bind,src=/a,dst=b", "'b' is not an absolute path"},
        Bad{"type=npipe,dst=/b", "type 'npipe' is none of bind, volume, tmpfs, image, devpts"},
        Bad{"type,dst=/b", "type '' is none of bind, volume, tmpfs, image, devpts"},
        Bad{"dst=/b,colour=red", "unknown key 'colour'"},
        Bad{"dst=/b,dst=/c", "'dst' stands there twice"},
        Bad{"dst=/b,target=/c", "'target' stands there twice"},
        Bad{"type=bind,src=/a,source=/b,dst=/c", "'source' stands there twice"},
        Bad{"dst=/b,ro,rw", "'ro' and 'rw' contradict each other"},
        Bad{"dst=/b,ro=maybe", "ro is 'maybe', where true or false belongs"},
        Bad{"type=bind,src=/a,dst=/b,bind-propagation=nosuid", "'nosuid' is not a propagation"},
        Bad{"type=bind,src=/a,dst=/b,bind-propagation=", "'' is not a propagation"},
        Bad{"type=tmpfs,dst=/t,tmpfs-mode=999", "'999' is not a mode"},
        Bad{"type=tmpfs,dst=/t,tmpfs-mode=", "'' is not a mode"},
        Bad{"type=tmpfs,dst=/t,tmpfs-size=big", "big"},
        Bad{"type=image,src=i,dst=/b,rw", "an image is mounted whole and read-only"},
        Bad{"type=image,src=i,dst=/b,subpath=etc", "an image is mounted whole and read-only"},
        Bad{R"(type=bind,"src=/a,b)", "a quote is not closed"}));

TEST(Mount, OfAnImageMaySayThatItIsReadOnly) {
    EXPECT_TRUE(succeeds(parse_mount("type=image,src=i,dst=/b,ro")));
}

TEST(TmpfsWish, TakesTheOptionsOfTmpfs) {
    const Result<MountWish> wish = parse_tmpfs("/run:size=1m,mode=755,noexec,nr_inodes=10,ro");
    ASSERT_TRUE(succeeds(wish));
    EXPECT_EQ(wish->kind, Kind::tmpfs);
    EXPECT_EQ(wish->target, "/run");
    EXPECT_EQ(wish->options, (Strings{"size=1048576", "mode=755", "noexec", "nr_inodes=10", "ro"}));
    EXPECT_EQ(parse_tmpfs("/run:size=50%")->options, Strings{"size=50%"});
    EXPECT_TRUE(parse_tmpfs("/run")->options.empty());
}

class BadTmpfs : public testing::TestWithParam<Bad> {};

TEST_P(BadTmpfs, SayWhatIsWrong) {
    EXPECT_TRUE(fails_saying(parse_tmpfs(GetParam().text), GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(All, BadTmpfs,
                         testing::Values(Bad{"", "tmpfs '': it names no path in the container"},
                                         Bad{"run", "'run' is not an absolute path"},
                                         Bad{"/run:", "unknown option ''"},
                                         Bad{"/run:colour", "unknown option 'colour'"},
                                         Bad{"/run:colour=red", "unknown option 'colour=red'"},
                                         Bad{"/run:size=big", "tmpfs '/run:size=big'"},
                                         Bad{"/run:ro,rw", "'ro' and 'rw' contradict each other"}));

TEST(InheritWish, NamesAContainerAndMayChangeTheAccess) {
    EXPECT_EQ(parse_volumes_from("box")->container, "box");
    EXPECT_EQ(parse_volumes_from("box")->access, "");
    EXPECT_EQ(parse_volumes_from("box:ro")->access, "ro");
    EXPECT_EQ(parse_volumes_from("box:z,rw")->access, "rw");
    EXPECT_TRUE(fails_saying(parse_volumes_from(""), "it names no container"));
    EXPECT_TRUE(fails_saying(parse_volumes_from(":ro"), "it names no container"));
    EXPECT_TRUE(fails_saying(parse_volumes_from("box:"), "unknown option ''"));
    EXPECT_TRUE(fails_saying(parse_volumes_from("box:exec"), "unknown option 'exec'"));
    EXPECT_TRUE(fails_saying(parse_volumes_from("box:ro,rw"), "ro or rw belongs there, once"));
}

TEST(DeviceWish, IsThereUnderTheSameNameOrAnother) {
    const Result<DeviceWish> same = parse_device("/dev/fuse");
    ASSERT_TRUE(succeeds(same));
    EXPECT_EQ(same->target, "/dev/fuse");
    EXPECT_EQ(same->permissions, "rwm");
    const Result<DeviceWish> other = parse_device("/dev/fuse:/dev/f:r");
    ASSERT_TRUE(succeeds(other));
    EXPECT_EQ(other->source, "/dev/fuse");
    EXPECT_EQ(other->target, "/dev/f");
    EXPECT_EQ(other->permissions, "r");
    EXPECT_EQ(parse_device("/dev/fuse:rw")->target, "/dev/fuse");
}

TEST(DeviceWish, SaysWhatIsWrong) {
    EXPECT_TRUE(fails_saying(parse_device(""), "device '': it is not an absolute path"));
    EXPECT_TRUE(fails_saying(parse_device("fuse"), "it is not an absolute path"));
    EXPECT_TRUE(fails_saying(parse_device("/dev/a:b"), "'b' is not an absolute path"));
    EXPECT_TRUE(fails_saying(parse_device("/dev/a:/dev/b:rwx"), "HOST[:CONTAINER][:rwm] belongs"));
}

}  // namespace
}  // namespace sbx::container
