#include "oci/seccomp.h"

#include <gtest/gtest.h>

#include "oci/members.h"
#include "support/results.h"

namespace sbx::oci {
namespace {

using test::fails_saying;
using test::succeeds;

template <class T>
Result<T> read(std::string_view text) {
    return read_document<T>(TRY(Json::parse(text)));
}

TEST(Seccomp, IsTheJsonOfTheSpecification) {
    const std::string_view text =
        R"({"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":0,)"
        R"("architectures":["SCMP_ARCH_X86_64"],"flags":["SECCOMP_FILTER_FLAG_TSYNC"],)"
        R"("listenerPath":"/run/s","listenerMetadata":"m",)"
        R"("syscalls":[{"names":["a","b"],"action":"SCMP_ACT_TRACE","errnoRet":65535,)"
        R"("args":[{"index":5,"value":18446744073709551615,"op":"SCMP_CMP_NE"}]}]})";
    const Result<Seccomp> seccomp = read<Seccomp>(text);
    ASSERT_TRUE(succeeds(seccomp));
    EXPECT_EQ(seccomp->default_errno_ret, 0);
    EXPECT_EQ(seccomp->syscalls[0].args[0].value, UINT64_MAX);
    EXPECT_EQ(write_document(*seccomp).dump(), text);
}

struct Bad {
    std::string_view members;
    std::string_view why;
};

class BadSeccomp : public testing::TestWithParam<Bad> {};

TEST_P(BadSeccomp, IsRefused) {
    const std::string text =
        fmt::format(R"({{"defaultAction":"SCMP_ACT_ALLOW",{}}})", GetParam().members);
    EXPECT_TRUE(fails_saying(read<Seccomp>(text), GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadSeccomp,
    testing::Values(
        Bad{R"("defaultErrnoRet":65536)", "defaultErrnoRet: 65536 is not a number"},
        Bad{R"("architectures":["x86"])", "architectures[0]: 'x86' is none of SCMP_ARCH_X86"},
        Bad{R"("flags":["SECCOMP_FILTER_FLAG_NEW"])", "flags[0]: 'SECCOMP_FILTER_FLAG_NEW' is"},
        Bad{R"("listenerMetadata":"m")", "listenerMetadata: "},
        Bad{R"("syscalls":[{"names":[],"action":"SCMP_ACT_LOG"}])", "syscalls[0].names: [] has no"},
        Bad{R"("syscalls":[{"names":["a"]}])", "syscalls[0].action: is missing"},
        Bad{R"("syscalls":[{"names":["a"],"action":"ALLOW"}])", "syscalls[0].action: 'ALLOW' is"},
        Bad{R"("syscalls":[{"names":["a"],"action":"SCMP_ACT_LOG","args":[{"index":6}]}])",
            "syscalls[0].args[0].index: 6 is not a number from 0 to 5"},
        Bad{R"("syscalls":[{"names":["a"],"action":"SCMP_ACT_LOG",)"
            R"("args":[{"index":0,"value":-1,"op":"SCMP_CMP_EQ"}]}])",
            "syscalls[0].args[0].value: -1 is not"},
        Bad{R"("syscalls":[{"names":["a"],"action":"SCMP_ACT_LOG",)"
            R"("args":[{"index":0,"value":1,"op":"=="}]}])",
            "syscalls[0].args[0].op: '==' is none of"}));

TEST(Seccomp, IsRefusedWithoutADefault) {
    EXPECT_TRUE(fails_saying(read<Seccomp>("{}"), "defaultAction: is missing"));
}

}  // namespace
}  // namespace sbx::oci
