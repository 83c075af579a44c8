#include "image/unpack_message.h"

#include <gtest/gtest.h>

namespace sbx::image {
namespace {

TEST(UnpackMessage, ARequestArrivesAsItWas) {
    const Result<UnpackRequest> request = parse_request(pack(
        {.number = 7, .name = "ab\"c", .size = 1ULL << 40, .limits = {.bytes = 5, .entries = 6}}));
    ASSERT_TRUE(request) << request.error().text();
    EXPECT_EQ(request->verb, UnpackRequest::Verb::unpack);
    EXPECT_EQ(request->number, 7U);
    EXPECT_EQ(request->name, "ab\"c");
    EXPECT_EQ(request->size, 1ULL << 40);
    EXPECT_EQ(request->limits.bytes, 5U);
    EXPECT_EQ(request->limits.entries, 6U);
    EXPECT_EQ(parse_request(pack({.verb = UnpackRequest::Verb::abandon, .number = 8}))->verb,
              UnpackRequest::Verb::abandon);
}

TEST(UnpackMessage, AnAnswerArrivesAsItWas) {
    const oci::Digest digest = oci::Digest::of("x");
    const Result<Unpacked> good = parse_answer(pack(Unpacked{.diff_id = digest, .bytes = 3}));
    ASSERT_TRUE(good) << good.error().text();
    EXPECT_EQ(good->diff_id, digest);
    EXPECT_EQ(good->bytes, 3U);
    const Result<Unpacked> bad = parse_answer(
        pack(Result<Unpacked>(Error(Error::Kind::unsupported, "no such thing").hint("try"))));
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().text(), "no such thing");
    EXPECT_EQ(bad.error().hint(), "try");
    EXPECT_EQ(bad.error().kind(), Error::Kind::unsupported);
}

TEST(UnpackMessage, AnAnswerOfATakenOverWorkerDoesNoHarm) {
    for (const char* bytes : {"", "x", "u", "u{}", "u{\"diff_id\":\"sha256:../../x\"}", "e"})
        EXPECT_FALSE(parse_answer(bytes)) << bytes;
    const Result<Unpacked> escapes =
        parse_answer(pack(Result<Unpacked>(Error(Error::Kind::failed, "\x1b[2J"))));
    EXPECT_EQ(escapes.error().text(), "\\x1b[2J");
}

}  // namespace
}  // namespace sbx::image
