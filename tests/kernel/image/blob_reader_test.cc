#include "image/blob_reader.h"

#include <array>

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "os/file.h"
#include "os/process.h"

namespace sbx::image {
namespace {

class BlobReaderTest : public testing::Test {
protected:
    void arrive(std::string_view bytes) {
        ASSERT_TRUE(os::write_all(blob_, bytes));
        const std::uint64_t size = bytes.size();
        ASSERT_EQ(::write(arrivals_.get(), &size, sizeof size), 8);
    }
    std::string read_from(BlobReader& reader) {
        std::array<char, 100> piece;
        const Result<std::size_t> size = reader.read(piece);
        return size ? std::string(piece.data(), *size) : size.error().text();
    }

    os::Fd blob_{::memfd_create("blob", MFD_CLOEXEC)};
    os::Fd arrivals_{::eventfd(0, EFD_CLOEXEC)};
};

TEST_F(BlobReaderTest, ReadsWhatHasArrived) {
    BlobReader reader(blob_, arrivals_, 9);
    arrive("one ");
    EXPECT_EQ(read_from(reader), "one ");
    arrive("two ");
    arrive("3");
    EXPECT_EQ(read_from(reader), "two 3");
    EXPECT_EQ(read_from(reader), "");
}

TEST_F(BlobReaderTest, WaitsForMore) {
    Result<os::Process> child = os::spawn(0, [&] {
        BlobReader reader(blob_, arrivals_, 4);
        ::_exit(read_from(reader) == "text" ? 0 : 1);
    });
    ASSERT_TRUE(child);
    ::usleep(20'000);
    EXPECT_EQ(::kill(child->pid(), 0), 0);
    arrive("text");
    EXPECT_EQ(child->wait()->code, 0);
}

TEST_F(BlobReaderTest, ReadsNoMoreThanItsSize) {
    BlobReader reader(blob_, arrivals_, 4);
    arrive("text and more");
    EXPECT_EQ(read_from(reader), "text");
    EXPECT_EQ(read_from(reader), "");
}

TEST_F(BlobReaderTest, SaysWhenLessArrivedThanWasSaid) {
    BlobReader reader(blob_, arrivals_, 10);
    const std::uint64_t size = 10;
    ASSERT_EQ(::write(arrivals_.get(), &size, sizeof size), 8);
    EXPECT_EQ(read_from(reader), "the blob ends before its 10 bytes");
}

}  // namespace
}  // namespace sbx::image
