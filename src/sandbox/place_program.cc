#include <algorithm>
#include <ranges>
#include <set>

#include "os/rlimits.h"
#include "sandbox/compile.h"
#include "sandbox/places.h"

namespace sbx::sandbox {

static Result<> place_limits(const oci::Process& process, Program& program) {
    for (const oci::Rlimit& limit : process.rlimits) {
        const int resource = TRY(os::parse_rlimit(limit.type));
        if (limit.soft > limit.hard)
            return Error(Error::Kind::usage, "the soft limit of {} is above the hard one",
                         limit.type);
        program.limits.push_back({.name = limit.type,
                                  .resource = resource,
                                  .limit = {.rlim_cur = limit.soft, .rlim_max = limit.hard}});
    }
    return {};
}

static Result<> place_scheduler(const oci::Process& process, Program& program) {
    if (const auto& asked = process.scheduler) {
        os::Scheduler scheduler{.nice = asked->nice,
                                .priority = static_cast<std::uint32_t>(asked->priority),
                                .runtime = asked->runtime,
                                .deadline = asked->deadline,
                                .period = asked->period};
        scheduler.policy = TRY(os::parse_scheduling_policy(asked->policy));
        for (const std::string& flag : asked->flags)
            scheduler.flags |= TRY(os::parse_scheduling_flag(flag));
        program.scheduler = scheduler;
    }
    if (const auto& asked = process.io_priority)
        program.io_priority = TRY(os::parse_io_priority(asked->io_class, asked->priority));
    if (const auto& asked = process.exec_cpu_affinity) {
        if (!asked->initial.empty())
            program.first_processors = TRY(os::parse_number_list(asked->initial));
        if (!asked->final.empty()) program.processors = TRY(os::parse_number_list(asked->final));
    }
    return {};
}

static Result<> place_memory(const oci::Spec& spec, Program& program) {
    if (spec.personality)
        program.personality = TRY(os::parse_personality(spec.personality->domain));
    if (!spec.memory_policy) return {};
    os::MemoryPolicy policy;
    policy.mode = TRY(os::parse_memory_mode(spec.memory_policy->mode));
    for (const std::string& flag : spec.memory_policy->flags)
        policy.mode |= TRY(os::parse_memory_flag(flag));
    if (!spec.memory_policy->nodes.empty())
        policy.nodes = TRY(os::parse_number_list(spec.memory_policy->nodes), "memory nodes");
    program.memory_policy = std::move(policy);
    return {};
}

static void place_terminal(const oci::Process& process, Program& program) {
    program.terminal = process.terminal;
    if (!process.console_size) return;
    const auto [height, width] = *process.console_size;
    constexpr std::uint64_t kMost = UINT16_MAX;  // ioctl_tty(2)
    program.window = os::WindowSize{.rows = static_cast<std::uint16_t>(std::min(height, kMost)),
                                    .columns = static_cast<std::uint16_t>(std::min(width, kMost))};
}

// crun's annotation, which podman gives for --group-add keep-groups.
static bool keeps_groups(const Request& request) {
    const auto& annotations = request.spec.annotations;
    const auto asked = annotations.find("run.oci.keep_original_groups");
    return request.identity.keep_groups || (asked != annotations.end() && asked->second != "0");
}

// Of several values for a name the last is the one that was meant; getenv(3) would take the first.
static std::vector<std::string> last_of_each(const std::vector<std::string>& env) {
    std::vector<std::string> kept;
    std::set<std::string_view> names;
    for (const std::string& entry : std::views::reverse(env))
        if (names.insert(std::string_view(entry).substr(0, entry.find('='))).second)
            kept.push_back(entry);
    std::ranges::reverse(kept);
    return kept;
}

static Result<> place_command(const Request& request, Program& program) {
    const oci::Process& process = request.spec.process;
    const bool init_alone = request.init && process.args.empty();
    if (!init_alone && (process.args.empty() || process.args.front().empty()))
        return Error(Error::Kind::usage, "{}",
                     request.exact ? "process.args is empty: there is no program to run"
                                   : "no command given, and the image names none");
    program.argv = process.args;
    program.env = last_of_each(process.env);
    program.cwd = TRY(os::InnerPath::parse(process.cwd), "working directory");
    program.identity = request.identity;
    program.identity.keep_groups = keeps_groups(request);
    program.umask = process.user.umask.value_or(0022);
    place_terminal(process, program);
    program.oom_score_adj = process.oom_score_adj;
    program.keyring = request.keyring;
    program.kept_descriptors = request.kept_descriptors;
    return {};
}

Result<Program> compile_program(const Request& request) {
    Program program;
    TRY(place_privileges(request, program));
    TRY(place_limits(request.spec.process, program));
    TRY(place_command(request, program));
    TRY(place_scheduler(request.spec.process, program), "process");
    TRY(place_memory(request.spec, program));
    return program;
}

}  // namespace sbx::sandbox
