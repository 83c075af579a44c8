#include "registry/redirect.h"

#include <gtest/gtest.h>

namespace sbx::registry {
namespace {

std::string target_of(const char* from, const char* location) {
    const Result<Url> target = redirect_target(*Url::parse(from), location);
    return target ? target->text() : target.error().text();
}

TEST(Redirects, LeadToAnyHost) {
    EXPECT_EQ(target_of("https://h/v2/a", "https://cdn.example/x?sig=1"),
              "https://cdn.example/x?sig=1");
    EXPECT_EQ(target_of("https://h/v2/a", "/b"), "https://h/b");
    EXPECT_EQ(target_of("http://h/v2/a", "https://h/b"), "https://h/b");
}

TEST(Redirects, AreRefused) {
    EXPECT_EQ(target_of("https://h/", ""), "'h' redirects, but not to anywhere");
    EXPECT_EQ(target_of("https://h/", "http://h/"),
              "'h' redirects from https to plain http, at 'h'");
    EXPECT_EQ(
        target_of("https://h/", "file:///etc/passwd"),
        "'h' redirects: 'file:///etc/passwd' is not a URL that is followed: 'file' is neither "
        "http nor https");
}

TEST(Redirects, AreTheseStatuses) {
    for (const int status : {301, 302, 303, 307, 308})
        EXPECT_TRUE(is_redirect(status));
    for (const int status : {200, 300, 304, 305, 401})
        EXPECT_FALSE(is_redirect(status));
}

}  // namespace
}  // namespace sbx::registry
