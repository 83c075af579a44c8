#include "oci/reference.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::oci {
namespace {

using namespace std::string_literals;
using test::fails_saying;
using test::succeeds;

const std::string kDigest =
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

struct Named {
    std::string text;
    std::string full;
    std::string familiar;
};

class ReferenceNames : public testing::TestWithParam<Named> {};

TEST_P(ReferenceNames, AreCompletedAsDockerDoes) {
    const Result<Reference> reference = Reference::parse(GetParam().text);
    ASSERT_TRUE(succeeds(reference));
    EXPECT_EQ(reference->text(), GetParam().full);
    EXPECT_EQ(reference->familiar(), GetParam().familiar);
}

TEST_P(ReferenceNames, MeanTheSameWhenTheyAreReadAgain) {
    const Reference reference = *Reference::parse(GetParam().text);
    EXPECT_EQ(*Reference::parse(reference.text()), reference);
    EXPECT_EQ(*Reference::parse(reference.familiar()), reference);
}

INSTANTIATE_TEST_SUITE_P(
    All, ReferenceNames,
    testing::Values(
        Named{"alpine", "docker.io/library/alpine:latest", "alpine:latest"},
        Named{"alpine:3.20", "docker.io/library/alpine:3.20", "alpine:3.20"},
        Named{"user/app", "docker.io/user/app:latest", "user/app:latest"},
        Named{"docker.io/localhost/a", "docker.io/localhost/a:latest",
              "docker.io/localhost/a:latest"},
        Named{"docker.io/a.b/c", "docker.io/a.b/c:latest", "docker.io/a.b/c:latest"},
        Named{"index.docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest"},
        Named{"docker.io/library/alpine", "docker.io/library/alpine:latest", "alpine:latest"},
        Named{"localhost", "docker.io/library/localhost:latest", "localhost:latest"},
        Named{"localhost:5000", "docker.io/library/localhost:5000", "localhost:5000"},
        Named{"localhost/a", "localhost/a:latest", "localhost/a:latest"},
        Named{"localhost:5000/a/b:1", "localhost:5000/a/b:1", "localhost:5000/a/b:1"},
        Named{"[::1]:5000/a", "[::1]:5000/a:latest", "[::1]:5000/a:latest"},
        Named{"[::1]/a:1", "[::1]/a:1", "[::1]/a:1"},
        Named{"ghcr.io/a__b/c-d.e--f", "ghcr.io/a__b/c-d.e--f:latest",
              "ghcr.io/a__b/c-d.e--f:latest"},
        Named{"Host.example/a", "Host.example/a:latest", "Host.example/a:latest"},
        Named{"a:T_a.g-1", "docker.io/library/a:T_a.g-1", "a:T_a.g-1"},
        Named{"abcdef012345", "docker.io/library/abcdef012345:latest", "abcdef012345:latest"},
        Named{"h.io/" + kDigest.substr(7), "h.io/" + kDigest.substr(7) + ":latest",
              "h.io/" + kDigest.substr(7) + ":latest"},
        Named{"a@" + kDigest, "docker.io/library/a@" + kDigest, "a@" + kDigest},
        Named{"library/" + kDigest, "docker.io/library/" + kDigest, "library/" + kDigest},
        Named{"h.io/a:1@" + kDigest, "h.io/a:1@" + kDigest, "h.io/a:1@" + kDigest},
        Named{"a:" + std::string(128, 't'), "docker.io/library/a:" + std::string(128, 't'),
              "a:" + std::string(128, 't')},
        Named{"h.io/" + std::string(250, 'a'), "h.io/" + std::string(250, 'a') + ":latest",
              "h.io/" + std::string(250, 'a') + ":latest"}));

struct Refused {
    std::string text;
    std::string why;
};

class ReferenceRefusals : public testing::TestWithParam<Refused> {};

TEST_P(ReferenceRefusals, SayWhatIsWrong) {
    EXPECT_TRUE(fails_saying(Reference::parse(GetParam().text), GetParam().why)) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, ReferenceRefusals,
    testing::Values(
        Refused{"", "it is empty"}, Refused{" ", "offset 0"}, Refused{":tag", "the name is empty"},
        Refused{"@" + kDigest, "the name is empty"}, Refused{"Foo/Bar", "lower-case"},
        Refused{"foo/Bar", "did you mean 'foo/bar'"}, Refused{"a//b", "cannot be a part"},
        Refused{"/a", "cannot be a part"}, Refused{"a/", "cannot be a part"},
        Refused{"a/../b", "cannot be a part"}, Refused{"a___b", "cannot be a part"},
        Refused{"a._b", "cannot be a part"}, Refused{"-a", "cannot be a part"},
        Refused{"a-", "cannot be a part"}, Refused{"./a", "not a host name"},
        Refused{"../a", "not a host name"}, Refused{"a..b/c", "not a host name"},
        Refused{"-a.b/c", "not a host name"}, Refused{"a_b.c/d", "not a host name"},
        Refused{"host:99999/a", "not a port"}, Refused{"host:/a", "not a port"},
        Refused{"host:0/a", "not a port"}, Refused{"host:0x50/a", "not a port"},
        Refused{"a:1:2/b", "not a port"}, Refused{"[::1/a", "in brackets"},
        Refused{"[]/a", "cannot be a part"}, Refused{"[::g]/a", "in brackets"},
        Refused{"[..:1]/a", "in brackets"}, Refused{"[::1]x/a", "a ':' belongs behind the ']'"},
        Refused{"[::1]:/a", "not a port"}, Refused{"a:", "the tag is empty"},
        Refused{"a:-x", "is not a tag"}, Refused{"a:.x", "is not a tag"},
        Refused{"a:" + std::string(129, 't'), "longer than 128"},
        Refused{"a:tag:tag", "cannot be a part"}, Refused{"a:t/g", "not a port"},
        Refused{"a@", "not a digest"}, Refused{"a@sha256:", "not a digest"},
        Refused{"a@md5:00", "not a digest"}, Refused{"a@" + kDigest + "0", "not a digest"},
        Refused{"a@" + kDigest.substr(0, 70), "not a digest"},
        Refused{"a@" + kDigest + "@" + kDigest, "not a digest"},
        Refused{kDigest, "it is an image id"}, Refused{kDigest.substr(7), "it is an image id"},
        Refused{std::string(301, 'a'), "longer than 255"}, Refused{"a\nb", "'\\x0a' at offset 1"},
        Refused{"a%2fb", "'%' at offset 1"}, Refused{"a b", "' ' at offset 1"},
        Refused{"a\x1b[31m", "'\\x1b' at offset 1"}, Refused{"\xd0\xb0pp", "'\\xd0' at offset 0"},
        Refused{"a\0b"s, "'\\x00' at offset 1"}, Refused{"http://h/a", "without a scheme"},
        Refused{"docker://h/a", "without a scheme"}, Refused{"user:pw@h/a", "not a digest"}));

TEST(Reference, HasItsParts) {
    const Reference reference = *Reference::parse("localhost:5000/a/b:1@" + kDigest);
    EXPECT_EQ(reference.domain(), "localhost:5000");
    EXPECT_EQ(reference.path(), "a/b");
    EXPECT_EQ(reference.repository(), "localhost:5000/a/b");
    EXPECT_EQ(reference.tag(), "1");
    EXPECT_EQ(reference.digest()->text(), kDigest);
}

TEST(Reference, OfADigestAloneHasNoTag) {
    EXPECT_EQ(Reference::parse("a@" + kDigest)->tag(), "");
    EXPECT_FALSE(Reference::parse("a")->digest());
}

TEST(Reference, TakesADigestBesideItsTag) {
    const Reference pinned = Reference::parse("a:1")->with_digest(*Digest::parse(kDigest));
    EXPECT_EQ(pinned.familiar(), "a:1@" + kDigest);
}

TEST(Domain, IsOneThatCouldBeNoUser) {
    for (const char* name : {"a.b/c", "a:1/c", "localhost/c", "Upper/c"})
        EXPECT_TRUE(has_domain(name)) << name;
    for (const char* name : {"a", "a.b", "a/b", "a/b.c", "localhost"})
        EXPECT_FALSE(has_domain(name)) << name;
}

}  // namespace
}  // namespace sbx::oci
