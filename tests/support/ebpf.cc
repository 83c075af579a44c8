#include "support/ebpf.h"

#include <array>
#include <cstring>

namespace sbx::test {

namespace {

constexpr std::uint32_t kBroken = 0xdead;

class Machine {
public:
    explicit Machine(const bpf_cgroup_dev_ctx& context) : context_(context) {}

    // How many instructions to pass over; nothing where this is none that the filter may have.
    bool step(const bpf_insn& one) {
        std::uint32_t& target = registers_.at(one.dst_reg);
        const auto constant = static_cast<std::uint32_t>(one.imm);
        skipped = 0;
        switch (one.code) {
            case BPF_LDX | BPF_MEM | BPF_W: return load(target, one.off);
            case BPF_ALU | BPF_MOV | BPF_X: target = registers_.at(one.src_reg); return true;
            case BPF_ALU | BPF_MOV | BPF_K: target = constant; return true;
            case BPF_ALU | BPF_AND | BPF_K: target &= constant; return true;
            case BPF_ALU | BPF_RSH | BPF_K: target >>= constant; return true;
            case BPF_JMP32 | BPF_JEQ | BPF_K:
                skipped = target == constant ? one.off : 0;
                return true;
            case BPF_JMP32 | BPF_JNE | BPF_K:
                skipped = target != constant ? one.off : 0;
                return true;
            default: return false;
        }
    }

    std::uint32_t answer() const { return registers_[0]; }
    int skipped = 0;

private:
    bool load(std::uint32_t& target, int offset) {
        if (offset < 0 || static_cast<std::size_t>(offset) + sizeof target > sizeof context_)
            return false;
        std::memcpy(&target, reinterpret_cast<const char*>(&context_) + offset, sizeof target);
        return true;
    }

    bpf_cgroup_dev_ctx context_;
    std::array<std::uint32_t, 11> registers_{};
};

}  // namespace

std::uint32_t run_device_filter(const os::DeviceFilter& filter, const bpf_cgroup_dev_ctx& context) {
    Machine machine(context);
    for (std::size_t at = 0; at < filter.program.size(); ++at) {
        const bpf_insn& one = filter.program[at];
        if (one.code == (BPF_JMP | BPF_EXIT)) return machine.answer();
        if (!machine.step(one)) return kBroken;
        at += static_cast<std::size_t>(machine.skipped);
    }
    return kBroken;
}

}  // namespace sbx::test
