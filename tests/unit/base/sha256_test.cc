#include "base/sha256.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx {
namespace {

using test::fails_saying;
using test::succeeds;

constexpr const char* kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

// The vectors of FIPS 180-4.
TEST(Sha256, IsThatOfTheStandard) {
    EXPECT_EQ(sha256_hex(""), kOfNothing);
    EXPECT_EQ(sha256_hex("abc"), kOfAbc);
    EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, DoesNotDependOnThePiecesThatBytesComeIn) {
    Sha256 hash;
    for (const char* piece : {"a", "", "bc"})
        hash.add(piece);
    EXPECT_EQ(std::move(hash).hex(), kOfAbc);
}

TEST(Sha256, GoesOnWhereItWasMovedFrom) {
    Sha256 first;
    first.add("ab");
    Sha256 second = std::move(first);
    second.add("c");
    EXPECT_EQ(std::move(second).hex(), kOfAbc);
}

struct Encoded {
    std::string_view bytes;
    std::string_view text;
};

class Base64 : public testing::TestWithParam<Encoded> {};

TEST_P(Base64, GoesBothWays) {
    EXPECT_EQ(base64(GetParam().bytes), GetParam().text);
    const Result<std::string> bytes = unbase64(GetParam().text);
    ASSERT_TRUE(succeeds(bytes));
    EXPECT_EQ(*bytes, GetParam().bytes);
}

// The vectors of RFC 4648, section 10, and bytes that are no text.
INSTANTIATE_TEST_SUITE_P(All, Base64,
                         testing::Values(Encoded{"", ""}, Encoded{"f", "Zg=="},
                                         Encoded{"fo", "Zm8="}, Encoded{"foo", "Zm9v"},
                                         Encoded{"foob", "Zm9vYg=="}, Encoded{"fooba", "Zm9vYmE="},
                                         Encoded{"foobar", "Zm9vYmFy"},
                                         Encoded{{"\0\xff\0\xfe", 4}, "AP8A/g=="}));

class BadBase64 : public testing::TestWithParam<std::string_view> {};

TEST_P(BadBase64, IsRefused) {
    EXPECT_TRUE(fails_saying(unbase64(GetParam()), "not valid base64")) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(All, BadBase64,
                         testing::Values("Z", "Zg", "Zg=", "Zg==Z", "Z*==", "Zm9v-", "Zm_v",
                                         "====", "Z===", "=Zm9", "Zg==Zg==", "Zg==    ", "    Zm9v",
                                         "Zm9v\n\n\n\n", std::string_view("Zm9v\0\0\0\0", 8)));

}  // namespace
}  // namespace sbx
