#include "oci/digest.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::oci {
namespace {

using namespace std::string_view_literals;
using test::fails_saying;
using test::succeeds;

const std::string kHex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Digest, IsThatOfItsBytes) {
    EXPECT_EQ(Digest::of("abc").hex(), kHex);
    EXPECT_EQ(Digest::of("abc").text(), "sha256:" + kHex);
    EXPECT_EQ(Digest::of("abc").short_hex(), "ba7816bf8f01");
}

TEST(Digest, IsReadFromItsTextAndFromItsHex) {
    EXPECT_EQ(*Digest::parse("sha256:" + kHex), Digest::of("abc"));
    EXPECT_EQ(*Digest::from_hex(kHex), Digest::of("abc"));
    EXPECT_NE(*Digest::from_hex(kHex), Digest::of("abcd"));
    EXPECT_LT(Digest::of("abc"), Digest::of(""));
}

TEST(Digest, NamesTheTextThatIsNone) {
    EXPECT_TRUE(fails_saying(Digest::parse("md5:00"), "'md5:00' is not a digest: it has to begin"));
    EXPECT_TRUE(fails_saying(Digest::from_hex("xy"), "'xy' is not a digest: 64 lower-case hex"));
}

class BadDigests : public testing::TestWithParam<std::string> {};

TEST_P(BadDigests, AreRefused) {
    EXPECT_TRUE(fails_saying(Digest::parse(GetParam()), "is not a digest"));
    EXPECT_TRUE(fails_saying(Digest::from_hex(GetParam()), "is not a digest"));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadDigests,
    testing::Values("", "sha256", "sha256:", "sha256:00", "SHA256:" + kHex, "sha512:" + kHex,
                    "sha256:sha256:" + kHex, "sha256:" + kHex + "0", "sha256:" + kHex.substr(1),
                    "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
                    "sha256:../../../../../../../../../../../../../../../../../../etc/passwd0",
                    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\0"sv));

TEST(Hex, IsLowerCaseAndNotNothing) {
    EXPECT_TRUE(is_hex("0123456789abcdef"));
    for (const std::string_view text : {"", "A", "g", "0x1", " 1"})
        EXPECT_FALSE(is_hex(text)) << text;
}

}  // namespace
}  // namespace sbx::oci
