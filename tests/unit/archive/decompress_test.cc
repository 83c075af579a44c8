#include "archive/decompress.h"

#include <array>

#include <gtest/gtest.h>

#include "support/tar_writer.h"

namespace sbx::archive {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

Result<std::string> plain(std::string_view bytes) {
    const std::unique_ptr<Reader> reader = TRY(decompress(std::make_unique<TextReader>(bytes)));
    std::string text;
    std::array<char, 7> piece;
    while (const std::size_t size = TRY(reader->read(piece)))
        text.append(piece.data(), size);
    return text;
}

TEST(Decompress, GoesByTheFirstBytes) {
    for (const std::string& bytes :
         {std::string("some text"), test::gzip_stored("some text"), test::zstd_stored("some text")})
        EXPECT_EQ(plain(bytes).value_or("failed"), "some text");
}

TEST(Decompress, LeavesShortDataAsTheyAre) {
    EXPECT_EQ(plain("").value_or("failed"), "");
    EXPECT_EQ(plain("x").value_or("failed"), "x");
}

TEST(Decompress, NamesWhatItDoesNotSupport) {
    const Result<std::string> xz = plain(
        "\xfd"
        "7zXZ\0rest"sv);
    ASSERT_FALSE(xz);
    EXPECT_EQ(xz.error().text(), "the data are compressed with xz");
    EXPECT_EQ(xz.error().hint(), "layers may be plain tar, gzip or zstd");
    EXPECT_FALSE(compression_of("BZh9"));
}

TEST(Decompress, TakesASkippableFrameForZstd) {
    EXPECT_EQ(*compression_of("\x50\x2a\x4d\x18"), Compression::zstd);
    EXPECT_EQ(plain("\x5f\x2a\x4d\x18\x02\0\0\0--"s + test::zstd_stored("text")).value_or("failed"),
              "text");
}

}  // namespace
}  // namespace sbx::archive
