#include "os/device_filter.h"

#include <random>

#include <gtest/gtest.h>

#include "support/ebpf.h"

namespace sbx::os {
namespace {

using Kind = DeviceRule::Kind;
constexpr std::uint32_t kRead = BPF_DEVCG_ACC_READ;
constexpr std::uint32_t kWrite = BPF_DEVCG_ACC_WRITE;
constexpr std::uint32_t kMknod = BPF_DEVCG_ACC_MKNOD;
constexpr std::uint32_t kCharacter = BPF_DEVCG_DEV_CHAR;
constexpr std::uint32_t kBlock = BPF_DEVCG_DEV_BLOCK;

struct Wish {
    std::uint32_t kind = kCharacter;
    std::uint32_t major = 1;
    std::uint32_t minor = 3;
    std::uint32_t access = kRead;
};

std::uint32_t answer(const std::vector<DeviceRule>& rules, const Wish& wish) {
    const bpf_cgroup_dev_ctx context{
        .access_type = wish.access << 16 | wish.kind, .major = wish.major, .minor = wish.minor};
    return test::run_device_filter(device_filter(rules), context);
}

// What the rules mean, read off them as plainly as can be.
bool meaning(const std::vector<DeviceRule>& rules, const Wish& wish) {
    for (const std::uint32_t access : {kRead, kWrite, kMknod}) {
        if ((wish.access & access) == 0) continue;
        bool granted = false;
        for (const DeviceRule& rule : rules) {
            const bool kind =
                rule.kind == Kind::all || (rule.kind == Kind::block) == (wish.kind == kBlock);
            if (kind && rule.major.value_or(wish.major) == wish.major &&
                rule.minor.value_or(wish.minor) == wish.minor && (rule.access & access) != 0)
                granted = rule.allow;
        }
        if (!granted) return false;
    }
    return true;
}

TEST(DeviceFilter, WithoutRulesRefuses) { EXPECT_EQ(answer({}, {}), 0U); }

TEST(DeviceFilter, FollowsTheLastRuleThatNamesTheDevice) {
    const DeviceRule nothing{.access = kEveryDeviceAccess};
    const DeviceRule null{
        .allow = true, .kind = Kind::character, .major = 1, .minor = 3, .access = kRead | kWrite};
    EXPECT_EQ(answer({nothing, null}, {}), 1U);
    EXPECT_EQ(answer({nothing, null}, {.access = kRead | kWrite}), 1U);
    EXPECT_EQ(answer({nothing, null}, {.access = kMknod}), 0U);
    EXPECT_EQ(answer({nothing, null}, {.access = kRead | kMknod}), 0U);
    EXPECT_EQ(answer({nothing, null}, {.kind = kBlock}), 0U);
    EXPECT_EQ(answer({nothing, null}, {.minor = 4}), 0U);
    EXPECT_EQ(answer({nothing, null}, {.major = 2}), 0U);
    EXPECT_EQ(answer({null, nothing}, {}), 0U);
}

TEST(DeviceFilter, GrantsAWishThatTwoRulesGrantTogether) {
    const DeviceRule read{.allow = true, .kind = Kind::character, .major = 1, .access = kRead};
    const DeviceRule write{.allow = true, .kind = Kind::character, .minor = 3, .access = kWrite};
    EXPECT_EQ(answer({read, write}, {.access = kRead | kWrite}), 1U);
    EXPECT_EQ(answer({read, write}, {.minor = 5, .access = kRead | kWrite}), 0U);
}

TEST(DeviceFilter, RefusesAWishOfWhichOnePartIsRefused) {
    const DeviceRule all{.allow = true, .access = kEveryDeviceAccess};
    const DeviceRule no_write{.major = 1, .access = kWrite};
    EXPECT_EQ(answer({all, no_write}, {.access = kRead}), 1U);
    EXPECT_EQ(answer({all, no_write}, {.access = kRead | kWrite}), 0U);
    EXPECT_EQ(answer({all, no_write}, {.major = 2, .access = kRead | kWrite}), 1U);
}

TEST(DeviceFilter, TellsLargeNumbersApart) {
    const DeviceRule rule{.allow = true, .major = 0xffffffff, .minor = 0x80000000, .access = kRead};
    EXPECT_EQ(answer({rule}, {.major = 0xffffffff, .minor = 0x80000000}), 1U);
    EXPECT_EQ(answer({rule}, {.major = 0xffffffff, .minor = 0}), 0U);
}

TEST(DeviceFilter, MeansWhatItsRulesMean) {
    std::mt19937 engine(7);
    const auto below = [&](std::uint32_t limit) {
        return static_cast<std::uint32_t>(engine() % limit);
    };
    for (int round = 0; round < 2000; ++round) {
        std::vector<DeviceRule> rules(below(8));
        for (DeviceRule& rule : rules) {
            rule = {
                .allow = below(2) == 1, .kind = static_cast<Kind>(below(3)), .access = below(8)};
            if (below(2) == 1) rule.major = below(2);
            if (below(2) == 1) rule.minor = below(2);
        }
        const Wish wish{
            .kind = 1 + below(2), .major = below(2), .minor = below(2), .access = 1 + below(7)};
        EXPECT_EQ(answer(rules, wish) == 1, meaning(rules, wish));
    }
}

}  // namespace
}  // namespace sbx::os
