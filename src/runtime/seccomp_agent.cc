#include "runtime/seccomp_agent.h"

#include "oci/spec.h"
#include "runtime/console.h"

namespace sbx::runtime {

Json container_process_state(const Json& state, pid_t process, const std::string& metadata) {
    Json json = Json::object();
    json.set("ociVersion", oci::kRuntimeSpecVersion)
        .set("fds", Json::array().push("seccompFd"))
        .set("pid", process);
    if (!metadata.empty()) json.set("metadata", metadata);
    json.set("state", state);
    return json;
}

sandbox::Observer agent_of(const std::optional<oci::Seccomp>& seccomp, State state, Status status) {
    if (!seccomp || seccomp->listener_path.empty()) return {};
    return [path = seccomp->listener_path, metadata = seccomp->listener_metadata,
            state = std::move(state), status](pid_t process, os::FdView listener) {
        State known = state;
        if (known.pid == 0) known.pid = process;
        const Json document =
            container_process_state(state_document(known, status), process, metadata);
        return send_descriptor(path, document.dump(), listener);
    };
}

}  // namespace sbx::runtime
