#include "container/volume_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "store/volumes.h"
#include "support/files.h"
#include "support/id_range.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;

class VolumeFiles : public testing::Test {
protected:
    VolumeFiles() {
        for (const char* name : {"one", "two"})
            EXPECT_TRUE(succeeds(volumes_.create({.name = name, .created = now()})));
    }

    std::string at(const std::string& path) const { return store_.at("volumes/" + path); }

    os::Fd archive() const {
        return os::Fd(::open(folder_.at("tar").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    }

    test::TempStore store_;
    test::TempFolder folder_;
    store::Volumes volumes_ = *store::Volumes::open(*store_);
};

TEST_F(VolumeFiles, AreTheSameInAnotherVolume) {
    test::make_folder(at("one/data/d"));
    test::make_file(at("one/data/d/f"), "text");
    ::symlink("/etc/passwd", at("one/data/l").c_str());
    ASSERT_EQ(::chmod(at("one/data").c_str(), 0750), 0);
    ASSERT_TRUE(succeeds(export_volume(*store_, test::one_id(), "one", archive())));
    ASSERT_TRUE(succeeds(import_volume(*store_, test::one_id(), "two", archive())));
    EXPECT_EQ(test::bytes_of(at("two/data/d/f")), "text");
    struct stat status{};
    ASSERT_EQ(::lstat(at("two/data/l").c_str(), &status), 0);
    EXPECT_TRUE(S_ISLNK(status.st_mode));
    ASSERT_EQ(::stat(at("two/data").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0750U);
}

TEST_F(VolumeFiles, OfAnEmptyVolumeAreNone) {
    ASSERT_TRUE(succeeds(export_volume(*store_, test::one_id(), "one", archive())));
    EXPECT_TRUE(succeeds(import_volume(*store_, test::one_id(), "two", archive())));
}

TEST_F(VolumeFiles, WantAVolume) {
    EXPECT_TRUE(fails_saying(export_volume(*store_, test::one_id(), "nosuch", archive()),
                             "there is no volume 'nosuch'"));
    EXPECT_TRUE(
        fails_saying(import_volume(*store_, test::one_id(), "../two", archive()), "'../two'"));
}

}  // namespace
}  // namespace sbx::container
