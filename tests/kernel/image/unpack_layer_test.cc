#include "image/unpack_layer.h"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "support/canary.h"
#include "support/layer.h"
#include "support/namespaces.h"
#include "support/tar_writer.h"

namespace sbx::image {
namespace {

LayerJob job_for(const std::string& blob) {
    LayerJob job{.request = {.name = "layer", .size = blob.size()},
                 .blob = os::Fd(::memfd_create("blob", MFD_CLOEXEC)),
                 .arrivals = os::Fd(::eventfd(0, EFD_CLOEXEC)),
                 .answer = {}};
    EXPECT_TRUE(os::write_all(job.blob, blob));
    const std::uint64_t size = blob.size();
    EXPECT_EQ(::write(job.arrivals.get(), &size, sizeof size), 8);
    return job;
}

// It confines its process for good, so each runs in one of its own.
TEST(UnpackLayer, MakesTheFolderWhateverStagingPassesOn) {
    const test::Scratch scratch;
    IN_NAMESPACES {
        ASSERT_EQ(::chmod(scratch.tree().c_str(), 02755), 0);
        const os::Fd staging = *os::open_directory(os::FdView::cwd(), scratch.tree());
        const std::string tar = test::tar_file("f", "x");
        const Result<Unpacked> done = unpack_layer(job_for(tar), staging);
        ASSERT_TRUE(done) << done.error().text();
        EXPECT_EQ(done->diff_id, oci::Digest::of(tar));
        EXPECT_EQ(test::status_of(scratch.tree() + "/layer").st_mode, S_IFDIR | 0755U);
        EXPECT_EQ(test::content_of(scratch.tree() + "/layer/f"), "x");
    };
}

TEST(UnpackLayer, GivesTheSameForALargeOne) {
    const test::Scratch scratch;
    IN_NAMESPACES {
        const os::Fd staging = *os::open_directory(os::FdView::cwd(), scratch.tree());
        const std::string tar = test::tar_file("f", std::string(5'000'000, 'x')) + test::tar_end();
        const Result<Unpacked> done = unpack_layer(job_for(test::gzip_stored(tar)), staging);
        ASSERT_TRUE(done) << done.error().text();
        EXPECT_EQ(done->diff_id, oci::Digest::of(tar));
        EXPECT_EQ(done->bytes, 5'000'000U);
    };
}

}  // namespace
}  // namespace sbx::image
