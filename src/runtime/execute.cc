#include "runtime/execute.h"

#include <algorithm>

#include <unistd.h>

#include "base/text.h"
#include "os/accounts.h"
#include "os/caps.h"
#include "os/file.h"
#include "os/inherited.h"
#include "runtime/bundle.h"
#include "runtime/console.h"
#include "runtime/hooks.h"
#include "runtime/request.h"
#include "runtime/seccomp_agent.h"
#include "runtime/status.h"
#include "sandbox/cgroup_entry.h"
#include "sandbox/compile.h"

namespace sbx::runtime {

// "UID" or "UID:GID", decimal numbers and nothing else (CVE-2026-30892): a user alone keeps the
// group that the container's process has.
static Result<> change_user(const std::string& words, oci::User& user) {
    const auto parts = halves(words, ':');
    user.uid = TRY(os::parse_id(parts ? parts->before : std::string_view(words)), "--user");
    if (parts) user.gid = TRY(os::parse_id(parts->after), "--user");
    return {};
}

static Result<> change_groups(const std::vector<std::string>& words, oci::User& user) {
    for (const std::string& word : words)
        user.additional_gids.push_back(TRY(os::parse_id(word), "--additional-gids"));
    return {};
}

static Result<> add_capabilities(const std::vector<std::string>& names,
                                 oci::Capabilities& capabilities) {
    for (const std::string& name : names) {
        (void)TRY(os::parse_capability(name));
        for (auto* set : {&capabilities.bounding, &capabilities.effective, &capabilities.permitted})
            if (std::ranges::find(*set, name) == set->end()) set->push_back(name);
    }
    return {};
}

static Result<oci::Process> changed(oci::Process process, const ProcessChanges& changes) {
    process.args = changes.args;
    process.terminal = changes.terminal;
    if (!changes.cwd.empty()) process.cwd = changes.cwd;
    process.env.insert(process.env.end(), changes.env.begin(), changes.env.end());
    if (!changes.user.empty()) TRY(change_user(changes.user, process.user));
    TRY(change_groups(changes.groups, process.user));
    TRY(add_capabilities(changes.capabilities, process.capabilities));
    if (changes.no_new_privileges) process.no_new_privileges = true;
    if (!changes.selinux_label.empty()) process.selinux_label = changes.selinux_label;
    if (!changes.apparmor_profile.empty()) process.apparmor_profile = changes.apparmor_profile;
    return process;
}

static void keep_what_is_absent(const Json& json, const oci::Process& own, oci::Process& process) {
    if (json["capabilities"].is_null()) process.capabilities = own.capabilities;
    if (json["noNewPrivileges"].is_null()) process.no_new_privileges = own.no_new_privileges;
    if (process.rlimits.empty()) process.rlimits = own.rlimits;
    if (process.apparmor_profile.empty()) process.apparmor_profile = own.apparmor_profile;
    if (process.selinux_label.empty()) process.selinux_label = own.selinux_label;
    if (!process.oom_score_adj) process.oom_score_adj = own.oom_score_adj;
    if (!process.scheduler) process.scheduler = own.scheduler;
    if (!process.io_priority) process.io_priority = own.io_priority;
    if (!process.exec_cpu_affinity) process.exec_cpu_affinity = own.exec_cpu_affinity;
}

static Result<oci::Process> read_process(const std::string& path, const oci::Process& own) {
    const os::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return Error::from_errno(errno, "open '{}'", path);
    const std::string text = TRY(os::read_regular(file, path, kLargestConfig));
    const Json json = TRY(Json::parse(text), "'{}'", path);
    oci::Process process = TRY(oci::Process::from_json(json), "'{}'", path);
    keep_what_is_absent(json, own, process);
    return process;
}

static Result<sandbox::Program> program_for(const State& state, oci::Spec spec,
                                            const Execution& execution) {
    spec.process = execution.process_file.empty()
                       ? TRY(changed(std::move(spec.process), execution.changes))
                       : TRY(read_process(execution.process_file, spec.process));
    TRY(check_terminal(spec.process, execution.console));
    TRY(os::check_inherited(execution.preserved_descriptors));
    const Inheritance inherited{.preserved = execution.preserved_descriptors};
    const std::string keyring = state.own_keyring ? state.id : "";
    const sandbox::Request request = TRY(request_for(std::move(spec), inherited, keyring));
    return sandbox::compile_program(request);
}

static Result<> check_runs(const State& state, Status status, const Execution& execution) {
    if (status == Status::running || status == Status::created) return {};
    if (status == Status::paused && execution.also_paused) return {};
    return Error(Error::Kind::busy, "cannot exec in a {} container: '{}'", name_of(status),
                 state.id);
}

// This process joins the container's group for its child to be born there. Where that is gone so is
// what it had.
static Result<> join_resctrl(const ResctrlPlace& place) {
    if (place.group.empty()) return {};
    Result<os::Fd> resctrl = open_resctrl();
    if (resctrl.failed_as(Error::Kind::unsupported)) return {};
    Result<> joined = join_resctrl_group(TRY(std::move(resctrl)), place, ::getpid());
    if (joined.failed_as(Error::Kind::not_found)) return {};
    return joined;
}

Result<sandbox::Entered> execute(const States& states, const Execution& execution) {
    const StateFolder folder = TRY(states.find(execution.id));
    const State state = TRY(folder.read());
    TRY(check_runs(state, status_of(folder, state), execution));
    oci::Spec spec = TRY(spec_made_of(folder, state));
    const os::Fd cgroup = TRY(sandbox::open_entry(state.cgroup, state.pid, execution.cgroup));
    const sandbox::Surroundings surroundings{
        .observer = agent_of(spec.seccomp, state, status_of(folder, state)),
        .cgroup = os::FdView(cgroup)};
    const sandbox::Program program = TRY(program_for(state, std::move(spec), execution));
    TRY(join_resctrl(state.resctrl), "container '{}'", state.id);
    sandbox::Entered entered = TRY(
        sandbox::enter(program, {.init = state.pid, .start_time = state.start_time}, surroundings),
        "container '{}'", state.id);
    TRY(hand_over(execution.console, {.pid = entered.process.pid(),
                                      .pidfd = entered.process.pidfd(),
                                      .terminal = os::FdView(entered.terminal)}));
    return entered;
}

}  // namespace sbx::runtime
