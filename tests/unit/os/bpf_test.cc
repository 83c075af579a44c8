#include "os/bpf.h"

#include <algorithm>
#include <random>

#include <linux/audit.h>

#include <gtest/gtest.h>

#include "support/bpf.h"

namespace sbx::os {
namespace {

using test::run_filter;

constexpr std::uint32_t kX32 = 0x40000000;
constexpr std::uint64_t kLow = 0xffffffff;

// What a table means, read off it as plainly as can be.
std::uint32_t meaning(const CallTable& table, const seccomp_data& call) {
    const auto number = static_cast<std::uint32_t>(call.nr);
    if (call.arch != table.architecture) return table.foreign.value;
    if (number >= table.end) return table.beyond.value;
    const auto rule = std::ranges::find(table.rules, number, &CallRule::number);
    if (rule == table.rules.end()) return table.unlisted.value;
    const auto fits = [&](const ArgumentTest& test) {
        return (static_cast<std::uint32_t>(call.args[test.argument]) & test.mask) == test.value;
    };
    const auto one = std::ranges::find_if(rule->cases, [&](const CallRule::Case& candidate) {
        return std::ranges::all_of(candidate.tests, fits);
    });
    return one == rule->cases.end() ? rule->otherwise.value : one->verdict.value;
}

seccomp_data call_of(std::uint32_t number, std::uint64_t first = 0, std::uint64_t second = 0) {
    seccomp_data call{};
    call.nr = static_cast<int>(number);
    call.arch = AUDIT_ARCH_X86_64;
    call.args[0] = first;
    call.args[1] = second;
    return call;
}

CallTable empty_table() {
    return {.architecture = AUDIT_ARCH_X86_64,
            .foreign = {.value = SECCOMP_RET_KILL_PROCESS},
            .end = 500,
            .beyond = Verdict::error(38),
            .unlisted = Verdict::error(1)};
}

// socket(2) of two families alone, and by their low halves; getpid(2) always.
CallTable socket_table() {
    CallTable table = empty_table();
    table.rules = {
        {.number = 41,
         .cases = {{.tests = {{.argument = 0, .value = 1}}, .verdict = Verdict::allow()},
                   {.tests = {{.argument = 0, .value = 2}, {.argument = 1, .mask = 15, .value = 1}},
                    .verdict = Verdict::allow()}},
         .otherwise = Verdict::error(97)},
        {.number = 39, .otherwise = Verdict::allow()},
    };
    return table;
}

std::uint32_t verdict(const CallTable& table, const seccomp_data& call) {
    return run_filter(assemble(table), call).verdict;
}

TEST(Verdict, OfAnErrorKeepsItsSixteenBits) {
    EXPECT_EQ(Verdict::error(1).value, SECCOMP_RET_ERRNO | 1U);
    EXPECT_EQ(Verdict::error(-1).value, SECCOMP_RET_ERRNO | 0xffffU);
    EXPECT_EQ(Verdict::allow().value, std::uint32_t{SECCOMP_RET_ALLOW});
}

TEST(Filter, DecidesByNumberThenByArguments) {
    const CallTable table = socket_table();
    EXPECT_EQ(verdict(table, call_of(39)), Verdict::allow().value);
    EXPECT_EQ(verdict(table, call_of(40)), Verdict::error(1).value);
    EXPECT_EQ(verdict(table, call_of(41, 1)), Verdict::allow().value);
    EXPECT_EQ(verdict(table, call_of(41, 2, 0x801)), Verdict::allow().value);
    EXPECT_EQ(verdict(table, call_of(41, 2, 3)), Verdict::error(97).value);
    EXPECT_EQ(verdict(table, call_of(41, 38)), Verdict::error(97).value);
}

// The class of CVE-2019-10063: the kernel takes an int where a filter could see 64 bits.
TEST(Filter, LooksAtTheLowHalfOfAnArgumentAlone) {
    const Filter filter = assemble(socket_table());
    for (std::uint64_t family = 0; family < 46; ++family)
        for (const std::uint64_t high : {1ULL, 0x80000000ULL, 0xdeadbeefULL, 0xffffffffULL})
            EXPECT_EQ(run_filter(filter, call_of(41, family | high << 32, 1 | high << 32)).verdict,
                      run_filter(filter, call_of(41, family, 1)).verdict)
                << family;
}

TEST(Filter, OfAnotherArchitectureIsForeign) {
    constexpr std::uint32_t kOthers[] = {AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, 0};
    for (const std::uint32_t architecture : kOthers) {
        seccomp_data call = call_of(39);
        call.arch = architecture;
        EXPECT_EQ(verdict(socket_table(), call), std::uint32_t{SECCOMP_RET_KILL_PROCESS});
    }
}

TEST(Filter, LetsNoX32NumberThrough) {
    for (const std::uint32_t number : {kX32, kX32 | 39, kX32 | 41, kX32 | 512, 0x7fffffffU, ~0U})
        EXPECT_EQ(verdict(socket_table(), call_of(number, 1)), Verdict::error(38).value);
}

TEST(Filter, EndsWhereItsTableEnds) {
    CallTable table = socket_table();
    EXPECT_EQ(verdict(table, call_of(499)), Verdict::error(1).value);
    EXPECT_EQ(verdict(table, call_of(500)), Verdict::error(38).value);
    table.end = 42;  // right behind the last rule
    EXPECT_EQ(verdict(table, call_of(41, 1)), Verdict::allow().value);
    EXPECT_EQ(verdict(table, call_of(42)), Verdict::error(38).value);
}

TEST(Filter, HasNoRulesBeyondItsEnd) {
    CallTable table = empty_table();
    table.rules = {{.number = 500, .otherwise = Verdict::allow()},
                   {.number = kX32 | 39, .otherwise = Verdict::allow()}};
    for (const std::uint32_t number : {500U, 501U, kX32 | 39})
        EXPECT_EQ(verdict(table, call_of(number)), Verdict::error(38).value);
    EXPECT_EQ(verdict(table, call_of(499)), Verdict::error(1).value);
}

TEST(Filter, OfNoRulesStillKnowsItsEnd) {
    EXPECT_EQ(verdict(empty_table(), call_of(0)), Verdict::error(1).value);
    EXPECT_EQ(verdict(empty_table(), call_of(500)), Verdict::error(38).value);
    EXPECT_TRUE(test::is_acceptable(assemble(empty_table())));
    CallTable nothing = empty_table();
    nothing.end = 0;
    EXPECT_EQ(verdict(nothing, call_of(0)), Verdict::error(38).value);
}

TEST(Filter, ReachesEveryRuleInAFewInstructions) {
    CallTable table = empty_table();
    for (std::uint32_t number = 0; number < table.end; ++number)
        table.rules.push_back({.number = number, .otherwise = {.value = 0x50000 + number}});
    std::ranges::reverse(table.rules);
    const Filter filter = assemble(table);
    EXPECT_TRUE(test::is_acceptable(filter));
    for (std::uint32_t number = 0; number < table.end; ++number) {
        const test::FilterRun run = run_filter(filter, call_of(number));
        EXPECT_EQ(run.verdict, 0x50000 + number);
        EXPECT_LT(run.path.size(), 30U);
    }
}

TEST(Filter, JoinsNumbersThatShareAVerdict) {
    CallTable table = empty_table();
    for (std::uint32_t number = 100; number < 400; ++number)
        table.rules.push_back({.number = number, .otherwise = Verdict::allow()});
    EXPECT_LT(assemble(table).program.size(), 25U);
    EXPECT_EQ(verdict(table, call_of(99)), Verdict::error(1).value);
    EXPECT_EQ(verdict(table, call_of(100)), Verdict::allow().value);
    EXPECT_EQ(verdict(table, call_of(399)), Verdict::allow().value);
    EXPECT_EQ(verdict(table, call_of(400)), Verdict::error(1).value);
}

// Draws tables whose tests hold now and then, and calls that come near them.
class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}

    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(engine_() % limit);
    }

    CallTable table() {
        CallTable table = empty_table();
        table.end = 1 + below(40);
        for (std::uint32_t number = 0; number < table.end; ++number)
            if (below(3) != 0) table.rules.push_back(rule(number));
        std::ranges::shuffle(table.rules, engine_);
        return table;
    }

    seccomp_data call(const CallTable& table) {
        seccomp_data call = call_of(below(table.end + 3));
        for (auto& argument : call.args)
            argument = below(4) | std::uint64_t{below(2)} << 8 | engine_() << 32;
        return call;
    }

private:
    Verdict verdict() { return {.value = 0x50000 + below(6)}; }

    CallRule rule(std::uint32_t number) {
        CallRule rule{.number = number, .otherwise = verdict()};
        rule.cases.resize(below(4));
        for (CallRule::Case& one : rule.cases)
            one = {.tests = tests(), .verdict = verdict()};
        return rule;
    }

    std::vector<ArgumentTest> tests() {
        constexpr std::uint32_t kMasks[] = {0xffffffff, 0xff, 0x3, 0x100, 0};
        std::vector<ArgumentTest> tests(below(4));
        for (ArgumentTest& test : tests)
            test = {.argument = below(6), .mask = kMasks[below(5)], .value = below(4)};
        return tests;
    }

    std::mt19937_64 engine_;
};

class RandomFilters : public testing::TestWithParam<unsigned> {};

TEST_P(RandomFilters, MeanWhatTheirTablesSay) {
    Dice dice(GetParam());
    const CallTable table = dice.table();
    const Filter filter = assemble(table);
    ASSERT_TRUE(test::is_acceptable(filter));
    for (int i = 0; i < 500; ++i) {
        const seccomp_data call = dice.call(table);
        ASSERT_EQ(run_filter(filter, call).verdict, meaning(table, call)) << call.nr;
    }
}

TEST_P(RandomFilters, LookAtLowHalvesAlone) {
    Dice dice(GetParam());
    const CallTable table = dice.table();
    const Filter filter = assemble(table);
    for (int i = 0; i < 200; ++i) {
        seccomp_data call = dice.call(table);
        const std::uint32_t with_high = run_filter(filter, call).verdict;
        std::ranges::for_each(call.args, [](auto& argument) { argument &= kLow; });
        ASSERT_EQ(run_filter(filter, call).verdict, with_high);
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomFilters, testing::Range(0U, 100U));

// More than 255 instructions between a test and its target.
TEST(Filter, JumpsFarWhereItHasTo) {
    CallTable table = empty_table();
    table.rules.push_back({.number = 7, .cases = {}, .otherwise = Verdict::allow()});
    for (std::uint32_t value = 1; value < 200; ++value)
        table.rules[0].cases.push_back(
            {.tests = {{.argument = 0, .value = value}}, .verdict = {.value = 0x50000 + value}});
    table.rules.push_back({.number = 8, .otherwise = Verdict::error(8)});
    EXPECT_TRUE(test::is_acceptable(assemble(table)));
    for (const std::uint32_t value : {0U, 1U, 100U, 199U, 200U})
        EXPECT_EQ(verdict(table, call_of(7, value)), meaning(table, call_of(7, value)));
    EXPECT_EQ(verdict(table, call_of(8)), Verdict::error(8).value);
    EXPECT_EQ(verdict(table, call_of(9)), Verdict::error(1).value);
}

}  // namespace
}  // namespace sbx::os
