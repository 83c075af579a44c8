#include "image/arrival.h"

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/results.h"
#include "support/tar_writer.h"
#include "support/test_workshop.h"

namespace sbx::image {
namespace {

using test::fails_saying;
using test::succeeds;

const std::string kBlob = test::tar_file("f", "text");

class ArrivalTest : public testing::Test {
protected:
    static Arrival::Want want(const std::string& blob) {
        return {.blob = {.media_type = std::string(oci::media::kLayer),
                         .digest = oci::Digest::of(blob),
                         .size = blob.size()},
                .diff_id = oci::Digest::of(blob)};
    }
    // With what an earlier attempt has left.
    void begin(const std::string& left) {
        store::Blobs::Partial partial = blobs_.begin(arrival_.want().blob.digest).value();
        ASSERT_TRUE(os::write_all(partial.file, left));
        ASSERT_TRUE(succeeds(arrival_.take_partial(std::move(partial))));
    }
    // What is kept of it.
    std::string kept() const {
        return test::bytes_of(workshop_.store().at("partial/" + arrival_.want().blob.digest.hex()));
    }
    std::string failure() {
        const std::optional<Error> error = arrival_.take_failure();
        return error ? error->text() : "none";
    }

    test::TestWorkshop workshop_;
    store::Blobs blobs_ = store::Blobs::open(*workshop_.store()).value();
    Arrival arrival_{want(kBlob)};
};

TEST_F(ArrivalTest, KeepsAndChecksWhatComes) {
    begin("");
    ASSERT_TRUE(succeeds(arrival_.add(kBlob.substr(0, 100))));
    EXPECT_EQ(arrival_.step().phase, LayerStep::Phase::fetching);
    EXPECT_EQ(arrival_.step().bytes, 100U);
    ASSERT_TRUE(succeeds(arrival_.add(kBlob.substr(100))));
    arrival_.end({});
    EXPECT_EQ(failure(), "none");
    EXPECT_EQ(arrival_.step().phase, LayerStep::Phase::done);
    EXPECT_TRUE(succeeds(arrival_.verify()));
    EXPECT_EQ(kept(), kBlob);
}

TEST_F(ArrivalTest, GoesOnWhereAnEarlierOneStopped) {
    begin(kBlob.substr(0, 700));
    EXPECT_EQ(arrival_.arrived(), 700U);
    ASSERT_TRUE(succeeds(arrival_.add(kBlob.substr(700))));
    arrival_.end({});
    EXPECT_TRUE(succeeds(arrival_.verify()));
    EXPECT_EQ(kept(), kBlob);
}

TEST_F(ArrivalTest, ForgetsABeginningThatIsTooLong) {
    begin(kBlob + kBlob);
    EXPECT_EQ(arrival_.arrived(), 0U);
    EXPECT_EQ(kept(), "");
}

TEST_F(ArrivalTest, BeginsAnewWhereItsSourceDoes) {
    begin("");
    ASSERT_TRUE(succeeds(arrival_.add("of another mirror")));
    ASSERT_TRUE(succeeds(arrival_.restart()));
    ASSERT_TRUE(succeeds(arrival_.add(kBlob)));
    arrival_.end({});
    EXPECT_TRUE(succeeds(arrival_.verify()));
    EXPECT_EQ(kept(), kBlob);
}

TEST_F(ArrivalTest, TakesNoMoreThanBelongs) {
    begin(kBlob.substr(0, 1000));
    const Result<> added = arrival_.add(kBlob);
    EXPECT_TRUE(fails_saying(added, "more than the 1024 bytes came that belong"));
    EXPECT_TRUE(arrival_.spoiled());
    EXPECT_EQ(kept().size(), 1000U);
}

TEST_F(ArrivalTest, OfTooLittleIsNoBeginningForAnother) {
    begin(kBlob.substr(0, 1000));
    arrival_.end({});
    EXPECT_EQ(failure(), "1000 bytes came, where 1024 belong");
    EXPECT_TRUE(arrival_.spoiled());
}

TEST_F(ArrivalTest, ThatWasCutOffIsABeginningForAnother) {
    begin(kBlob.substr(0, 1000));
    arrival_.end(Error(Error::Kind::failed, "the network is gone"));
    EXPECT_EQ(failure(), "the network is gone");
    EXPECT_FALSE(arrival_.spoiled());
    EXPECT_EQ(kept().size(), 1000U);
}

TEST_F(ArrivalTest, OfOtherBytesIsRefused) {
    begin("");
    ASSERT_TRUE(succeeds(arrival_.add(std::string(1024, 'x'))));
    arrival_.end({});
    EXPECT_TRUE(fails_saying(arrival_.verify(), "the content is not what its digest says"));
}

}  // namespace
}  // namespace sbx::image
