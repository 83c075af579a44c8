#include "container/security.h"

#include <algorithm>

#include <linux/capability.h>

#include <gtest/gtest.h>

#include "support/files.h"
#include "support/results.h"

namespace sbx::container {
namespace {

using test::fails_saying;
using test::succeeds;
using Strings = std::vector<std::string>;

constexpr os::CapabilitySet bit(int number) { return os::CapabilitySet{1} << number; }

Security parsed(const Options& options) {
    Result<Security> security = parse_security(options);
    EXPECT_TRUE(succeeds(security));
    return *std::move(security);
}

Security with(const std::string& option) { return parsed({.security = {option}}); }

bool has(const Strings& paths, std::string_view path) {
    return std::ranges::find(paths, path) != paths.end();
}

TEST(Capabilities, AreFewByDefault) {
    const Security security = parsed({});
    EXPECT_EQ(os::capability_names(security.capabilities),
              (Strings{"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
                       "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE",
                       "CAP_SYS_CHROOT", "CAP_SETFCAP"}));
    EXPECT_EQ(security.added, 0U);
}

TEST(Capabilities, AreAddedAndDroppedByName) {
    const os::CapabilitySet usual = parsed({}).capabilities;
    const Security security =
        parsed({.cap_add = {"NET_ADMIN,cap_sys_ptrace"}, .cap_drop = {"CHOWN", "CAP_KILL"}});
    EXPECT_EQ(security.capabilities, (usual | bit(CAP_NET_ADMIN) | bit(CAP_SYS_PTRACE)) &
                                         ~(bit(CAP_CHOWN) | bit(CAP_KILL)));
    EXPECT_EQ(security.added, bit(CAP_NET_ADMIN) | bit(CAP_SYS_PTRACE));
}

TEST(Capabilities, BothAddedAndDroppedAreNotThere) {
    const Security security = parsed({.cap_add = {"NET_ADMIN"}, .cap_drop = {"NET_ADMIN"}});
    EXPECT_EQ(security.capabilities & bit(CAP_NET_ADMIN), 0U);
    EXPECT_EQ(security.added, 0U);
}

TEST(Capabilities, AllButSome) {
    EXPECT_EQ(parsed({.cap_add = {"ALL"}, .cap_drop = {"SYS_ADMIN"}}).capabilities,
              os::all_capabilities() & ~bit(CAP_SYS_ADMIN));
    EXPECT_EQ(parsed({.cap_add = {"all"}}).added, 0U) << "a user other than 0 gets none by ALL";
    EXPECT_EQ(parsed({.cap_add = {"all,CHOWN"}}).added, 0U);
}

TEST(Capabilities, NoneButSome) {
    for (const char* all : {"ALL", "all", "ALL,NET_RAW"})
        EXPECT_EQ(parsed({.cap_add = {"CHOWN"}, .cap_drop = {all}}).capabilities, bit(CAP_CHOWN))
            << all;
    EXPECT_EQ(parsed({.cap_drop = {"ALL"}}).capabilities, 0U);
}

TEST(Capabilities, OfAPrivilegedContainerAreAllButTheDropped) {
    const Security security = parsed({.privileged = true, .cap_drop = {"SYS_BOOT"}});
    EXPECT_EQ(security.capabilities, os::all_capabilities() & ~bit(CAP_SYS_BOOT));
    EXPECT_TRUE(std::holds_alternative<sandbox::Unconfined>(security.seccomp));
    EXPECT_TRUE(security.masked_paths.empty());
    EXPECT_TRUE(security.read_only_paths.empty());
}

TEST(Capabilities, ThatThereAreNotAreRefused) {
    for (const char* name : {"NET_ADMN", "", "NET_ADMIN,", "5"})
        EXPECT_TRUE(fails_saying(parse_security({.cap_add = {name}}), "is not a capability"))
            << name;
    EXPECT_TRUE(fails_saying(parse_security({.cap_drop = {"NETADMIN"}}), "'NETADMIN' is not a"));
    EXPECT_TRUE(fails_saying(parse_security({.cap_add = {"ALL"}, .cap_drop = {"ALL"}}),
                             "contradict each other"));
}

TEST(Capabilities, AlmostNamedAreGuessed) {
    for (const char* name : {"NET_ADMN", "cap_net_admn", "NETADMIN"})
        EXPECT_EQ(parse_security({.cap_add = {name}}).error().hint(),
                  "did you mean 'NET_ADMIN'? The names are in capabilities(7)")
            << name;
    EXPECT_TRUE(
        parse_security({.cap_add = {"everything"}}).error().hint().starts_with("the names"));
}

TEST(SecurityOption, NoNewPrivilegesIsSaidInThreeWays) {
    EXPECT_FALSE(parsed({}).no_new_privileges);
    for (const char* text :
         {"no-new-privileges", "no-new-privileges=true", "no-new-privileges:true"})
        EXPECT_TRUE(with(text).no_new_privileges) << text;
    EXPECT_FALSE(with("no-new-privileges=false").no_new_privileges);
    EXPECT_TRUE(fails_saying(parse_security({.security = {"no-new-privileges=perhaps"}}),
                             "no-new-privileges=perhaps: true or false belongs there"));
}

TEST(SecurityOption, SeccompIsTheDefaultUnlessUnconfined) {
    EXPECT_TRUE(std::holds_alternative<sandbox::DefaultFilter>(parsed({}).seccomp));
    EXPECT_TRUE(std::holds_alternative<sandbox::Unconfined>(with("seccomp=unconfined").seccomp));
    EXPECT_TRUE(std::holds_alternative<sandbox::Unconfined>(with("seccomp:unconfined").seccomp));
}

TEST(SecurityOption, SeccompReadsAProfile) {
    const test::TempFolder folder;
    test::make_file(folder.at("p.json"), R"({"defaultAction": "SCMP_ACT_ALLOW"})");
    const Security security = with("seccomp=" + folder.at("p.json"));
    EXPECT_TRUE(std::holds_alternative<os::SeccompProfile>(security.seccomp));
    EXPECT_EQ(security.seccomp_text, R"({"defaultAction": "SCMP_ACT_ALLOW"})");
}

TEST(SecurityOption, NamesTheProfileThatCannotBeRead) {
    const test::TempFolder folder;
    const auto failure = [&](const std::string& name) {
        return parse_security({.security = {"seccomp=" + folder.at(name)}});
    };
    EXPECT_TRUE(fails_saying(failure("none"), "seccomp profile: open '" + folder.at("none") + "'"));
    test::make_file(folder.at("cut"), "{");
    EXPECT_TRUE(fails_saying(failure("cut"), "'" + folder.at("cut") + "': seccomp profile: "));
    EXPECT_TRUE(fails_saying(failure("."), "Is a directory"));
}

TEST(SecurityOption, UnmasksPaths) {
    EXPECT_TRUE(has(parsed({}).masked_paths, "/proc/kcore"));
    EXPECT_TRUE(has(parsed({}).read_only_paths, "/proc/sys"));
    const Security one = with("unmask=/proc/kcore:/proc/sys");
    EXPECT_FALSE(has(one.masked_paths, "/proc/kcore"));
    EXPECT_TRUE(has(one.masked_paths, "/proc/keys"));
    EXPECT_FALSE(has(one.read_only_paths, "/proc/sys"));
    for (const char* text : {"unmask=ALL", "unmask=all", "systempaths=unconfined"})
        EXPECT_TRUE(with(text).masked_paths.empty() && with(text).read_only_paths.empty()) << text;
}

TEST(SecurityOption, UnmasksAllBelowAPath) {
    const Security security = with("unmask=/proc/*");
    EXPECT_TRUE(security.read_only_paths.empty());
    EXPECT_TRUE(std::ranges::all_of(security.masked_paths,
                                    [](const auto& path) { return path.starts_with("/sys/"); }));
    EXPECT_FALSE(security.masked_paths.empty());
}

TEST(SecurityOption, MasksPaths) {
    const Security security = with("mask=/secret:/etc/key");
    EXPECT_TRUE(has(security.masked_paths, "/secret"));
    EXPECT_TRUE(has(security.masked_paths, "/etc/key"));
    EXPECT_TRUE(has(security.masked_paths, "/proc/kcore"));
}

TEST(SecurityOption, AcceptsWhatIsSoAnyway) {
    EXPECT_TRUE(succeeds(parse_security({.security = {"label=disable", "apparmor=unconfined"}})));
}

struct Bad {
    const char* text;
    const char* words;
};

class BadSecurityOptions : public testing::TestWithParam<Bad> {};

TEST_P(BadSecurityOptions, SayWhatIsWrong) {
    EXPECT_TRUE(fails_saying(parse_security({.security = {GetParam().text}}), GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadSecurityOptions,
    testing::Values(Bad{"", "--security-opt : unknown option"},
                    Bad{"secomp=x", "--security-opt secomp=x: unknown option"},
                    Bad{"seccomp", "seccomp profile: open ''"},
                    Bad{"unmask=proc", "unmask=proc: absolute paths belong there, or ALL"},
                    Bad{"unmask=", "unmask=: absolute paths belong there"},
                    Bad{"mask=/a::/b", "mask=/a::/b: absolute paths belong there"},
                    Bad{"label=type:x_t", "cannot choose the container's SELinux confinement"},
                    Bad{"apparmor=mine", "cannot choose the container's AppArmor confinement"},
                    Bad{"systempaths=all", "--security-opt systempaths=all: unknown option"}));

TEST(SeccompProfile, IsReadWhole) {
    const auto profile = parse_seccomp_profile(R"({
        "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
        "architectures": ["SCMP_ARCH_X86_64"],
        "syscalls": [
            {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
            {"name": "clone", "action": "SCMP_ACT_KILL", "errnoRet": 1,
             "args": [{"index": 1, "op": "SCMP_CMP_MASKED_EQ", "value": 7, "valueTwo": 2}]}]})",
                                               0);
    ASSERT_TRUE(succeeds(profile));
    EXPECT_EQ(profile->fallback, os::SeccompProfile::Action::error);
    EXPECT_EQ(profile->fallback_error, 38U);
    ASSERT_EQ(profile->rules.size(), 2U);
    EXPECT_EQ(profile->rules[0].names, (Strings{"read", "write"}));
    EXPECT_EQ(profile->rules[1].names, Strings{"clone"});
    EXPECT_EQ(profile->rules[1].action, os::SeccompProfile::Action::kill_thread);
    ASSERT_EQ(profile->rules[1].arguments.size(), 1U);
    EXPECT_EQ(profile->rules[1].arguments[0].value_two, 2U);
}

// The number of rules that apply to a container with these capabilities.
std::size_t rules_for(os::CapabilitySet capabilities, std::string_view conditions) {
    const auto profile = parse_seccomp_profile(fmt::format(R"({{"defaultAction": "SCMP_ACT_ERRNO",
                         "syscalls": [{{"names": ["clone"], "action": "SCMP_ACT_ALLOW", {}}}]}})",
                                                           conditions),
                                               capabilities);
    EXPECT_TRUE(succeeds(profile));
    return profile->rules.size();
}

TEST(SeccompProfile, HasRulesForCapabilities) {
    const std::string_view includes = R"("includes": {"caps": ["CAP_SYS_ADMIN", "CAP_BPF"]})";
    EXPECT_EQ(rules_for(bit(CAP_SYS_ADMIN) | bit(CAP_BPF), includes), 1U);
    EXPECT_EQ(rules_for(bit(CAP_SYS_ADMIN), includes), 0U) << "it takes all of them";
    const std::string_view excludes = R"("excludes": {"caps": ["CAP_SYS_ADMIN", "CAP_BPF"]})";
    EXPECT_EQ(rules_for(0, excludes), 1U);
    EXPECT_EQ(rules_for(bit(CAP_SYS_ADMIN), excludes), 0U) << "one of them is enough";
    EXPECT_EQ(rules_for(0, R"("includes": {"caps": ["CAP_OF_THE_FUTURE"]})"), 0U);
}

// Docker's own profile looks for the flags of clone(2) in the second argument, but on s390 alone:
// elsewhere that is the stack, and such a rule would let every clone pass.
TEST(SeccompProfile, HasRulesForMachines) {
    EXPECT_EQ(rules_for(0, R"("includes": {"arches": ["s390", "s390x"]})"), 0U);
    EXPECT_EQ(rules_for(0, R"("excludes": {"arches": ["s390", "s390x"]})"), 1U);
    constexpr const char* kAll = R"(": {"arches": ["amd64", "arm64", "riscv64", "ppc64le"]})";
    EXPECT_EQ(rules_for(0, std::string(R"("includes)") + kAll), 1U);
    EXPECT_EQ(rules_for(0, std::string(R"("excludes)") + kAll), 0U);
}

class BadProfiles : public testing::TestWithParam<Bad> {};

TEST_P(BadProfiles, SayWhatIsWrong) {
    EXPECT_TRUE(fails_saying(parse_seccomp_profile(GetParam().text, 0),
                             std::string("seccomp profile: ") + GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadProfiles,
    testing::Values(
        Bad{"", ""}, Bad{"[]", ""}, Bad{"{}", "'defaultAction' is missing"},
        Bad{R"({"defaultAction": "ALLOW"})", "unknown action 'ALLOW'"},
        Bad{R"({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": {"names": ["read"]}})",
            "'syscalls' is {"},
        Bad{R"({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"]}]})",
            "/syscalls/0: "},
        Bad{R"({"defaultAction": "SCMP_ACT_ALLOW",
                "syscalls": [{"names": ["read"], "action": "SCMP_ACT_DENY"}]})",
            "/syscalls/0: unknown action 'SCMP_ACT_DENY'"},
        Bad{R"({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"],
                "action": "SCMP_ACT_ERRNO", "args": {"index": 0}}]})",
            "/syscalls/0: "},
        Bad{R"({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"],
                "action": "SCMP_ACT_ERRNO", "excludes": {"caps": "CAP_BPF"}}]})",
            "/syscalls/0: "},
        Bad{R"({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action":
                "SCMP_ACT_ERRNO", "args": [{"index": 0, "op": "IS", "value": 1}]}]})",
            "/syscalls/0: unknown comparison 'IS'"}));

}  // namespace
}  // namespace sbx::container
