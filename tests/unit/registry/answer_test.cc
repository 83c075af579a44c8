#include "registry/answer.h"

#include <gtest/gtest.h>

namespace sbx::registry {
namespace {

TEST(Answer, KeepsTheHeadersOfTheLastStatusLine) {
    Request request{.url = *Url::parse("http://h/")};
    Answer answer(request);
    for (const char* line : {"HTTP/1.1 100 Continue", "X: first", "", "HTTP/1.1 200 OK", "X: last"})
        ASSERT_TRUE(answer.add_header(line));
    EXPECT_EQ(answer.response().headers.find("x"), "last");
}

TEST(Answer, HasALimitOnAllItsHeadersTogether) {
    Request request{.url = *Url::parse("http://h/")};
    Answer answer(request);
    Result<> added = {};
    int lines = 0;
    for (; added && lines < 100'000; ++lines)
        added = answer.add_header("HTTP/1.1 103 Early Hints");
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().text(), "'h' sends more than 65536 bytes of headers");
    EXPECT_LT(lines, 4000);
}

TEST(Answer, HasALimitOnABodyThatIsKept) {
    Request request{.url = *Url::parse("http://h/"), .limit = 10};
    Answer answer(request);
    EXPECT_TRUE(answer.add_body(200, "0123456789"));
    const Result<> more = answer.add_body(200, "x");
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().text(), "'h' sends more than 10 bytes");
    EXPECT_FALSE(answer.cut_short());
}

TEST(Answer, KeepsEnoughOfARefusal) {
    Request request{.url = *Url::parse("http://h/"), .limit = 10};
    Answer answer(request);
    EXPECT_TRUE(answer.add_body(404, "it is not here at all"));
    EXPECT_FALSE(answer.add_body(404, std::string(100'000, 'x')));
    EXPECT_TRUE(answer.cut_short());
    EXPECT_EQ(answer.response().body, "it is not here at all");
}

TEST(Answer, GivesAStreamWhatItIsFor) {
    std::string streamed;
    Request::Stream stream = [&](const Response& head, std::string_view bytes) -> Result<> {
        streamed += fmt::format("{}:{};", head.status, bytes);
        return {};
    };
    Request request{.url = *Url::parse("http://h/"), .stream = &stream};
    Answer answer(request);
    EXPECT_TRUE(answer.add_body(206, "a"));
    EXPECT_TRUE(answer.add_body(200, "b"));
    EXPECT_TRUE(answer.add_body(503, "c"));
    EXPECT_EQ(streamed, "206:a;200:b;");
    EXPECT_EQ(answer.response().body, "c");
}

}  // namespace
}  // namespace sbx::registry
