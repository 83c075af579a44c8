#include "oci/process.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "oci/members.h"

namespace sbx::oci {

Capabilities Capabilities::of(const std::vector<std::string>& names) {
    return {.bounding = names, .effective = names, .permitted = names};
}

static void describe(Members& members, User& user) {
    members.required("uid", user.uid, {.most = kMostId});
    members.required("gid", user.gid, {.most = kMostId});
    members.optional("umask", user.umask, {.most = 0777});
    members.optional("additionalGids", user.additional_gids, {.most = kMostId});
}

static void describe(Members& members, Capabilities& capabilities) {
    members.optional("bounding", capabilities.bounding);
    members.optional("effective", capabilities.effective);
    members.optional("inheritable", capabilities.inheritable);
    members.optional("permitted", capabilities.permitted);
    members.optional("ambient", capabilities.ambient);
}

static void describe(Members& members, Rlimit& limit) {
    members.required("type", limit.type);
    members.required("hard", limit.hard);
    members.required("soft", limit.soft);
}

static void describe(Members& members, ConsoleSize& size) {
    members.required("height", size.height);
    members.required("width", size.width);
}

static void describe(Members& members, Scheduler& scheduler) {
    static constexpr std::array<std::string_view, 7> kPolicies = {
        "SCHED_OTHER", "SCHED_FIFO", "SCHED_RR",      "SCHED_BATCH",
        "SCHED_ISO",   "SCHED_IDLE", "SCHED_DEADLINE"};
    static constexpr std::array<std::string_view, 7> kFlags = {
        "SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM",     "SCHED_FLAG_DL_OVERRUN",
        "SCHED_FLAG_KEEP_POLICY",   "SCHED_FLAG_KEEP_PARAMS", "SCHED_FLAG_UTIL_CLAMP_MIN",
        "SCHED_FLAG_UTIL_CLAMP_MAX"};
    members.required("policy", scheduler.policy, {.words = kPolicies});
    members.optional("nice", scheduler.nice, {.least = -20, .most = 19});
    members.optional("priority", scheduler.priority);
    members.optional("flags", scheduler.flags, {.words = kFlags});
    members.optional("runtime", scheduler.runtime);
    members.optional("deadline", scheduler.deadline);
    members.optional("period", scheduler.period);
}

static void describe(Members& members, IoPriority& priority) {
    static constexpr std::array<std::string_view, 3> kClasses = {
        "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"};
    members.required("class", priority.io_class, {.words = kClasses});
    members.optional("priority", priority.priority, {.least = 0, .most = 7});
}

static void describe(Members& members, CpuAffinity& affinity) {
    const auto is_list = [](const std::string& text) {
        return text.find_first_not_of("0123456789,- ") == std::string::npos;
    };
    members.optional("initial", affinity.initial);
    members.optional("final", affinity.final);
    members.refuse_unless(is_list(affinity.initial), "initial", "is not a list of processors");
    members.refuse_unless(is_list(affinity.final), "final", "is not a list of processors");
}

static bool are_of_different_types(const std::vector<Rlimit>& limits) {
    std::set<std::string_view> types;
    return std::ranges::all_of(limits,
                               [&](const Rlimit& l) { return types.insert(l.type).second; });
}

void describe(Members& members, Process& process) {
    members.optional("terminal", process.terminal);
    members.optional("consoleSize", process.console_size);
    members.required("user", process.user);
    members.optional("args", process.args);
    members.optional("env", process.env);
    members.required("cwd", process.cwd);
    members.optional("capabilities", process.capabilities);
    members.optional("rlimits", process.rlimits);
    members.optional("noNewPrivileges", process.no_new_privileges);
    members.optional("apparmorProfile", process.apparmor_profile);
    members.optional("oomScoreAdj", process.oom_score_adj, {.least = -1000, .most = 1000});
    members.optional("scheduler", process.scheduler);
    members.optional("selinuxLabel", process.selinux_label);
    members.optional("ioPriority", process.io_priority);
    members.optional("execCPUAffinity", process.exec_cpu_affinity);
    members.refuse_unless(process.cwd.starts_with('/'), "cwd", "is not an absolute path");
    members.refuse_unless(are_of_different_types(process.rlimits), "rlimits",
                          "has two limits of one type");
}

Result<Process> Process::from_json(const Json& json) { return read_document<Process>(json); }

Json Process::to_json() const { return write_document(*this); }

}  // namespace sbx::oci
