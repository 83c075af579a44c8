#include "store/blobs.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "os/file.h"
#include "support/at_once.h"
#include "support/files.h"
#include "support/results.h"
#include "support/temp_store.h"

namespace sbx::store {
namespace {

using test::exists;
using test::fails_saying;
using test::succeeds;

class BlobsTest : public testing::Test {
protected:
    std::string place_of(const oci::Digest& digest) const {
        return store_.at("images/blobs/sha256/" + digest.hex());
    }
    std::string partial_of(const oci::Digest& digest) const {
        return store_.at("partial/" + digest.hex());
    }
    oci::Digest add(std::string_view bytes) const { return blobs_.add(bytes).value(); }

    // What another attempt left when it was killed.
    void leave_partial(const oci::Digest& digest, std::string_view bytes) {
        const Result<Blobs::Partial> partial = blobs_.begin(digest);
        ASSERT_TRUE(succeeds(partial));
        ASSERT_TRUE(os::write_all(partial->file, bytes));
    }

    test::TempStore store_;
    Blobs blobs_ = *Blobs::open(*store_);
};

TEST_F(BlobsTest, AreAnImageLayoutThatOthersRead) {
    EXPECT_EQ(test::bytes_of(store_.at("images/oci-layout")),
              "{\"imageLayoutVersion\":\"1.0.0\"}\n");
    const Result<oci::Digest> digest = blobs_.add("content");
    ASSERT_TRUE(succeeds(digest));
    EXPECT_EQ(test::bytes_of(place_of(*digest)), "content");
    EXPECT_EQ(test::mode_of(place_of(*digest)), 0644U);
    EXPECT_TRUE(succeeds(blobs_.add("content"))) << "there already is as good";
    EXPECT_EQ(blobs_.all()->size(), 1U);
}

TEST_F(BlobsTest, AreReadAsLongAsTheyAreWhatTheirDigestSays) {
    const oci::Digest digest = add("content");
    EXPECT_EQ(blobs_.read(digest, 100).value(), "content");
    EXPECT_TRUE(fails_saying(blobs_.read(digest, 6), digest.text())) << "larger than may be";
    test::make_file(place_of(digest), "CONTENT");
    const Result<std::string> damaged = blobs_.read(digest, 100);
    EXPECT_TRUE(fails_saying(damaged, "blob '" + digest.text() + "' is damaged"));
    EXPECT_EQ(damaged.error().hint(), "remove the image and pull it again");
}

TEST_F(BlobsTest, AreNoLinksOrPipes) {
    const oci::Digest digest = oci::Digest::of("content");
    test::make_file(store_.at("elsewhere"), "content");
    test::make_link(place_of(digest), store_.at("elsewhere"));
    EXPECT_TRUE(fails_saying(blobs_.open(digest), "open blob '" + digest.text() + "'"));
    ASSERT_EQ(::unlink(place_of(digest).c_str()), 0);
    test::make_fifo(place_of(digest));
    EXPECT_FALSE(blobs_.read(digest, 100)) << "and does not wait for anybody to write";
}

TEST_F(BlobsTest, AreListedWithoutWhatIsNone) {
    const oci::Digest digest = add("content");
    test::make_file(place_of(digest) + ".json");
    test::make_file(store_.at("images/blobs/sha256/.half"));
    EXPECT_EQ(blobs_.all().value(), std::vector{digest});
    ASSERT_TRUE(succeeds(blobs_.remove(digest)));
    EXPECT_FALSE(blobs_.has(digest));
    EXPECT_TRUE(succeeds(blobs_.remove(digest))) << "absent is fine";
}

TEST_F(BlobsTest, OnTheirWayAreNotThere) {
    const oci::Digest digest = oci::Digest::of("content");
    leave_partial(digest, "content");
    EXPECT_FALSE(blobs_.has(digest));
    EXPECT_FALSE(blobs_.read(digest, 100));
    EXPECT_EQ(blobs_.all()->size(), 0U);
}

TEST_F(BlobsTest, OnTheirWayAreTakenUpByTheNextAttempt) {
    const oci::Digest digest = oci::Digest::of("content");
    leave_partial(digest, "cont");
    Result<Blobs::Partial> partial = blobs_.begin(digest);
    ASSERT_TRUE(succeeds(partial));
    EXPECT_EQ(os::status_of(partial->file)->st_size, 4);
    ASSERT_TRUE(os::write_at(partial->file, 4, "ent"));
    ASSERT_TRUE(succeeds(blobs_.publish(*std::move(partial), digest)));
    EXPECT_EQ(blobs_.read(digest, 100).value(), "content");
    EXPECT_EQ(store_.names_at("partial"), std::vector<std::string>{});
}

TEST_F(BlobsTest, AreBroughtByOneAtATime) {
    const oci::Digest digest = oci::Digest::of("content");
    Result<Blobs::Partial> partial = blobs_.begin(digest);
    const Result<Blobs::Partial> second = blobs_.begin(digest);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind(), Error::Kind::busy);
    EXPECT_TRUE(succeeds(blobs_.begin(oci::Digest::of("other"))));
    EXPECT_FALSE(blobs_.wait_for(digest, std::chrono::milliseconds(5)));
    ASSERT_TRUE(succeeds(blobs_.drop(*std::move(partial), digest)));
    EXPECT_TRUE(succeeds(blobs_.wait_for(digest, std::chrono::milliseconds(5))));
    EXPECT_FALSE(exists(partial_of(digest)));
}

TEST_F(BlobsTest, AreWaitedForUntilWhoeverBringsThemIsDone) {
    const oci::Digest digest = oci::Digest::of("content");
    const std::vector<int> codes = test::at_once(6, [&](int) {
        for (;;) {
            if (blobs_.has(digest)) return 0;
            Result<Blobs::Partial> partial = blobs_.begin(digest);
            if (partial && blobs_.has(digest)) return 0;
            if (partial) {
                (void)os::write_at(partial->file, 0, "content");
                return blobs_.publish(*std::move(partial), digest) ? 1 : 2;
            }
            if (!blobs_.wait_for(digest, std::chrono::seconds(10))) return 3;
        }
    });
    EXPECT_EQ(std::ranges::count(codes, 1), 1) << "one has brought it";
    EXPECT_EQ(std::ranges::count(codes, 0), 5);
    EXPECT_EQ(blobs_.read(digest, 100).value(), "content");
}

TEST_F(BlobsTest, OfFilesMadeElsewhereAreAdopted) {
    const oci::Digest digest = oci::Digest::of("content");
    const Staging staging = *store_->stage();
    ASSERT_TRUE(os::write_atomic(staging.directory(), "blob", "content"));
    ASSERT_TRUE(succeeds(blobs_.adopt(staging.directory(), "blob", digest)));
    EXPECT_EQ(blobs_.read(digest, 100).value(), "content");
    EXPECT_TRUE(fails_saying(blobs_.adopt(staging.directory(), "blob", digest),
                             "give blob '" + digest.text() + "' its place"));
}

TEST_F(BlobsTest, LeftHalfBroughtAreSweptWhereNobodyBringsThem) {
    const oci::Digest left = oci::Digest::of("left");
    const oci::Digest under_way = oci::Digest::of("under way");
    leave_partial(left, "le");
    const Result<Blobs::Partial> partial = blobs_.begin(under_way);
    test::make_file(store_.at("partial/no-digest"));
    ASSERT_TRUE(succeeds(blobs_.sweep_partials()));
    EXPECT_EQ(store_.names_at("partial").size(), 3U);
    EXPECT_FALSE(exists(partial_of(left)));
    EXPECT_TRUE(exists(partial_of(under_way)));
}

}  // namespace
}  // namespace sbx::store
