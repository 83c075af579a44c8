#include "network/http_head.h"

#include <gtest/gtest.h>

namespace sbx::network {
namespace {

using What = Spoken::What;

std::string get(const std::string& target, const std::string& fields) {
    return "GET " + target + " HTTP/1.1\r\n" + fields + "\r\n";
}

TEST(HttpHead, SaysTheHost) {
    for (const std::string& head :
         {get("/", "Host: Example.org\r\n"),
          get("/a?b", "accept: */*\r\nHOST:example.org:8080\r\n"),
          get("http://example.org/x", "Host: example.org\r\n"),
          get("http://me@example.org:80", "Host: example.org\r\n"),
          std::string("POST / HTTP/1.0\nHost: example.org\n\nbody"),
          "\r\n\n" + get("/", "host : example.org\r\n"),
          std::string("get / HTTP/1.1\nhost:example.org\n\n"),
          std::string("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n")}) {
        const Spoken spoken = name_in_http_head(head);
        EXPECT_EQ(spoken.what, What::named) << head;
        EXPECT_EQ(spoken.name, "example.org");
    }
}

TEST(HttpHead, IsReadOnceAllOfItIsThere) {
    const std::string head = get("/", "Host: example.org\r\n");
    for (std::size_t size = 0; size < head.size(); ++size)
        EXPECT_EQ(name_in_http_head(head.substr(0, size)).what, What::cut_short) << size;
}

TEST(HttpHead, HasToSayOneHost) {
    for (const std::string& head :
         {get("/", ""), get("/", "Host: a.example\r\nHost: a.example\r\n"), get("/", "Host:\r\n"),
          get("/", "Host: a b\r\n"), get("/", "Host: 192.0.2.1:80:80, x\r\nhost: b\r\n"),
          get("http://b.example/", "Host: a.example\r\n"), get("http://b.example/", ""),
          get("/", "Host: a.example\r\n b.example\r\n"), get("/", "X: y\rHost: a.example\r\n"),
          get("/", "Host: a.example\r\nHost : b.example\r\n"), std::string("GET /\r\n\r\n"),
          std::string("GET  / HTTP/1.1\r\nHost: a.example\r\n\r\n"),
          std::string("GET\t/ HTTP/1.1\r\nHost: a.example\r\n\r\n"),
          std::string("CONNECT b.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n"),
          std::string("GET / HTTP/1.0\r\n\nHost: a.example\r\n\r\n"),
          std::string("GET / HTTP/1.0\n\r\nHost: a.example\r\n\r\n")})
        EXPECT_EQ(name_in_http_head(head).what, What::nameless) << head;
}

TEST(HttpHead, IsNotWhatElseMayBeSaid) {
    for (const char* bytes :
         {"SSH-2.0-x\r\n", "PRI * HTTP/2.0\r\n\r\n", "EHLO me\r\n", "GETX", "PING", "\x16\x03\x01"})
        EXPECT_EQ(name_in_http_head(bytes).what, What::other) << bytes;
}

}  // namespace
}  // namespace sbx::network
