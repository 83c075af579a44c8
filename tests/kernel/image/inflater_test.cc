#include "image/inflater.h"

#include <array>

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "base/sha256.h"
#include "os/file.h"
#include "os/random.h"
#include "support/tar_writer.h"

namespace sbx::image {
namespace {

// The process is a child of the test's here, with nothing confined but itself.
class InflaterTest : public testing::Test {
protected:
    Inflation inflation_of(const std::string& blob, std::uint64_t most = UINT64_MAX) {
        EXPECT_TRUE(os::write_all(blob_, blob));
        const std::uint64_t size = blob.size();
        EXPECT_EQ(::write(arrivals_.get(), &size, sizeof size), 8);
        return {.blob = blob_, .arrivals = arrivals_, .size = size, .most = most};
    }

    static Result<std::string> read_all(Inflater& inflater) {
        std::string text;
        std::array<char, 10'000> piece;
        while (const std::size_t size = TRY(inflater.read(piece)))
            text.append(piece.data(), size);
        return text;
    }

    os::Fd blob_{::memfd_create("blob", MFD_CLOEXEC)};
    os::Fd arrivals_{::eventfd(0, EFD_CLOEXEC)};
};

TEST_F(InflaterTest, InflatesAndHashes) {
    const std::string text = os::random_hex(3'000'000);
    Result<Inflater> inflater = Inflater::start(inflation_of(test::gzip_stored(text)));
    ASSERT_TRUE(inflater) << inflater.error().text();
    EXPECT_TRUE(read_all(*inflater).value_or("failed") == text);
    EXPECT_EQ(std::move(*inflater).hex().value_or("none"), sha256_hex(text));
}

TEST_F(InflaterTest, PassesOnWhyItFailed) {
    const std::string blob = test::gzip_stored("text");
    Result<Inflater> inflater = Inflater::start(inflation_of(blob.substr(0, 20)));
    ASSERT_TRUE(inflater);
    const Result<std::string> text = read_all(*inflater);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().text(), "the gzip data are cut short");
    EXPECT_FALSE(std::move(*inflater).hex());
}

TEST_F(InflaterTest, StopsAtItsLimit) {
    Result<Inflater> inflater =
        Inflater::start(inflation_of(test::zstd_zeros(std::uint64_t{1} << 30), 1 << 20));
    ASSERT_TRUE(inflater);
    EXPECT_EQ(read_all(*inflater).error().text(), "the data are longer than 1048576 bytes");
}

TEST_F(InflaterTest, HasNoHashBeforeTheEnd) {
    Result<Inflater> inflater = Inflater::start(inflation_of("text"));
    ASSERT_TRUE(inflater);
    EXPECT_EQ(std::move(*inflater).hex().error().text(), "the layer was not read to its end");
}

}  // namespace
}  // namespace sbx::image
