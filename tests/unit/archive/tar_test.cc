#include "archive/tar.h"

#include <clocale>

#include <gtest/gtest.h>

#include "support/tar_writer.h"

namespace sbx::archive {
namespace {

using test::tar_end;
using test::tar_entry;
using test::tar_file;
using test::tar_folder;
using test::tar_pax;

// Hands out a stream in pieces of one size, to end in the middle of anything.
class Pieces final : public Reader {
public:
    Pieces(std::string_view text, std::size_t size) : text_(text), size_(size) {}
    Result<std::size_t> read(std::span<char> into) override {
        return text_.read(into.subspan(0, std::min(size_, into.size())));
    }

private:
    TextReader text_;
    std::size_t size_;
};

// "name:content name:content ", or the words of the error that ended it.
Result<std::string> list(Reader& from) {
    TarReader tar(from);
    std::string text;
    while (const std::optional<Entry> entry = TRY(tar.next())) {
        std::string content(entry->size, '.');
        while (const std::optional<TarReader::Block> block = TRY(tar.block()))
            content.replace(block->offset, block->bytes.size(), block->bytes.data(),
                            block->bytes.size());
        text += entry->path + ":" + content + " ";
    }
    return text;
}

std::string list(const std::string& bytes) {
    TextReader text(bytes);
    const Result<std::string> names = list(text);
    return names ? *names : names.error().text();
}

TEST(Tar, GivesEntriesAndTheirContent) {
    EXPECT_EQ(
        list(tar_folder("etc") + tar_file("etc/motd", "hello") + tar_file("empty", "") + tar_end()),
        "etc: etc/motd:hello empty: ");
}

TEST(Tar, GivesThePlaceOfEachEntry) {
    const std::string bytes = tar_file("a", "1") + tar_pax({{"path", "b"}}) + tar_file("x", "2");
    TextReader text(bytes);
    TarReader tar(text);
    EXPECT_EQ((*tar.next())->offset, 0U);
    const Entry second = **tar.next();
    EXPECT_EQ(second.number, 2U);
    EXPECT_EQ(second.offset, 1024U);
    EXPECT_EQ(describe(second), "entry 2 at offset 0x400 'b'");
}

TEST(Tar, DoesNotMindHowTheStreamIsCutUp) {
    const std::string bytes = tar_pax({{"path", std::string(3000, 'p')}}) +
                              tar_file("x", std::string(5000, 'c')) + tar_file("y", "end") +
                              tar_end();
    const std::string whole = list(bytes);
    for (const std::size_t size : {1U, 7U, 511U, 513U, 4096U}) {
        Pieces pieces(bytes, size);
        EXPECT_EQ(list(pieces).value_or("failed"), whole) << size;
    }
}

TEST(Tar, PassesOverContentThatNobodyReads) {
    const std::string bytes = tar_file("a", std::string(3'000'000, 'x')) + tar_file("b", "");
    TextReader text(bytes);
    TarReader tar(text);
    EXPECT_EQ((*tar.next())->path, "a");
    EXPECT_EQ((*tar.next())->path, "b");
    EXPECT_FALSE(*tar.next());
    EXPECT_FALSE(*tar.next()) << "the end stays the end";
}

TEST(Tar, TakesEveryEndThatTarsHave) {
    const std::string file = tar_file("a", "1");
    EXPECT_EQ(list(file + tar_end()), "a:1 ");
    EXPECT_EQ(list(file), "a:1 ") << "no end blocks";
    EXPECT_EQ(list(file + tar_end() + std::string(10240, '\0')), "a:1 ") << "padding";
    EXPECT_EQ(list(file + tar_end() + "nonsense"), "a:1 ") << "what is behind the end";
    EXPECT_EQ(list(""), "");
    EXPECT_EQ(list(tar_end()), "");
    EXPECT_EQ(list(std::string(10240, '\0')), "");
}

TEST(Tar, RefusesWhatIsCutShort) {
    const std::string bytes = tar_file("a", "1") + tar_file("b", std::string(2000, 'x'));
    EXPECT_EQ(list(bytes.substr(0, 2000)), "Truncated tar archive");
    EXPECT_TRUE(list(bytes.substr(0, 1100)).starts_with("entry 2 at offset 0x400 ''"));
    EXPECT_NE(list("x"), "");
    EXPECT_NE(list(std::string(511, '\0')), "");
}

TEST(Tar, NamesTheEntryThatIsDamaged) {
    EXPECT_EQ(list(tar_file("a", "1") + tar_entry({.name = "b\x1b", .damage = {{1, "c"}}})),
              "entry 2 at offset 0x400 'bc': the checksum of its header is wrong");
    EXPECT_EQ(list(std::string(1024, 'x')).substr(0, 27), "entry 1 at offset 0x0 'xxxx");
    EXPECT_EQ(list(tar_entry({.name = "dev\n", .type = 'Z'})),
              "entry 1 at offset 0x0 'dev\\x0a': it is of type 'Z', which no layer may have");
}

TEST(Tar, PassesOnWhyTheStreamFailed) {
    class Broken final : public Reader {
        Result<std::size_t> read(std::span<char>) override {
            return Error(Error::Kind::denied, "the disk is on fire");
        }
    } broken;
    const Result<std::string> names = list(broken);
    ASSERT_FALSE(names);
    EXPECT_EQ(names.error().text(), "the disk is on fire");
    EXPECT_EQ(names.error().kind(), Error::Kind::denied);
}

TEST(Tar, APaxSizeCountsForWhatIsReadAndForWhatIsPassedOver) {
    const std::string inner = tar_file("smuggled", "");
    const std::string body = inner + std::string(512, 'x');
    const std::string outer =
        tar_pax({{"size", "1024"}}) +
        tar_entry({.name = "outer", .patches = {{124, "00000000000"}}}, body) +
        tar_file("next", "");
    TextReader text(outer);
    TarReader tar(text);
    EXPECT_EQ((*tar.next())->path, "outer");
    EXPECT_EQ((*tar.next())->path, "next");
}

TEST(Tar, RefusesASizeThatReadersDifferAbout) {
    // A hard link in a pax archive may have content; most readers say it has none.
    const std::string link =
        tar_entry({.name = "link", .type = '1', .target = "a", .patches = {{124, "00000001000"}}});
    const std::string bytes =
        tar_pax({{"comment", "pax"}}) + tar_file("a", "") + link + tar_file("hidden", "");
    EXPECT_TRUE(list(bytes).starts_with("entry 2 at offset 0x600 'link': its size is not certain"))
        << list(bytes);
    EXPECT_TRUE(list(tar_pax({{"size", "512"}}) + tar_folder("d") + tar_file("hidden", ""))
                    .starts_with("entry 1 at offset 0x0 'd': its size is not certain"));
}

TEST(Tar, KeepsTheBytesOfNamesUnderAnyLocale) {
    const std::string nfc = "\xc3\xa9";
    const std::string nfd = "e\xcc\x81";
    std::string bytes;
    for (const std::string& name : {nfc, nfd, std::string("\xff")})
        bytes += tar_pax({{"path", name}}) + tar_file("x", "");
    for (const char* locale : {"C", "C.UTF-8"}) {
        std::setlocale(LC_ALL, locale);
        EXPECT_EQ(list(bytes), nfc + ": " + nfd + ": \xff: ") << locale;
    }
    std::setlocale(LC_ALL, "C");
}

TEST(Tar, LeavesHolesInSparseFiles) {
    const std::string gnu = tar_entry({.name = "old",
                                       .type = 'S',
                                       .magic = std::string("ustar  \0", 8),
                                       .patches = {{386, "00000000004"},
                                                   {398, "00000000004"},
                                                   {410, "00000000012"},
                                                   {422, "00000000000"},
                                                   {483, "00000000012"}}},
                                      "data");
    EXPECT_EQ(list(gnu + tar_file("next", "")), "old:....data.. next: ");
    const std::string map = "1\n4\n4\n";
    const std::string pax =
        tar_pax({{"GNU.sparse.major", "1"},
                 {"GNU.sparse.minor", "0"},
                 {"GNU.sparse.name", "new"},
                 {"GNU.sparse.realsize", "10"}}) +
        tar_file("GNUSparseFile.0/new", map + std::string(512 - map.size(), '\0') + "data");
    EXPECT_EQ(list(pax + tar_file("next", "")), "new:....data.. next: ");
}

TEST(Tar, RefusesSparseFilesWhoseMapHidesAnEntry) {
    const std::string hidden = tar_file("hidden", "");
    const std::string sparse =
        tar_pax(
            {{"GNU.sparse.size", "4"}, {"GNU.sparse.map", "0,4"}, {"GNU.sparse.numblocks", "1"}}) +
        tar_file("x", "data" + std::string(508, '\0') + hidden);
    EXPECT_TRUE(list(sparse).ends_with("its content does not end where its header says"))
        << list(sparse);
}

TEST(Tar, BoundsWhatHeadersMayTake) {
    std::string bytes;
    for (int i = 0; i < 5; ++i)
        bytes += tar_pax({{"comment", std::string(1'000'000, 'x')}}, 'g');
    EXPECT_TRUE(
        list(bytes + tar_file("x", "")).ends_with("its headers are longer than 3145728 bytes"))
        << list(bytes + tar_file("x", "")).substr(0, 200);
}

}  // namespace
}  // namespace sbx::archive
