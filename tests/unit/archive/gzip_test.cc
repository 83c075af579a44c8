#include "archive/gzip.h"

#include <vector>

#include <gtest/gtest.h>

#include "support/tar_writer.h"

namespace sbx::archive {
namespace {

using test::gzip_stored;

Result<std::string> inflate(const std::string& bytes, std::size_t piece_size = 1000) {
    GzipReader reader(std::make_unique<TextReader>(bytes));
    std::string text;
    std::vector<char> piece(piece_size);
    while (const std::size_t size = TRY(reader.read(piece)))
        text.append(piece.data(), size);
    return text;
}

std::string words_of(const Result<std::string>& result) {
    return result ? "ok" : result.error().text();
}

TEST(Gzip, InflatesWhateverTheSizeOfThePieces) {
    const std::string text(300'000, 'x');
    for (const std::size_t piece : {1U, 100U, 1U << 20})
        EXPECT_TRUE(inflate(gzip_stored(text), piece).value_or("") == text) << piece;
}

TEST(Gzip, InflatesWhatGzipCompressed) {
    // printf 'a%.0s' $(seq 1000) | gzip -9n
    const std::string bytes(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x4c\x1c\x05\xa3\x60\x14\x0c\x77\x00\x00\x03"
        "\xda\x38\x9a\xe8\x03\x00\x00",
        29);
    EXPECT_EQ(inflate(bytes).value_or("failed"), std::string(1000, 'a'));
}

TEST(Gzip, TakesSeveralMembersForOneStream) {
    EXPECT_EQ(
        inflate(gzip_stored("one ") + gzip_stored("") + gzip_stored("two")).value_or("failed"),
        "one two");
}

TEST(Gzip, RefusesWhatIsBehindTheLastMember) {
    EXPECT_EQ(words_of(inflate(gzip_stored("text") + "junk and more of it")),
              "what should be a gzip header is none");
    EXPECT_NE(words_of(inflate(gzip_stored("text") + std::string(1, '\0'))), "ok");
}

TEST(Gzip, RefusesADamagedChecksumAndADamagedLength) {
    for (const std::size_t from_end : {1U, 8U}) {
        std::string bytes = gzip_stored("text");
        bytes[bytes.size() - from_end] ^= 1;
        EXPECT_EQ(words_of(inflate(bytes)), "the gzip data do not fit their checksum");
    }
}

TEST(Gzip, RefusesEveryEarlyEnd) {
    const std::string whole = gzip_stored("some text");
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(words_of(inflate(whole.substr(0, size))), "the gzip data are cut short") << size;
}

}  // namespace
}  // namespace sbx::archive
