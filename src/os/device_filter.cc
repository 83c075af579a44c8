#include "os/device_filter.h"

#include <array>
#include <ranges>

#include <sys/syscall.h>
#include <unistd.h>

namespace sbx::os {

// --- the program ---------------------------------------------------------------------------------

// What the registers hold, from the beginning of the program on.
using Register = std::uint8_t;
constexpr Register kAnswer = BPF_REG_0;
constexpr Register kContext = BPF_REG_1;  // struct bpf_cgroup_dev_ctx
constexpr Register kKind = BPF_REG_2;     // BPF_DEVCG_DEV_BLOCK or _CHAR
constexpr Register kAccess = BPF_REG_3;   // what is asked for, and not yet granted
constexpr Register kMajor = BPF_REG_4;
constexpr Register kMinor = BPF_REG_5;

static bpf_insn instruction(unsigned code, Register target) {
    bpf_insn one{};
    one.code = static_cast<std::uint8_t>(code);
    one.dst_reg = target & 0xf;
    return one;
}

static bpf_insn load(Register target, std::size_t offset) {
    bpf_insn one = instruction(BPF_LDX | BPF_MEM | BPF_W, target);
    one.src_reg = kContext & 0xf;
    one.off = static_cast<std::int16_t>(offset);
    return one;
}

static bpf_insn compute(unsigned operation, Register target, std::uint32_t value) {
    bpf_insn one = instruction(BPF_ALU | operation | BPF_K, target);
    one.imm = static_cast<std::int32_t>(value);
    return one;
}

static bpf_insn copy(Register target, Register source) {
    bpf_insn one = instruction(BPF_ALU | BPF_MOV | BPF_X, target);
    one.src_reg = source & 0xf;
    return one;
}

// The lower halves of registers are compared: numbers of devices have 32 bits.
static bpf_insn jump(unsigned condition, Register left, std::uint32_t right, std::size_t over) {
    bpf_insn one = instruction(BPF_JMP32 | condition | BPF_K, left);
    one.imm = static_cast<std::int32_t>(right);
    one.off = static_cast<std::int16_t>(over);
    return one;
}

static void answer(std::vector<bpf_insn>& program, std::uint32_t value) {
    program.push_back(compute(BPF_MOV, kAnswer, value));
    program.push_back(instruction(BPF_JMP | BPF_EXIT, kAnswer));
}

// What happens to a device that the rule names.
static std::vector<bpf_insn> decision(const DeviceRule& rule) {
    std::vector<bpf_insn> steps;
    if (rule.allow) {
        steps.push_back(compute(BPF_AND, kAccess, ~rule.access & kEveryDeviceAccess));
        steps.push_back(jump(BPF_JNE, kAccess, 0, 2));  // some of it is still to be granted
        answer(steps, 1);
    } else {
        steps.push_back(copy(kAnswer, kAccess));
        steps.push_back(compute(BPF_AND, kAnswer, rule.access));
        steps.push_back(jump(BPF_JEQ, kAnswer, 0, 2));
        answer(steps, 0);
    }
    return steps;
}

static void append(std::vector<bpf_insn>& program, const DeviceRule& rule) {
    struct Test {
        Register place;
        std::uint32_t value;
    };
    std::vector<Test> tests;
    if (rule.kind != DeviceRule::Kind::all)
        tests.push_back(
            {kKind, std::uint32_t{rule.kind == DeviceRule::Kind::block ? BPF_DEVCG_DEV_BLOCK
                                                                       : BPF_DEVCG_DEV_CHAR}});
    if (rule.major) tests.push_back({kMajor, *rule.major});
    if (rule.minor) tests.push_back({kMinor, *rule.minor});

    const std::vector<bpf_insn> steps = decision(rule);
    for (std::size_t i = 0; i < tests.size(); ++i) {
        const std::size_t rest = tests.size() - i - 1 + steps.size();
        program.push_back(jump(BPF_JNE, tests[i].place, tests[i].value, rest));
    }
    program.insert(program.end(), steps.begin(), steps.end());
}

// From the last rule to the first: whoever speaks first about a device and an access has the last
// word on it.
DeviceFilter device_filter(std::span<const DeviceRule> rules) {
    constexpr std::uint32_t kKindBits = 0xffff;
    constexpr std::uint32_t kAccessShift = 16;
    DeviceFilter filter;
    std::vector<bpf_insn>& program = filter.program;
    program = {load(kKind, offsetof(bpf_cgroup_dev_ctx, access_type)),
               copy(kAccess, kKind),
               compute(BPF_AND, kKind, kKindBits),
               compute(BPF_RSH, kAccess, kAccessShift),
               load(kMajor, offsetof(bpf_cgroup_dev_ctx, major)),
               load(kMinor, offsetof(bpf_cgroup_dev_ctx, minor))};
    for (const DeviceRule& rule : rules | std::views::reverse)
        append(program, rule);
    answer(program, 0);
    return filter;
}

// --- the kernel ----------------------------------------------------------------------------------

static long call_bpf(bpf_cmd command, bpf_attr& attributes) {
    return ::syscall(SYS_bpf, command, &attributes, sizeof attributes);
}

static Result<Fd> load_program(const DeviceFilter& filter) {
    static constexpr char kLicense[] = "Apache-2.0";
    bpf_attr attributes{};
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.insns = reinterpret_cast<std::uint64_t>(filter.program.data());
    attributes.insn_cnt = static_cast<std::uint32_t>(filter.program.size());
    attributes.license = reinterpret_cast<std::uint64_t>(kLicense);
    Fd program(static_cast<int>(call_bpf(BPF_PROG_LOAD, attributes)));
    if (!program) return Error::from_errno(errno, "load a filter of devices");
    return program;
}

// The ids of the filters that a cgroup has itself.
static Result<std::vector<std::uint32_t>> attached_to(FdView cgroup) {
    std::array<std::uint32_t, 64> ids{};  // BPF_CGROUP_MAX_PROGS
    bpf_attr attributes{};
    attributes.query.target_fd = static_cast<std::uint32_t>(cgroup.get());
    attributes.query.attach_type = BPF_CGROUP_DEVICE;
    attributes.query.prog_ids = reinterpret_cast<std::uint64_t>(ids.data());
    attributes.query.prog_cnt = ids.size();
    if (call_bpf(BPF_PROG_QUERY, attributes) != 0)
        return Error::from_errno(errno, "ask for the filters of devices of a cgroup");
    return std::vector<std::uint32_t>(ids.begin(), ids.begin() + attributes.query.prog_cnt);
}

static Result<> detach(FdView cgroup, std::uint32_t id) {
    bpf_attr by_id{};
    by_id.prog_id = id;
    const Fd program(static_cast<int>(call_bpf(BPF_PROG_GET_FD_BY_ID, by_id)));
    if (!program && errno == ENOENT) return {};  // gone meanwhile
    if (!program) return Error::from_errno(errno, "open filter {} of devices", id);
    bpf_attr attributes{};
    attributes.target_fd = static_cast<std::uint32_t>(cgroup.get());
    attributes.attach_bpf_fd = static_cast<std::uint32_t>(program.get());
    attributes.attach_type = BPF_CGROUP_DEVICE;
    if (call_bpf(BPF_PROG_DETACH, attributes) == 0) return {};
    return Error::from_errno(errno, "remove filter {} of devices", id);
}

// All filters of a cgroup have to agree to an access, so that in between nothing is allowed that
// either of them refuses.
Result<> attach_device_filter(FdView cgroup, const DeviceFilter& filter) {
    const std::vector<std::uint32_t> before = TRY(attached_to(cgroup));
    const Fd program = TRY(load_program(filter));
    bpf_attr attributes{};
    attributes.target_fd = static_cast<std::uint32_t>(cgroup.get());
    attributes.attach_bpf_fd = static_cast<std::uint32_t>(program.get());
    attributes.attach_type = BPF_CGROUP_DEVICE;
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    if (call_bpf(BPF_PROG_ATTACH, attributes) != 0)
        return Error::from_errno(errno, "put a filter of devices on a cgroup");
    for (const std::uint32_t id : before)
        TRY(detach(cgroup, id));
    return {};
}

}  // namespace sbx::os
