#include "registry/headers.h"

#include <gtest/gtest.h>

namespace sbx::registry {
namespace {

TEST(Headers, AreFoundByNameInLowerCase) {
    Headers headers;
    for (const char* line : {"HTTP/1.1 200 OK", "Content-Type:  text/html \r\n", "Bad Name: x",
                             "\r\n", "WWW-Authenticate: Basic", "www-authenticate: Bearer"})
        headers.add_line(line);
    EXPECT_EQ(headers.find("content-type"), "text/html");
    EXPECT_EQ(headers.find("bad name"), "");
    EXPECT_EQ(headers.all("www-authenticate").size(), 2U);
}

TEST(ContentRange, IsRead) {
    const Result<ContentRange> whole = parse_content_range("bytes 5-9/10");
    ASSERT_TRUE(whole) << whole.error().text();
    EXPECT_EQ(whole->first, 5U);
    EXPECT_EQ(whole->last, 9U);
    EXPECT_EQ(whole->size, 10U);
    const Result<ContentRange> open = parse_content_range("bytes 0-0/*");
    ASSERT_TRUE(open);
    EXPECT_FALSE(open->size);
}

TEST(ContentRange, OfAnyOtherFormIsRefused) {
    for (const char* value :
         {"", "bytes", "bytes */10", "bytes 5-9", "bytes 9-5/10", "bytes 5-9/9", "bytes -5-9/10",
          "bytes 5-9/10 x", "bytes 5-99999999999999999999/*", "items 0-1/2", "bytes 05-9/10",
          "bytes 5-/10", "bytes=5-9/10", "bytes 5-9/-0", "bytes 5-9/10, bytes 5-9/10"}) {
        const Result<ContentRange> range = parse_content_range(value);
        ASSERT_FALSE(range) << value;
        EXPECT_TRUE(range.error().text().contains("is not a range of bytes"));
    }
}

struct Field {
    const char* text;
    const char* next;
};

class Links : public testing::TestWithParam<Field> {};

TEST_P(Links, LeadToTheNextPage) {
    const Result<std::optional<std::string>> next = next_link(GetParam().text);
    ASSERT_TRUE(next) << next.error().text();
    EXPECT_EQ(next->value_or("none"), GetParam().next);
}

INSTANTIATE_TEST_SUITE_P(
    All, Links,
    testing::Values(Field{"", "none"},
                    Field{"</v2/a?n=1&last=x>; rel=\"next\"", "/v2/a?n=1&last=x"},
                    Field{"</a>; REL=next", "/a"}, Field{"</a>; rel=prev, </b>;rel=next", "/b"},
                    Field{"</a,b;c>; title=\"x, <y>; z\"; rel=\"next\"", "/a,b;c"},
                    Field{"</a>", "none"}, Field{"</a>; crossorigin; rel = \"next\"", "/a"}));

TEST(Links, ThatCannotBeReadAreRefused) {
    for (const char* value : {"x", "<x", "<x>; rel=\"next", "<x>; rel=prev y"})
        EXPECT_FALSE(next_link(value)) << value;
}

TEST(MediaType, GoesWithoutParameters) {
    EXPECT_EQ(media_type("Text/HTML ; charset=utf-8"), "text/html");
    EXPECT_EQ(media_type(""), "");
}

}  // namespace
}  // namespace sbx::registry
