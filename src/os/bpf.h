// The assembler of sbx's own system call filter: rules in, classic BPF out, in microseconds.
//
// Arguments are compared by their low 32 bits alone: the kernel takes an `int` from them, so a
// filter that looks at all 64 can be stepped around with a high bit (the class of CVE-2019-10063).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "os/seccomp.h"

namespace sbx::os {

struct Verdict {
    std::uint32_t value = 0;  // SECCOMP_RET_*

    static Verdict allow();
    static Verdict error(int err);

    friend bool operator==(const Verdict&, const Verdict&) = default;
};

// Holds where (argument & mask) == value, over the low 32 bits.
struct ArgumentTest {
    unsigned argument = 0;
    std::uint32_t mask = 0xffffffff;
    std::uint32_t value = 0;
};

// What happens to one system call: the verdict of the first case whose tests all hold.
struct CallRule {
    struct Case {
        std::vector<ArgumentTest> tests = {};
        Verdict verdict = {};
    };

    std::uint32_t number = 0;
    std::vector<Case> cases = {};
    Verdict otherwise = {};
};

struct CallTable {
    std::uint32_t architecture = 0;  // AUDIT_ARCH_*; calls of any other are `foreign`
    Verdict foreign = {};
    std::uint32_t end = 0;  // numbers from here up (also x32's) are `beyond`, whatever the rules
    Verdict beyond = {};
    Verdict unlisted = {};             // numbers below `end` without a rule
    std::vector<CallRule> rules = {};  // in any order, each number once
};

// A binary search over the call number, then its rule: about ten instructions for most calls.
Filter assemble(const CallTable& table);

}  // namespace sbx::os
