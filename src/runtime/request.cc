#include "runtime/request.h"

#include <cstdlib>

#include <unistd.h>

#include "base/text.h"
#include "os/inherited.h"
#include "runtime/annotations.h"
#include "sandbox/seccomp_words.h"

namespace sbx::runtime {

// sd_listen_fds(3): they are this process's only where LISTEN_PID says so. Without it they are,
// too: whoever starts a runtime need not know its number before.
static Result<int> listening_descriptors() {
    const char* text = std::getenv("LISTEN_FDS");
    const char* pid = std::getenv("LISTEN_PID");
    if (!text || *text == '\0') return 0;
    if (pid && pid != fmt::format("{}", ::getpid())) return 0;
    return static_cast<int>(TRY(parse_number(text, 0, os::kMostInherited), "LISTEN_FDS"));
}

Result<Inheritance> inheritance(int preserved) {
    const int listening = TRY(listening_descriptors());
    const Inheritance inherited{.listening = listening, .preserved = preserved};
    TRY(os::check_inherited(inherited.count()));
    return inherited;
}

static sandbox::Identity identity_of(const oci::User& user) {
    sandbox::Identity identity{.user = fmt::format("{}:{}", user.uid, user.gid)};
    for (const std::uint32_t gid : user.additional_gids)
        identity.groups.push_back(fmt::format("{}", gid));
    return identity;
}

static Result<sandbox::SeccompChoice> filter_of(const oci::Spec& spec) {
    if (!spec.seccomp) return sandbox::SeccompChoice(sandbox::Unconfined{});
    os::SeccompProfile profile = TRY(sandbox::seccomp_profile(*spec.seccomp), "linux.seccomp");
    profile.knows_all = refuses_unknown_calls(spec.annotations);
    TRY(sandbox::check_notifications(profile, spec.seccomp->listener_path), "linux.seccomp");
    return sandbox::SeccompChoice(std::move(profile));
}

Result<sandbox::Request> request_for(oci::Spec spec, const Inheritance& inherited,
                                     std::string keyring) {
    sandbox::Request request{.spec = std::move(spec), .exact = true};
    request.user_namespace = sandbox::AsSpecified{};
    request.identity = identity_of(request.spec.process.user);
    request.seccomp = TRY(filter_of(request.spec));
    request.keyring = std::move(keyring);
    request.kept_descriptors = inherited.count();
    if (inherited.listening > 0) {
        request.spec.process.env.push_back(fmt::format("LISTEN_FDS={}", inherited.listening));
        request.spec.process.env.emplace_back("LISTEN_PID=1");
    }
    return request;
}

}  // namespace sbx::runtime
