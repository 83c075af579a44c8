#include "support/bpf.h"

#include <algorithm>
#include <cstring>

#include <linux/filter.h>

namespace sbx::test {

namespace {

constexpr unsigned kLoad = BPF_LD | BPF_W | BPF_ABS;
constexpr unsigned kAnd = BPF_ALU | BPF_AND | BPF_K;
constexpr unsigned kReturn = BPF_RET | BPF_K;

}  // namespace

static bool holds(const sock_filter& test, std::uint32_t accumulator) {
    switch (BPF_OP(test.code)) {
        case BPF_JEQ: return accumulator == test.k;
        case BPF_JGT: return accumulator > test.k;
        case BPF_JGE: return accumulator >= test.k;
        case BPF_JSET: return (accumulator & test.k) != 0;
        default: return false;
    }
}

static std::size_t steps_over(const sock_filter& jump, std::uint32_t accumulator) {
    if (BPF_OP(jump.code) == BPF_JA) return jump.k;
    return holds(jump, accumulator) ? jump.jt : jump.jf;
}

FilterRun run_filter(const os::Filter& filter, const seccomp_data& call) {
    FilterRun run;
    std::uint32_t accumulator = 0;
    for (std::size_t at = 0; at < filter.program.size(); ++at) {
        const sock_filter& instruction = filter.program[at];
        run.path.push_back(at);
        if (instruction.code == kReturn) {
            run.verdict = instruction.k;
            return run;
        }
        if (instruction.code == kLoad)
            std::memcpy(&accumulator, reinterpret_cast<const char*>(&call) + instruction.k, 4);
        if (instruction.code == kAnd) accumulator &= instruction.k;
        if (BPF_CLASS(instruction.code) == BPF_JMP) at += steps_over(instruction, accumulator);
    }
    return run;
}

static bool is_known(const sock_filter& instruction) {
    if (instruction.code == kLoad)
        return instruction.k % 4 == 0 && instruction.k < sizeof(seccomp_data);
    const unsigned op = BPF_OP(instruction.code);
    const bool jump = BPF_CLASS(instruction.code) == BPF_JMP && BPF_SRC(instruction.code) == BPF_K;
    return instruction.code == kAnd || instruction.code == kReturn ||
           (jump &&
            (op == BPF_JA || op == BPF_JEQ || op == BPF_JGT || op == BPF_JGE || op == BPF_JSET));
}

static bool stays_inside(const os::Filter& filter, std::size_t at) {
    const sock_filter& instruction = filter.program[at];
    if (BPF_CLASS(instruction.code) != BPF_JMP) return true;
    const std::size_t room = filter.program.size() - at - 1;
    if (BPF_OP(instruction.code) == BPF_JA) return instruction.k < room;
    return std::max(instruction.jt, instruction.jf) < room;
}

bool is_acceptable(const os::Filter& filter) {
    if (filter.program.empty() || filter.program.size() > BPF_MAXINSNS) return false;
    for (std::size_t at = 0; at < filter.program.size(); ++at)
        if (!is_known(filter.program[at]) || !stays_inside(filter, at)) return false;
    return filter.program.back().code == kReturn;
}

}  // namespace sbx::test
