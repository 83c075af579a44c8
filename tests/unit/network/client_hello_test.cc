#include "network/client_hello.h"

#include <gtest/gtest.h>

#include "support/speech.h"

namespace sbx::network {
namespace {

using test::client_hello;
using test::counted;
using test::server_name;
using test::word;
using What = Spoken::What;

TEST(ClientHello, SaysTheName) {
    const Spoken spoken = name_in_client_hello(
        client_hello(word(10) + counted(2, "groups") + server_name("WWW.example.org")));
    EXPECT_EQ(spoken.what, What::named);
    EXPECT_EQ(spoken.name, "www.example.org");
}

TEST(ClientHello, IsReadOnceAllOfItIsThere) {
    const std::string hello = client_hello(server_name("example.org"));
    for (std::size_t size = 0; size < hello.size(); ++size)
        EXPECT_EQ(name_in_client_hello(hello.substr(0, size)).what, What::cut_short) << size;
    EXPECT_EQ(name_in_client_hello(hello + "what follows").what, What::named);
}

TEST(ClientHello, MayBeInSeveralRecords) {
    const std::string message = client_hello(server_name("example.org")).substr(5);
    std::string records;
    for (std::size_t at = 0; at < message.size(); at += 7)
        records += "\x16" + word(0x0303) + counted(2, message.substr(at, 7));
    EXPECT_EQ(name_in_client_hello(records).name, "example.org");
    EXPECT_EQ(name_in_client_hello(records.substr(0, records.size() - 12)).what, What::cut_short);
}

TEST(ClientHello, HasToSayOneName) {
    const std::string twice =
        word(0) + counted(2, counted(2, std::string(1, '\0') + counted(2, "a.example") +
                                            std::string(1, '\0') + counted(2, "b.example")));
    for (const std::string& extensions :
         {std::string(), server_name(""), server_name("a b"), server_name(std::string("a\0b", 3)),
          server_name("a.example") + server_name("b.example"), twice, word(0) + counted(2, ""),
          server_name("a.example") + "cut"})
        EXPECT_EQ(name_in_client_hello(client_hello(extensions)).what, What::nameless);
}

TEST(ClientHello, IsNotWhatElseMayBeSaid) {
    std::string other_message = client_hello(server_name("a.example"));
    other_message[5] = 2;
    std::string other_version = client_hello(server_name("a.example"));
    other_version[1] = 2;
    std::string huge = client_hello(server_name("a.example"));
    huge[6] = 1;
    for (const std::string& bytes :
         {std::string("GET / HTTP/1.1\r\n"), std::string("SSH-2.0-x"), std::string("\x15\x03\x01")})
        EXPECT_EQ(name_in_client_hello(bytes).what, What::other);
    for (const std::string& bytes :
         {other_message, other_version, huge, "\x16\x03\x01" + word(0) + "x"})
        EXPECT_EQ(name_in_client_hello(bytes).what, What::nameless) << "others may make more of it";
}

}  // namespace
}  // namespace sbx::network
