#include "container/execute.h"

#include "base/text.h"
#include "container/environment.h"
#include "container/pause.h"
#include "os/caps.h"
#include "sandbox/cgroup_entry.h"
#include "sandbox/compile.h"

namespace sbx::container {

static Result<std::vector<std::string>> compose_env(const std::vector<std::string>& before,
                                                    const ExecOptions& options,
                                                    const std::vector<std::string>& own) {
    Variables variables;
    for (const std::string& entry : before)
        variables.set(entry);
    if (options.tty) variables.set_default(kOwnTerm);
    for (const std::string& file : options.env_files)
        TRY(apply_env_file(file, own, variables));
    for (const std::string& entry : options.env)
        TRY(apply_env(entry, own, variables));
    return variables.entries();
}

static void give_all_privileges(sandbox::Request& request) {
    request.spec.process.capabilities =
        oci::Capabilities::of(os::capability_names(os::all_capabilities()));
    request.spec.process.no_new_privileges = false;
    request.seccomp = sandbox::Unconfined{};
}

Result<sandbox::Request> compose_exec(const Blueprint& blueprint, const ExecOptions& options,
                                      const std::vector<std::string>& own) {
    sandbox::Request request = blueprint.request;
    oci::Process& process = request.spec.process;
    if (options.command.empty() || options.command.front().empty())
        return Error(Error::Kind::usage, "the command is an empty word");
    process.args = options.command;
    process.terminal = options.tty;
    process.env = TRY(compose_env(process.env, options, own));
    if (!options.workdir.empty()) process.cwd = options.workdir;
    if (!process.cwd.starts_with('/'))
        return Error(Error::Kind::usage, "--workdir {}: an absolute path belongs there",
                     excerpt(process.cwd));
    if (options.user && options.user->empty())
        return Error(Error::Kind::usage, "--user: a user belongs there");
    if (options.user) request.identity.user = *options.user;
    if (options.privileged) give_all_privileges(request);
    request.kept_descriptors = options.preserve_fds;
    return request;
}

static Error not_running() { return {Error::Kind::failed, "the container does not run"}; }

Result<sandbox::Entered> execute(const store::Containers& containers, const std::string& id,
                                 const sandbox::Request& request,
                                 const sandbox::Surroundings& surroundings) {
    const sandbox::Program program = TRY(sandbox::compile_program(request));
    const std::optional<store::LiveState> live = containers.live(id);
    if (!live) return not_running();
    TRY(check_not_paused(containers, id, *live));
    const sandbox::CgroupPlace place = TRY(sandbox::CgroupPlace::from_json(live->cgroup));
    Result<os::Fd> entry = sandbox::open_entry(place, live->pid);
    if (entry.failed_as(Error::Kind::not_found)) return not_running();
    const os::Fd cgroup = TRY(std::move(entry));
    sandbox::Surroundings inside = surroundings;
    inside.cgroup = os::FdView(cgroup);
    Result<sandbox::Entered> entered =
        sandbox::enter(program, {.init = live->pid, .start_time = live->start_time}, inside);
    if (entered.failed_as(Error::Kind::not_found)) return not_running();
    return entered;
}

}  // namespace sbx::container
