#include "runtime/execute.h"

#include <algorithm>

#include "base/text.h"
#include "os/accounts.h"
#include "os/caps.h"
#include "os/file.h"
#include "runtime/bundle.h"
#include "runtime/console.h"
#include "runtime/request.h"
#include "runtime/status.h"
#include "runtime/supported.h"
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
    if (words.empty()) return {};
    user.additional_gids.clear();
    for (const std::string& word : words)
        user.additional_gids.push_back(TRY(os::parse_id(word), "--additional-gids"));
    return {};
}

static Result<> add_capabilities(const std::vector<std::string>& names,
                                 oci::Capabilities& capabilities) {
    for (const std::string& name : names) {
        TRY(os::parse_capability(name));
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
    return process;
}

static Result<oci::Process> read_process(const std::string& path) {
    const os::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return Error::from_errno(errno, "open '{}'", path);
    const std::string text = TRY(os::read_regular(file, path, kLargestConfig));
    const Json json = TRY(Json::parse(text), "'{}'", path);
    return TRY(oci::Process::from_json(json), "'{}'", path);
}

static Result<sandbox::Program> program_for(const State& state, oci::Spec spec,
                                            const Execution& execution) {
    spec.process = execution.process_file.empty()
                       ? TRY(changed(std::move(spec.process), execution.changes))
                       : TRY(read_process(execution.process_file));
    TRY(check_terminal(spec.process, execution.console));
    TRY(check_supported(spec.process));
    const Inheritance inherited = TRY(inheritance(execution.preserved_descriptors));
    const sandbox::Request request = TRY(request_for(std::move(spec), inherited, state.id));
    return sandbox::compile_program(request);
}

static Result<> check_runs(const State& state, Status status) {
    if (status == Status::running || status == Status::created) return {};
    return Error(Error::Kind::busy, "cannot exec in a {} container: '{}'", name_of(status),
                 state.id);
}

Result<sandbox::Entered> execute(const States& states, const Execution& execution) {
    const StateFolder folder = TRY(states.find(execution.id));
    const State state = TRY(folder.read());
    TRY(check_runs(state, status_of(folder, state)));
    const std::string config = TRY(folder.config());
    oci::Spec spec = TRY(spec_of(state.bundle, config));
    const sandbox::Program program = TRY(program_for(state, std::move(spec), execution));
    sandbox::Entered entered =
        TRY(sandbox::enter(program, {.init = state.pid, .start_time = state.start_time}));
    TRY(hand_over(execution.console, {.pid = entered.process.pid(),
                                      .pidfd = entered.process.pidfd(),
                                      .terminal = os::FdView(entered.terminal)}));
    return entered;
}

}  // namespace sbx::runtime
