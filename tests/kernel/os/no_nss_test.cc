// The library as sbx is linked: static, with a linker to which a warning is an error, so that no
// name service module and no dlopen(3) gets in by way of another library.
#include <dlfcn.h>
#include <netdb.h>

#include <gtest/gtest.h>

#include "registry/client.h"

namespace sbx {
namespace {

TEST(NoNss, NothingIsLookedUpOrLoaded) {
    addrinfo* addresses = nullptr;
    EXPECT_EQ(::getaddrinfo("localhost", nullptr, nullptr, &addresses), EAI_FAIL);
    EXPECT_EQ(addresses, nullptr);
    EXPECT_EQ(::gethostbyname("localhost"), nullptr);
    EXPECT_EQ(h_errno, NO_RECOVERY);
    EXPECT_EQ(::getservbyname("http", "tcp"), nullptr);
    EXPECT_EQ(::dlopen("libc.so.6", RTLD_NOW), nullptr);
}

// No host has a label of 64 characters (RFC 1035, 2.3.4), and c-ares knows without asking anyone.
TEST(NoNss, TheLibrariesDoWithoutIt) {
    const std::string host = std::string(64, 'x') + ".invalid";
    os::Poll poll;
    Result<registry::Client> client =
        registry::Client::open(poll, registry::Routes({}, {}), {.retries = 0});
    ASSERT_TRUE(client) << client.error().text();
    const auto fetched = client->manifest(*oci::Reference::parse(host + "/a"));
    ASSERT_FALSE(fetched);
    EXPECT_TRUE(fetched.error().text().ends_with("no host is called '" + host + "'"))
        << fetched.error().text();
}

}  // namespace
}  // namespace sbx
