#include "archive/zstd.h"

#include <vector>

#include <gtest/gtest.h>

#include "support/tar_writer.h"

namespace sbx::archive {
namespace {

using test::zstd_stored;

Result<std::string> inflate(const std::string& bytes, std::size_t piece_size = 1000) {
    ZstdReader reader(std::make_unique<TextReader>(bytes));
    std::string text;
    std::vector<char> piece(piece_size);
    while (const std::size_t size = TRY(reader.read(piece)))
        text.append(piece.data(), size);
    return text;
}

std::string words_of(const Result<std::string>& result) {
    return result ? "ok" : result.error().text();
}

TEST(Zstd, InflatesWhateverTheSizeOfThePieces) {
    const std::string text(300'000, 'x');
    for (const std::size_t piece : {1U, 100U, 1U << 20})
        EXPECT_TRUE(inflate(zstd_stored(text), piece).value_or("") == text) << piece;
    EXPECT_EQ(inflate(test::zstd_zeros(500'000)).value_or("").size(), 500'000U);
}

TEST(Zstd, TakesSeveralFramesForOneStream) {
    EXPECT_EQ(
        inflate(zstd_stored("one ") + zstd_stored("") + zstd_stored("two")).value_or("failed"),
        "one two");
}

TEST(Zstd, RefusesEveryEarlyEnd) {
    const std::string whole = zstd_stored("some text");
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(words_of(inflate(whole.substr(0, size))), "the zstd data are cut short") << size;
}

TEST(Zstd, RefusesWhatIsBehindTheLastFrame) {
    EXPECT_TRUE(words_of(inflate(zstd_stored("text") + "junk, and more"))
                    .starts_with("the zstd data are damaged"));
}

// RFC 8878 3.1.1.1.2: the exponent of the window's size is in the upper five bits.
TEST(Zstd, RefusesAWindowOfTwoGibibytes) {
    std::string bytes = zstd_stored("text");
    bytes[5] = static_cast<char>(21 << 3);
    EXPECT_EQ(words_of(inflate(bytes)),
              "the zstd data are damaged: Frame requires too much memory for decoding");
}

}  // namespace
}  // namespace sbx::archive
