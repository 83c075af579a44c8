#include "registry/url.h"

#include <gtest/gtest.h>

namespace sbx::registry {
namespace {

TEST(Url, IsTakenApartAndPutTogetherAgain) {
    const Result<Url> url = Url::parse("HTTPS://Registry.Example:5000/v2/a?n=1#end");
    ASSERT_TRUE(url) << url.error().text();
    EXPECT_EQ(url->origin().scheme, "https");
    EXPECT_EQ(url->origin().host, "registry.example");
    EXPECT_EQ(url->origin().port, 5000);
    EXPECT_EQ(url->target(), "/v2/a?n=1");
    EXPECT_EQ(url->text(), "https://registry.example:5000/v2/a?n=1");
    EXPECT_EQ(url->without_query(), "https://registry.example:5000/v2/a");
}

TEST(Url, LeavesOutAPortThatGoesWithoutSaying) {
    EXPECT_EQ(Url::parse("https://h:443")->text(), "https://h/");
    EXPECT_EQ(Url::parse("http://h:443")->text(), "http://h:443/");
    EXPECT_EQ(Url::parse("http://[::1]:80?q")->text(), "http://[::1]/?q");
    EXPECT_EQ(Url::parse("https://h:443/")->origin(), Url::parse("https://H/x")->origin());
}

struct Refused {
    const char* text;
    const char* why;
};

class UrlRefusals : public testing::TestWithParam<Refused> {};

TEST_P(UrlRefusals, SayWhatIsWrong) {
    const Result<Url> url = Url::parse(GetParam().text);
    ASSERT_FALSE(url) << url->text();
    EXPECT_TRUE(url.error().text().contains(GetParam().why)) << url.error().text();
}

INSTANTIATE_TEST_SUITE_P(
    All, UrlRefusals,
    testing::Values(Refused{"", "no scheme and host"}, Refused{"/v2/", "no scheme and host"},
                    Refused{"file:///etc/passwd", "'file' is neither http nor https"},
                    Refused{"https://", "is not a host"}, Refused{"https:///x", "is not a host"},
                    Refused{"http://u:p@h/", "user information"},
                    Refused{"http://h\\@evil/", "a character"},
                    Refused{"http://h:/", "has no port"}, Refused{"http://h:0/", "has no port"},
                    Refused{"http://h:65536/", "has no port"},
                    Refused{"http://h:08/", "has no port"}, Refused{"http://h..x/", "not a host"},
                    Refused{"http://[::1/", "not a host"}, Refused{"http://[]/", "not a host"},
                    Refused{"http://h%41/", "not a host"}, Refused{"http://h/a b", "a character"},
                    Refused{"http://h/\r\nX: y", "a character"},
                    Refused{"http://h/\xc3\xa9", "a character"}, Refused{"http://h/%4", "a '%'"},
                    Refused{"http://h/%zz", "a '%'"}));

struct Resolved {
    const char* reference;
    const char* text;
};

class References : public testing::TestWithParam<Resolved> {};

TEST_P(References, AreResolvedAgainstTheirPage) {
    const Result<Url> base = Url::parse("http://a/b/c/d;p?q");
    ASSERT_TRUE(base);
    const Result<Url> url = base->resolve(GetParam().reference);
    ASSERT_TRUE(url) << url.error().text();
    EXPECT_EQ(url->text(), GetParam().text);
}

// RFC 3986, section 5.4, those that stay on http.
INSTANTIATE_TEST_SUITE_P(
    All, References,
    testing::Values(Resolved{"g", "http://a/b/c/g"}, Resolved{"./g", "http://a/b/c/g"},
                    Resolved{"g/", "http://a/b/c/g/"}, Resolved{"/g", "http://a/g"},
                    Resolved{"//g", "http://g/"}, Resolved{"?y", "http://a/b/c/d;p?y"},
                    Resolved{"g?y", "http://a/b/c/g?y"}, Resolved{"#s", "http://a/b/c/d;p?q"},
                    Resolved{"", "http://a/b/c/d;p?q"}, Resolved{".", "http://a/b/c/"},
                    Resolved{"..", "http://a/b/"}, Resolved{"../g", "http://a/b/g"},
                    Resolved{"../../../g", "http://a/g"}, Resolved{"/./g", "http://a/g"},
                    Resolved{"./../g", "http://a/b/g"},
                    Resolved{"https://h:8/x#f", "https://h:8/x"}));

TEST(Url, AReferenceToAnotherSchemeIsRefused) {
    const Result<Url> base = Url::parse("http://a/b");
    ASSERT_TRUE(base);
    EXPECT_FALSE(base->resolve("file:///etc/passwd"));
    EXPECT_FALSE(base->resolve("javascript:alert(1)"));
}

TEST(PercentEncoding, LeavesNothingThatMeansAnything) {
    EXPECT_EQ(percent_encoded("a&b=c/\xff~"), "a%26b%3Dc%2F%FF~");
}

}  // namespace
}  // namespace sbx::registry
