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

static Result<> place_command(const Request& request, Program& program) {
    const oci::Process& process = request.spec.process;
    if (process.args.empty() || process.args.front().empty())
        return Error(Error::Kind::usage, "no command given, and the image names none");
    program.argv = process.args;
    program.env = process.env;
    program.cwd = TRY(os::InnerPath::parse(process.cwd), "working directory");
    program.identity = request.identity;
    program.umask = process.user.umask.value_or(0022);
    program.terminal = process.terminal;
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
    return program;
}

}  // namespace sbx::sandbox
