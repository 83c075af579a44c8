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

// `text` given in pieces of that size.
std::string deflate(const std::string& text, std::size_t piece_size) {
    std::string data;
    GzipWriter writer([&](std::string_view piece) -> Result<> {
        data += piece;
        return {};
    });
    for (std::size_t at = 0; at < text.size(); at += piece_size)
        EXPECT_TRUE(writer.add(std::string_view(text).substr(at, piece_size)));
    EXPECT_TRUE(writer.finish());
    return data;
}

// Words that repeat, but not soon and not all.
std::string some_text() {
    std::string text;
    for (std::uint32_t i = 0, word = 1; i < 200'000; ++i, word = word * 1664525 + 1013904223)
        text += fmt::format("{:x} ", word >> 22);
    return text;
}

TEST(Gzip, MakesWhatIsInflatedAgain) {
    const std::string text = some_text();
    const std::string data = deflate(text, 1000);
    EXPECT_TRUE(inflate(data).value_or("failed") == text);
    EXPECT_LT(data.size(), text.size() / 2);
    EXPECT_EQ(inflate(deflate("", 1)).value_or("failed"), "");
    EXPECT_EQ(inflate(deflate("x", 1)).value_or("failed"), "x");
}

TEST(Gzip, MakesTheSameOfTheSame) {
    const std::string text = some_text();
    const std::string data = deflate(text, 100);
    EXPECT_TRUE(deflate(text, 65536) == data);
    EXPECT_TRUE(deflate(text, text.size()) == data);
    EXPECT_EQ(data.substr(0, 8), std::string("\x1f\x8b\x08\0\0\0\0\0", 8)) << "no time, no name";
}

TEST(Gzip, MakesManyPiecesOfWhatIsHardToCompress) {
    std::string noise;
    for (std::uint32_t i = 0, word = 1; i < 3'000'000; ++i, word = word * 1664525 + 1013904223)
        noise += static_cast<char>(word >> 24);
    EXPECT_TRUE(inflate(deflate(noise, 7777)).value_or("failed") == noise);
}

TEST(Gzip, PassesOnThatThereIsNoRoom) {
    GzipWriter writer([](std::string_view) { return Error(Error::Kind::failed, "full"); });
    EXPECT_TRUE(writer.add("text"));
    EXPECT_EQ(writer.finish().error().text(), "full");
}

}  // namespace
}  // namespace sbx::archive
