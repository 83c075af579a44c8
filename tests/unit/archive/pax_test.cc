#include "archive/pax.h"

#include <gtest/gtest.h>

#include "support/tar_writer.h"

namespace sbx::archive {
namespace {

using test::pax_record;

std::string words_of(const std::string& records) {
    const Result<PaxValues> values = parse_pax(records);
    return values ? "ok" : values.error().text();
}

TEST(Pax, ReadsWhatMeansSomethingHere) {
    const Result<PaxValues> values = parse_pax(
        pax_record("path", "a/b") + pax_record("linkpath", "c") + pax_record("size", "8589934592") +
        pax_record("uid", "4294967294") + pax_record("gid", "7") + pax_record("mtime", "12.5") +
        pax_record("SCHILY.xattr.user.x", std::string("\0\n=", 3)) +
        pax_record("comment", "of no use") + pax_record("VENDOR.key", "neither"));
    ASSERT_TRUE(values) << values.error().text();
    EXPECT_EQ(values->path, "a/b");
    EXPECT_EQ(values->target, "c");
    EXPECT_EQ(values->size, 8589934592U);
    EXPECT_EQ(values->uid, 4294967294U);
    EXPECT_EQ(values->gid, 7U);
    EXPECT_EQ(values->modified, (Moment{.seconds = 12, .nanoseconds = 500'000'000}));
    ASSERT_EQ(values->attributes.size(), 1U);
    EXPECT_EQ(values->attributes[0].first, "user.x");
    EXPECT_EQ(values->attributes[0].second, std::string("\0\n=", 3));
}

TEST(Pax, CountsTimesBefore1970Backwards) {
    const Result<PaxValues> values = parse_pax(pax_record("mtime", "-1.25"));
    ASSERT_TRUE(values);
    EXPECT_EQ(values->modified, (Moment{.seconds = -2, .nanoseconds = 750'000'000}));
}

TEST(Pax, TheLastOfTwoRecordsCountsAndAnEmptyOneUnsets) {
    EXPECT_EQ(parse_pax(pax_record("path", "a") + pax_record("path", "b"))->path, "b");
    EXPECT_EQ(parse_pax(pax_record("path", "a") + pax_record("path", ""))->path, std::nullopt);
    EXPECT_EQ(parse_pax(pax_record("uid", "1") + pax_record("uid", ""))->uid, std::nullopt);
}

TEST(Pax, RefusesLengthsThatLie) {
    for (const char* records : {"x", "8 path=a\n", "11 path=a\n", "5 a=b\n", "6 a=b", "6a=b\n",
                                "-6 a=b\n", "+6 a=b\n", " 6 a=b\n", "99999999999999999999 a=b\n",
                                "0 a=b\n", "2 \n", "4 =b\n", "5 ab\n", "1\n", "6"})
        EXPECT_TRUE(words_of(records).starts_with("its pax header is malformed at '")) << records;
    EXPECT_EQ(words_of(std::string("8 a\0b=c\n", 8)),
              "its pax header is malformed at '8 a\\x00b=c\\x0a'");
}

TEST(Pax, RefusesNumbersOutOfRange) {
    for (const char* id : {"-1", "4294967295", "4294967296", "0x1", " 1", "1 ", "1e3", "abc"})
        EXPECT_EQ(words_of(pax_record("uid", id)),
                  fmt::format("its pax record 'uid={}' is not a number from 0 to 4294967294", id));
    EXPECT_NE(words_of(pax_record("size", "-1")), "ok");
    EXPECT_NE(words_of(pax_record("size", "9223372036854775808")), "ok");
    for (const char* time : {"1e20", "100000000000000000000", "253402300800", "1.2.3", "1.-5", ""})
        EXPECT_EQ(words_of(pax_record("mtime", time)) == "ok", *time == '\0') << time;
}

TEST(Pax, RefusesNamesWithANul) {
    EXPECT_EQ(words_of(pax_record("path", std::string("a\0b", 3))),
              "its pax record 'path=a\\x00b' contains a NUL byte");
    EXPECT_NE(words_of(pax_record("linkpath", std::string("a\0b", 3))), "ok");
}

TEST(Pax, KnowsTheSparseFormatsOfGnuTarAlone) {
    EXPECT_EQ(words_of(pax_record("GNU.sparse.major", "1") + pax_record("GNU.sparse.minor", "0")),
              "ok");
    EXPECT_NE(words_of(pax_record("GNU.sparse.major", "1") + pax_record("GNU.sparse.minor", "1")),
              "ok");
    EXPECT_NE(words_of(pax_record("GNU.sparse.major", "2")), "ok");
}

}  // namespace
}  // namespace sbx::archive
