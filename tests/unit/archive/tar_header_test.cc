#include "archive/tar_header.h"

#include <gtest/gtest.h>

#include "support/tar_writer.h"

namespace sbx::archive {
namespace {

using test::pax_record;
using test::tar_entry;
using test::tar_long_name;
using test::tar_pax;

constexpr std::size_t kMode = 100;
constexpr std::size_t kUid = 108;
constexpr std::size_t kSize = 124;
constexpr std::size_t kTime = 136;
constexpr std::size_t kChecksum = 148;
constexpr std::size_t kGnuRealSize = 483;
const std::string kGnu("ustar  \0", 8);

std::string words_of(const std::string& blocks) {
    const Result<TarHeader> header = read_tar_header(blocks);
    return header ? "ok" : header.error().text();
}

Entry entry_in(const std::string& blocks) {
    Result<TarHeader> header = read_tar_header(blocks);
    EXPECT_TRUE(header) << header.error().text();
    return header ? header->entry : Entry{};
}

std::string with_field(std::size_t at, const std::string& bytes) {
    return tar_entry({.name = "file", .patches = {{at, bytes}}});
}

TEST(TarHeader, SaysWhatEveryTarDoes) {
    const Entry entry =
        entry_in(tar_entry({.name = "bin/su", .mode = 04755, .uid = 1, .gid = 2}, "text"));
    EXPECT_EQ(entry.path, "bin/su");
    EXPECT_EQ(entry.kind, Entry::Kind::regular);
    EXPECT_EQ(entry.mode, 04755U);
    EXPECT_EQ(entry.uid, 1U);
    EXPECT_EQ(entry.gid, 2U);
    EXPECT_EQ(entry.size, 4U);
    EXPECT_EQ(entry.modified.seconds, 1'000'000'000);
}

TEST(TarHeader, KnowsEveryKindOfFile) {
    const std::pair<char, Entry::Kind> kinds[] = {
        {'\0', Entry::Kind::regular},      {'0', Entry::Kind::regular},
        {'7', Entry::Kind::regular},       {'1', Entry::Kind::hard_link},
        {'2', Entry::Kind::symbolic_link}, {'3', Entry::Kind::character_device},
        {'4', Entry::Kind::block_device},  {'5', Entry::Kind::directory},
        {'6', Entry::Kind::fifo},
    };
    for (const auto& [type, kind] : kinds)
        EXPECT_EQ(entry_in(tar_entry({.name = "x", .type = type, .target = "y"})).kind, kind);
    for (const char type : std::string("89ABDMNVXZ~"))
        EXPECT_EQ(words_of(tar_entry({.name = "x", .type = type})),
                  fmt::format("it is of type '{}', which no layer may have", type));
}

TEST(TarHeader, JoinsThePrefixOfUstarAlone) {
    const std::string name(100, 'n');
    const std::string prefix(155, 'p');
    EXPECT_EQ(entry_in(tar_entry({.name = name, .prefix = prefix})).path, prefix + "/" + name);
    EXPECT_EQ(entry_in(tar_entry({.name = name, .magic = kGnu, .prefix = "p"})).path, name);
    EXPECT_EQ(entry_in(tar_entry({.name = "v7", .magic = ""})).path, "v7");
}

TEST(TarHeader, TakesLongNamesOfGnuAndOfPax) {
    const std::string name(300, 'n');
    const std::string file = tar_entry({.name = "short", .type = '2', .target = "target"});
    EXPECT_EQ(entry_in(tar_long_name(name) + file).path, name);
    EXPECT_EQ(entry_in(tar_long_name(name, 'K') + file).target, name);
    EXPECT_EQ(entry_in(tar_pax({{"path", name}, {"linkpath", "other"}}) + file).path, name);
    EXPECT_EQ(entry_in(tar_pax({{"linkpath", "other"}}) + file).target, "other");
    EXPECT_EQ(entry_in(tar_pax({{"path", ""}}) + file).path, "short");
}

TEST(TarHeader, KeepsTheBytesOfNames) {
    const std::string nfc = "\xc3\xa9";
    const std::string nfd = "e\xcc\x81";
    for (const std::string& name : {nfc, nfd, std::string("\xff\xfe"), std::string("\x1b]0;\n")}) {
        EXPECT_EQ(entry_in(tar_entry({.name = name})).path, name);
        EXPECT_EQ(entry_in(tar_pax({{"path", name}}) + tar_entry({.name = "x"})).path, name);
        EXPECT_EQ(entry_in(tar_long_name(name) + tar_entry({.name = "x"})).path, name);
    }
}

TEST(TarHeader, RefusesToBeToldTwice) {
    const std::string file = tar_entry({.name = "x", .type = '2', .target = "y"});
    EXPECT_EQ(words_of(tar_long_name("a") + tar_long_name("b") + file), "it has two long names");
    EXPECT_EQ(words_of(tar_pax({{"path", "a"}}) + tar_long_name("b") + file),
              "it has two long names");
    EXPECT_EQ(words_of(tar_pax({{"linkpath", "a"}}) + tar_long_name("b", 'K') + file),
              "it has two long names");
    EXPECT_EQ(words_of(tar_pax({}) + tar_pax({}) + file), "it has two pax headers");
    EXPECT_EQ(words_of(tar_pax({{"uid", "1"}}) + tar_long_name("b") + file), "ok");
}

TEST(TarHeader, PassesOverGlobalHeaders) {
    const Entry entry =
        entry_in(tar_pax({{"path", "other"}, {"comment", "0123"}, {"uid", "7"}}, 'g') +
                 tar_entry({.name = "x"}));
    EXPECT_EQ(entry.path, "x");
    EXPECT_EQ(entry.uid, 0U);
}

TEST(TarHeader, BelievesPaxNumbersOverItsOwn) {
    const std::string pax = tar_pax({{"size", "10"}, {"uid", "70000"}, {"mtime", "-0.5"}});
    Result<TarHeader> header = read_tar_header(pax + tar_entry({.name = "x"}));
    ASSERT_TRUE(header);
    EXPECT_EQ(header->stored, 10U);
    EXPECT_EQ(header->entry.size, 10U);
    EXPECT_EQ(header->entry.uid, 70000U);
    EXPECT_EQ(header->entry.modified, (Moment{.seconds = -1, .nanoseconds = 500'000'000}));
    EXPECT_EQ(header->length, 3 * kTarBlock);
}

TEST(TarHeader, ReadsNumbersInEveryFormThatTarsHave) {
    EXPECT_EQ(entry_in(with_field(kUid, "    17 \0")).uid, 15U);
    EXPECT_EQ(entry_in(with_field(kUid, "00000017")).uid, 15U) << "no terminator";
    EXPECT_EQ(entry_in(with_field(kUid, std::string(8, '\0'))).uid, 0U);
    EXPECT_EQ(entry_in(with_field(kUid, std::string("\x80\0\0\0\0\x01\x11\x70", 8))).uid, 70000U);
    EXPECT_EQ(entry_in(with_field(kTime, std::string(12, '\xff'))).modified.seconds, -1);
    EXPECT_EQ(entry_in(with_field(kMode, "0100644")).mode, 0644U) << "with the type of the file";
    EXPECT_EQ(
        read_tar_header(with_field(kSize, std::string("\x80\0\0\0\0\0\0\2\0\0\0\0", 12)))->stored,
        8589934592U);
}

TEST(TarHeader, RefusesNumbersThatAreNone) {
    EXPECT_EQ(words_of(with_field(kUid, "12x")),
              "its user id is not a number that may stand there: '12x0000\\x00'");
    for (const std::string& size :
         {std::string(12, '\xff'), "-" + std::string(10, '0'),
          std::string("\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12),
          std::string("0x000000000")})
        EXPECT_TRUE(words_of(with_field(kSize, size)).starts_with("its size is not a number"));
    EXPECT_NE(words_of(with_field(kUid, std::string("\x80\0\0\0\xff\xff\xff\xff", 8))), "ok");
    EXPECT_NE(
        words_of(with_field(kTime, std::string("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12))),
        "ok");
}

TEST(TarHeader, ChecksItsSum) {
    EXPECT_EQ(words_of(tar_entry({.name = "x", .damage = {{0, "y"}}})),
              "the checksum of its header is wrong");
    // Historic tars added bytes as signed: each of these two is 256 less.
    const std::string name = "\xc3\xa9";
    const std::string block = tar_entry({.name = name});
    const std::string plain = block.substr(kChecksum, 6);
    const std::string with_sign = fmt::format("{:06o}", std::stoul(plain, nullptr, 8) - 512);
    EXPECT_EQ(words_of(tar_entry({.name = name, .damage = {{kChecksum, with_sign}}})), "ok");
}

TEST(TarHeader, RefusesNamesThatCannotBe) {
    EXPECT_EQ(words_of(tar_entry({.name = ""})), "it has no name");
    EXPECT_EQ(words_of(tar_long_name(std::string("a\0b", 3)) + tar_entry({.name = "x"})),
              "its long name 'a' contains a NUL byte");
    EXPECT_EQ(words_of(tar_long_name(std::string(4095, 'n')) + tar_entry({.name = "x"})), "ok");
    EXPECT_EQ(words_of(tar_long_name(std::string(4096, 'n')) + tar_entry({.name = "x"})),
              "its name or its link's is longer than 4095 bytes");
    EXPECT_EQ(words_of(tar_entry({.name = "x", .type = '2'})), "it links to nothing");
}

TEST(TarHeader, TakesASlashAtTheEndForAFolder) {
    EXPECT_EQ(entry_in(tar_entry({.name = "a/", .magic = ""})).kind, Entry::Kind::directory);
    EXPECT_EQ(words_of(tar_entry({.name = "a/"}, "text")),
              "its name is a folder's, and it has content");
}

TEST(TarHeader, GivesNothingButRegularFilesContent) {
    for (const char type : std::string("123456")) {
        const std::string block = tar_entry(
            {.name = "x", .type = type, .target = "y", .patches = {{kSize, "00000001000"}}});
        EXPECT_EQ(read_tar_header(block)->stored, 0U) << type;
    }
}

TEST(TarHeader, KnowsGnuSparseFiles) {
    Result<TarHeader> header = read_tar_header(tar_entry(
        {.name = "x", .type = 'S', .magic = kGnu, .patches = {{kGnuRealSize, "00000100000"}}},
        "data"));
    ASSERT_TRUE(header) << header.error().text();
    EXPECT_EQ(header->stored, 4U);
    EXPECT_EQ(header->entry.size, 32768U);
    EXPECT_TRUE(header->sparse);
    EXPECT_NE(words_of(tar_entry({.name = "x", .type = 'S'})), "ok");
}

TEST(TarHeader, RefusesExtensionsThatAreTooLargeOrCutShort) {
    EXPECT_EQ(words_of(tar_entry({.name = "x", .type = 'x', .patches = {{kSize, "00040000000"}}})),
              "a header before it has 8388608 bytes, more than 1048576");
    EXPECT_EQ(words_of(tar_pax({{"path", "x"}})), "its headers are cut short");
    EXPECT_EQ(words_of(tar_pax({{"path", "x"}}).substr(0, 512)), "its headers are cut short");
    EXPECT_EQ(words_of(""), "its headers are cut short");
}

}  // namespace
}  // namespace sbx::archive
