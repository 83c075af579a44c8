#include "oci/hooks.h"

#include "oci/members.h"

namespace sbx::oci {

static void describe(Members& members, Hook& hook) {
    members.required("path", hook.path);
    members.optional("args", hook.args);
    members.optional("env", hook.env);
    members.optional("timeout", hook.timeout, {.least = 1});
    members.refuse_unless(hook.path.starts_with('/'), "path", "is not an absolute path");
}

void describe(Members& members, Hooks& hooks) {
    members.optional("prestart", hooks.prestart);
    members.optional("createRuntime", hooks.create_runtime);
    members.optional("createContainer", hooks.create_container);
    members.optional("startContainer", hooks.start_container);
    members.optional("poststart", hooks.poststart);
    members.optional("poststop", hooks.poststop);
}

}  // namespace sbx::oci
