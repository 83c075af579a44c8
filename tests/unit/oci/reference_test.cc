#include "oci/reference.h"

#include <gtest/gtest.h>

namespace sbx::oci {
namespace {

struct Named {
    const char* text;
    const char* full;
    const char* familiar;
};

class ReferenceNames : public testing::TestWithParam<Named> {};

TEST_P(ReferenceNames, AreCompletedAsDockerDoes) {
    const Result<Reference> reference = Reference::parse(GetParam().text);
    ASSERT_TRUE(reference) << reference.error().text();
    EXPECT_EQ(reference->text(), GetParam().full);
    EXPECT_EQ(reference->familiar(), GetParam().familiar);
}

INSTANTIATE_TEST_SUITE_P(
    All, ReferenceNames,
    testing::Values(
        Named{"alpine", "docker.io/library/alpine:latest", "alpine:latest"},
        Named{"alpine:3.20", "docker.io/library/alpine:3.20", "alpine:3.20"},
        Named{"user/app", "docker.io/user/app:latest", "user/app:latest"},
        Named{"index.docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest"},
        Named{"localhost/a", "localhost/a:latest", "localhost/a:latest"},
        Named{"localhost:5000/a/b:1", "localhost:5000/a/b:1", "localhost:5000/a/b:1"},
        Named{"[::1]:5000/a", "[::1]:5000/a:latest", "[::1]:5000/a:latest"},
        Named{"ghcr.io/a__b/c-d.e", "ghcr.io/a__b/c-d.e:latest", "ghcr.io/a__b/c-d.e:latest"}));

struct Refused {
    const char* text;
    const char* why;
};

class ReferenceRefusals : public testing::TestWithParam<Refused> {};

TEST_P(ReferenceRefusals, SayWhatIsWrong) {
    const Result<Reference> reference = Reference::parse(GetParam().text);
    ASSERT_FALSE(reference) << reference->text();
    EXPECT_TRUE(reference.error().text().contains(GetParam().why)) << reference.error().text();
}

INSTANTIATE_TEST_SUITE_P(
    All, ReferenceRefusals,
    testing::Values(Refused{"", "it is empty"}, Refused{" ", "offset 0"},
                    Refused{":tag", "the name is empty"}, Refused{"Foo/Bar", "lower-case"},
                    Refused{"foo/Bar", "did you mean 'foo/bar'"},
                    Refused{"a//b", "cannot be a part"}, Refused{"/a", "cannot be a part"},
                    Refused{"a/", "cannot be a part"}, Refused{"a/../b", "cannot be a part"},
                    Refused{"./a", "not a host name"}, Refused{"host:99999/a", "not a port"},
                    Refused{"host:/a", "not a port"}, Refused{"host:0x50/a", "not a port"},
                    Refused{"[::1/a", "in brackets"}, Refused{"a:", "the tag is empty"},
                    Refused{"a:-x", "is not a tag"}, Refused{"a:tag:tag", "cannot be a part"},
                    Refused{"a@sha256:", "not a digest"}, Refused{"a@md5:00", "not a digest"},
                    Refused{"a\nb", "'\\x0a' at offset 1"},
                    Refused{"http://h/a", "without a scheme"},
                    Refused{"user:pw@h/a", "not a digest"}));

}  // namespace
}  // namespace sbx::oci
