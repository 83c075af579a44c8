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
    EXPECT_EQ(parse({"rprivate"}).attributes.propagation, MS_PRIVATE);
    EXPECT_EQ(parse({"rslave"}).attributes.propagation, MS_SLAVE);
    EXPECT_EQ(parse({"unbindable"}).attributes.propagation, MS_UNBINDABLE);
}

TEST(MountOptions, RefusePropagationToTheHost) {
    for (const char* word : {"shared", "rshared"})
        EXPECT_TRUE(test::fails_saying(
            parse_mount_options({"ro", word}),
            fmt::format("propagation '{}' would carry the container's mounts to the host", word)));
}

TEST(MountOptions, KnowSbxsOwn) {
    EXPECT_TRUE(parse({"copyup"}).copy_up);
    EXPECT_TRUE(parse({"tmpcopyup"}).copy_up);
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
