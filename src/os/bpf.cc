#include "os/bpf.h"

#include <algorithm>
#include <cstddef>

#include <linux/seccomp.h>

namespace sbx::os {

Verdict Verdict::allow() { return {.value = SECCOMP_RET_ALLOW}; }

Verdict Verdict::error(int err) {
    return {.value = SECCOMP_RET_ERRNO | (static_cast<std::uint32_t>(err) & SECCOMP_RET_DATA)};
}

namespace {

// Call numbers from `first` to the next range's first, that share what happens to them.
struct Range {
    std::uint32_t first;
    Verdict verdict;
    const CallRule* rule;  // where arguments decide
};

class Assembler {
public:
    Filter assemble(const CallTable& table) {
        load(offsetof(seccomp_data, arch));
        const std::size_t native = jump(BPF_JEQ, table.architecture);
        give(table.foreign);
        land(native);
        load(offsetof(seccomp_data, nr));
        search(ranges_of(table));
        return Filter{.program = std::move(code_)};
    }

private:
    static std::vector<Range> ranges_of(const CallTable& table) {
        std::vector<const CallRule*> rules;
        for (const CallRule& rule : table.rules)
            if (rule.number < table.end) rules.push_back(&rule);
        std::ranges::sort(rules, {}, &CallRule::number);

        std::vector<Range> ranges;
        const auto add = [&](const Range& range) {
            const bool same = !ranges.empty() && !range.rule && !ranges.back().rule &&
                              ranges.back().verdict == range.verdict;
            if (!same) ranges.push_back(range);
        };
        std::uint32_t next = 0;
        for (const CallRule* rule : rules) {
            if (rule->number > next)
                add({.first = next, .verdict = table.unlisted, .rule = nullptr});
            const bool plain = rule->cases.empty();
            add({.first = rule->number,
                 .verdict = rule->otherwise,
                 .rule = plain ? nullptr : rule});
            next = rule->number + 1;
        }
        if (table.end > next) add({.first = next, .verdict = table.unlisted, .rule = nullptr});
        add({.first = table.end, .verdict = table.beyond, .rule = nullptr});
        return ranges;
    }

    void search(std::span<const Range> ranges) {
        if (ranges.size() == 1) {
            if (ranges.front().rule)
                decide(*ranges.front().rule);
            else
                give(ranges.front().verdict);
            return;
        }
        const auto middle = ranges.size() / 2;
        const std::size_t above = jump(BPF_JGE, ranges[middle].first);
        search(ranges.first(middle));
        land(above);
        search(ranges.subspan(middle));
    }

    void decide(const CallRule& rule) {
        for (const CallRule::Case& one : rule.cases) {
            std::vector<std::size_t> misses;
            for (const ArgumentTest& test : one.tests) {
                load(
                    static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8UL * test.argument));
                if (test.mask != 0xffffffff) emit(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, test.mask));
                const std::size_t hit = jump(BPF_JEQ, test.value);
                misses.push_back(code_.size());
                emit(BPF_STMT(BPF_JMP | BPF_JA, 0));
                land(hit);
            }
            give(one.verdict);
            for (const std::size_t miss : misses)
                code_[miss].k = static_cast<std::uint32_t>(code_.size() - miss - 1);
        }
        give(rule.otherwise);
    }

    // A conditional jump reaches 255 instructions, an unconditional one any, so each test is over a
    // jump: "if it holds, take the jump, else step over it".
    std::size_t jump(unsigned test, std::uint32_t value) {
        emit(BPF_JUMP(static_cast<unsigned short>(BPF_JMP | test | BPF_K), value, 0, 1));
        emit(BPF_STMT(BPF_JMP | BPF_JA, 0));
        return code_.size() - 1;
    }

    void land(std::size_t from) {
        const std::size_t distance = code_.size() - from - 1;
        sock_filter& test = code_[from - 1];
        if (distance <= 254) {  // near enough for the test itself
            test.jt = static_cast<unsigned char>(distance + 1);
        }
        code_[from].k = static_cast<std::uint32_t>(distance);
    }

    void load(std::size_t offset) {
        emit(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
    }
    void give(Verdict verdict) { emit(BPF_STMT(BPF_RET | BPF_K, verdict.value)); }
    void emit(sock_filter instruction) { code_.push_back(instruction); }

    std::vector<sock_filter> code_;
};

}  // namespace

Filter assemble(const CallTable& table) { return Assembler().assemble(table); }

}  // namespace sbx::os
