#include "sandbox/mount_options.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::sandbox {
namespace {

MountOptions parse(const std::vector<std::string>& words) {
    Result<MountOptions> options = parse_mount_options(words);
    EXPECT_TRUE(test::succeeds(options));
    return options ? *std::move(options) : MountOptions();
}

TEST(MountOptions, OfNothingAreNothing) {
    const MountOptions options = parse({});
    EXPECT_EQ(options.attributes.set, 0U);
    EXPECT_EQ(options.attributes.clear, 0U);
    EXPECT_EQ(options.attributes.propagation, 0U);
    EXPECT_FALSE(options.bind || options.copy_up || options.optional);
    EXPECT_TRUE(options.data.empty());
}

TEST(MountOptions, SetAndClearAttributes) {
    EXPECT_EQ(parse({"ro", "nosuid", "nodev", "noexec", "nosymfollow"}).attributes.set,
              MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC |
                  MOUNT_ATTR_NOSYMFOLLOW);
    EXPECT_EQ(parse({"rw", "suid", "dev", "exec"}).attributes.clear,
              MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

TEST(MountOptions, LetTheLastOfTwoThatDisagreeWin) {
    const MountOptions last_ro = parse({"rw", "ro"});
    EXPECT_EQ(last_ro.attributes.set, MOUNT_ATTR_RDONLY);
    EXPECT_EQ(last_ro.attributes.clear, 0U);
    const MountOptions last_rw = parse({"ro", "rw"});
    EXPECT_EQ(last_rw.attributes.set, 0U);
    EXPECT_EQ(last_rw.attributes.clear, MOUNT_ATTR_RDONLY);
}

// The kernel wants the whole field of access times cleared whenever one of them is set.
TEST(MountOptions, ReplaceTheWayOfAccessTimesAsAWhole) {
    EXPECT_EQ(parse({"noatime"}).attributes.clear & MOUNT_ATTR__ATIME, MOUNT_ATTR__ATIME);
    const MountOptions strict = parse({"noatime", "strictatime"});
    EXPECT_EQ(strict.attributes.set & MOUNT_ATTR__ATIME, MOUNT_ATTR_STRICTATIME);
    EXPECT_EQ(strict.attributes.clear & MOUNT_ATTR__ATIME, MOUNT_ATTR__ATIME);
    EXPECT_EQ(parse({"relatime"}).attributes.clear & MOUNT_ATTR__ATIME, MOUNT_ATTR__ATIME);
}

TEST(MountOptions, KnowBindsAndTheirDepth) {
    EXPECT_EQ(parse({"bind"}).depth, os::Depth::this_one);
    EXPECT_EQ(parse({"rbind"}).depth, os::Depth::and_below);
    EXPECT_TRUE(parse({"bind"}).bind);
    EXPECT_TRUE(parse({"rbind"}).bind);
}

TEST(MountOptions, KnowPropagationThatStaysInside) {
    EXPECT_EQ(parse({"rprivate"}).recursive.propagation, MS_PRIVATE);
    EXPECT_EQ(parse({"rslave"}).recursive.propagation, MS_SLAVE);
    EXPECT_EQ(parse({"unbindable"}).attributes.propagation, MS_UNBINDABLE);
}

TEST(MountOptions, KnowPropagationOfTheMountAloneOrOfAllBelow) {
    EXPECT_EQ(parse({"shared"}).attributes.propagation, MS_SHARED);
    EXPECT_EQ(parse({"shared"}).recursive.propagation, 0U);
    EXPECT_EQ(parse({"rshared"}).recursive.propagation, MS_SHARED);
    EXPECT_EQ(parse({"rshared", "private"}).recursive.propagation, 0U) << "the last one counts";
    EXPECT_EQ(parse({"runbindable"}).recursive.propagation, MS_UNBINDABLE);
}

struct Recursive {
    const char* word;
    std::uint64_t set;
    std::uint64_t clear;
};

class RecursiveOptions : public testing::TestWithParam<Recursive> {};

TEST_P(RecursiveOptions, AreOfAllBelow) {
    const MountOptions options = parse({GetParam().word});
    EXPECT_EQ(options.recursive.set, GetParam().set);
    EXPECT_EQ(options.recursive.clear, GetParam().clear);
    EXPECT_EQ(options.attributes.set | options.attributes.clear, 0U);
    EXPECT_TRUE(options.data.empty());
}

// All of runtime-spec's, config.md.
INSTANTIATE_TEST_SUITE_P(
    All, RecursiveOptions,
    testing::Values(
        Recursive{"rro", MOUNT_ATTR_RDONLY, 0}, Recursive{"rrw", 0, MOUNT_ATTR_RDONLY},
        Recursive{"rnosuid", MOUNT_ATTR_NOSUID, 0}, Recursive{"rsuid", 0, MOUNT_ATTR_NOSUID},
        Recursive{"rnodev", MOUNT_ATTR_NODEV, 0}, Recursive{"rdev", 0, MOUNT_ATTR_NODEV},
        Recursive{"rnoexec", MOUNT_ATTR_NOEXEC, 0}, Recursive{"rexec", 0, MOUNT_ATTR_NOEXEC},
        Recursive{"rnodiratime", MOUNT_ATTR_NODIRATIME, 0},
        Recursive{"rdiratime", 0, MOUNT_ATTR_NODIRATIME},
        Recursive{"rnoatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME},
        Recursive{"ratime", 0, MOUNT_ATTR__ATIME}, Recursive{"rrelatime", 0, MOUNT_ATTR__ATIME},
        Recursive{"rnorelatime", 0, MOUNT_ATTR__ATIME},
        Recursive{"rstrictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
        Recursive{"rnostrictatime", 0, MOUNT_ATTR__ATIME},
        Recursive{"rnosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0},
        Recursive{"rsymfollow", 0, MOUNT_ATTR_NOSYMFOLLOW}));

TEST(MountOptions, AreTogetherWhatTheTopOfATreeGets) {
    const MountOptions options = parse({"rw", "nosuid", "rro", "slave"});
    const os::Attributes both = together(options.attributes, options.recursive);
    EXPECT_EQ(both.set, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID);
    EXPECT_EQ(both.clear, 0U);
    EXPECT_EQ(both.propagation, MS_SLAVE);
}

TEST(MountOptions, OfAFileSystemAreApart) {
    const MountOptions options = parse({"sync", "lazytime", "async", "silent", "iversion"});
    ASSERT_EQ(options.superblock.size(), 2U);
    EXPECT_EQ(options.superblock[0].name, "sync");
    EXPECT_TRUE(options.data.empty());
}

TEST(MountOptions, KnowMappedIds) {
    EXPECT_FALSE(parse({"ro"}).mapped);
    EXPECT_EQ(parse({"idmap"}).mapped, os::Depth::this_one);
    EXPECT_EQ(parse({"ridmap"}).mapped, os::Depth::and_below);
}

TEST(MountOptions, AreRefusedByNameWhereTheyCannotBeHad) {
    for (const char* word : {"remount", "idmap=uids=0-1-1", "ridmap=uids=0-1-1"})
        EXPECT_TRUE(test::fails_saying(parse_mount_options({word}),
                                       fmt::format("mount option '{}'", word)));
}

TEST(MountOptions, KnowWhatIsSaidOfLinks) {
    EXPECT_TRUE(parse({"src-nofollow"}).source_nofollow);
    EXPECT_TRUE(parse({"dest-nofollow"}).target_nofollow);
    EXPECT_TRUE(parse({"copy-symlink"}).copy_symlink);
}

TEST(MountOptions, KnowSbxsOwn) {
    EXPECT_TRUE(parse({"copyup"}).copy_up);
    EXPECT_TRUE(parse({"copyup"}).is_volume);
    EXPECT_TRUE(parse({"tmpcopyup"}).copy_up);
    EXPECT_FALSE(parse({"tmpcopyup"}).is_volume)
        << "a folder of the person's has no lock beside it";
    EXPECT_TRUE(parse({"optional"}).optional);
    EXPECT_EQ(parse({"subpath=a/b"}).subpath, "a/b");
}

TEST(MountOptions, LeaveTheRestToTheFileSystem) {
    const MountOptions options = parse({"size=64m", "newinstance", "mode=", "a=b=c", "RO"});
    std::string text;
    for (const os::MountOption& option : options.data)
        text += fmt::format("{}|{} ", option.name, option.value);
    EXPECT_EQ(text, "size|64m newinstance| mode| a|b=c RO| ");
}

}  // namespace
}  // namespace sbx::sandbox
