#include "runtime/request.h"

#include <cstdlib>

#include <fcntl.h>

#include "base/text.h"
#include "sandbox/seccomp_words.h"

namespace sbx::runtime {

static constexpr int kMost = 1024;

// Descriptors of our own are close-on-exec; one that came through an execve is not.
static bool is_inherited(int fd) {
    const int flags = ::fcntl(fd, F_GETFD);
    return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

static Result<int> listening_descriptors() {
    const char* text = std::getenv("LISTEN_FDS");
    if (!text || *text == '\0') return 0;
    return static_cast<int>(TRY(parse_number(text, 0, kMost), "LISTEN_FDS"));
}

Result<Inheritance> inheritance(int preserved) {
    if (preserved > kMost)
        return Error(Error::Kind::usage, "--preserve-fds {}: at most {}", preserved, kMost);
    const Inheritance inherited{.listening = TRY(listening_descriptors()), .preserved = preserved};
    for (int fd = 3; fd < 3 + inherited.count(); ++fd)
        if (!is_inherited(fd))
            return Error::from_errno(EBADF, "descriptor {} is to be the program's", fd);
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
