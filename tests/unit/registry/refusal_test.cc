#include "registry/refusal.h"

#include <gtest/gtest.h>

namespace sbx::registry {
namespace {

Response response(int status, const char* type, std::string body) {
    Response response{.status = status, .body = std::move(body), .url = *Url::parse("https://h/x")};
    if (type) response.headers.add_line(std::string("Content-Type: ") + type);
    return response;
}

std::string words(int status, const char* type, std::string body) {
    return refusal(response(status, type, std::move(body))).text();
}

TEST(Refusal, QuotesTheRegistry) {
    EXPECT_EQ(
        words(404, "application/json", R"({"errors":[{"code":"X","message":"unknown tag"}]})"),
        "the registry 'h' says: unknown tag (404)");
    EXPECT_EQ(words(400, "application/json",
                    R"({"errors":[{"code":"A"},{"message":"b"},{"code":"","message":""},7]})"),
              "the registry 'h' says: A; b (400)");
    EXPECT_EQ(words(429, "application/json", R"({"details":"too many requests"})"),
              "the registry 'h' says: too many requests (429)");
    EXPECT_EQ(words(503, "text/plain; charset=utf-8", "try later\n"),
              "the registry 'h' says: try later (503)");
}

TEST(Refusal, SaysWhereNoRegistrySpoke) {
    EXPECT_EQ(words(404, "text/html", "<html>"),
              "'h' answered 404: not a registry's reply (text/html)");
    EXPECT_EQ(words(500, nullptr, ""), "'h' answered 500: not a registry's reply (no type)");
    EXPECT_EQ(words(500, "application/json", "{\"errors\":"),
              "'h' answered 500: not a registry's reply (application/json)");
    EXPECT_EQ(words(500, "x/\x1b[2J", ""), "'h' answered 500: not a registry's reply (x/\\x1b[2j)");
}

TEST(Refusal, SortsItselfForWhoTriesAgain) {
    const auto kind = [](int status) { return refusal(response(status, "a/b", "")).kind(); };
    EXPECT_EQ(kind(401), Error::Kind::denied);
    EXPECT_EQ(kind(403), Error::Kind::denied);
    EXPECT_EQ(kind(404), Error::Kind::not_found);
    EXPECT_EQ(kind(429), Error::Kind::busy);
    EXPECT_EQ(kind(502), Error::Kind::busy);
    EXPECT_EQ(kind(418), Error::Kind::failed);
}

TEST(Refusal, AdvisesToLogIn) {
    EXPECT_EQ(refusal(response(403, "a/b", "")).hint(),
              "`podman login h`, or the option --creds, if the image is private");
    EXPECT_EQ(refusal(response(404, "a/b", "")).hint(), "");
}

TEST(Refusal, IsOneLineOfPlainTextWithAnEnd) {
    const std::string text = words(404, "text/plain", "\x1b[31m\n\xff" + std::string(600, 'x'));
    EXPECT_TRUE(text.starts_with("the registry 'h' says: \\x1b[31m\\x0a\\xffxxx")) << text;
    EXPECT_LE(text.size(), kMostWords + 50);
}

}  // namespace
}  // namespace sbx::registry
