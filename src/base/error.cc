#include "base/error.h"

#include <cstring>

namespace sbx {

static Error::Kind kind_of(int err) {
    switch (err) {
        case ENOENT:
        case ESRCH: return Error::Kind::not_found;
        case EEXIST: return Error::Kind::exists;
        case EPERM:
        case EACCES: return Error::Kind::denied;
        case ENOSYS:
        case EOPNOTSUPP: return Error::Kind::unsupported;
        case EBUSY: return Error::Kind::busy;
        default: return Error::Kind::failed;
    }
}

Error::Error(Kind kind, int err, std::string text)
    : state_(std::make_unique<State>(
          State{.kind = kind, .err = err, .text = std::move(text), .hint = {}})) {}

Error Error::from_errno_text(int err, std::string text) {
    return Error(kind_of(err), err, fmt::format("{}: {}", text, std::strerror(err)));
}

Error Error::context(std::string_view outer) && {
    state_->text = fmt::format("{}: {}", outer, state_->text);
    return std::move(*this);
}

Error Error::hint(std::string_view advice) && {
    if (state_->hint.empty()) state_->hint = advice;  // the innermost advice is the most exact
    return std::move(*this);
}

Error Error::as(Kind kind) && {
    state_->kind = kind;
    return std::move(*this);
}

// What no socket takes would be lost as a whole: a message has to stay below os::kLargestMessage.
static constexpr std::size_t kLargestText = std::size_t{32} * 1024;
static constexpr std::size_t kLargestHint = std::size_t{16} * 1024;

std::string Error::pack() const {
    std::string bytes;
    bytes += static_cast<char>(state_->kind);
    bytes.append(reinterpret_cast<const char*>(&state_->err), sizeof state_->err);
    bytes.append(state_->text, 0, kLargestText);
    bytes += '\0';
    bytes.append(state_->hint, 0, kLargestHint);
    return bytes;
}

Error Error::unpack(std::string_view bytes) {
    constexpr std::size_t kHead = 1 + sizeof(int);
    if (bytes.size() < kHead) return Error(Kind::failed, "the child sent an unreadable error");
    int err = 0;
    std::memcpy(&err, bytes.data() + 1, sizeof err);
    const std::string_view rest = bytes.substr(kHead);
    const std::size_t split = rest.rfind('\0');  // a text may hold one; advice does not
    if (static_cast<unsigned char>(bytes[0]) > static_cast<unsigned char>(Kind::not_executable))
        return Error(Kind::failed, "the child sent an unreadable error");
    Error error(static_cast<Kind>(bytes[0]), err, std::string(rest.substr(0, split)));
    if (split != rest.npos) error.state_->hint = rest.substr(split + 1);
    return error;
}

}  // namespace sbx
