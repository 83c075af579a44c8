#include "os/caps.h"

#include <cerrno>
#include <memory>

#include <sys/capability.h>
#include <sys/prctl.h>

#include "base/text.h"

namespace sbx::os {

static constexpr CapabilitySet bit(int number) { return CapabilitySet{1} << number; }

CapabilitySet all_capabilities() { return bit(::cap_max_bits()) - 1; }

CapabilitySet known_capabilities() { return bit(CAP_LAST_CAP + 1) - 1; }

static std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return result;
}

static Error unknown_capability(std::string_view text) {
    constexpr std::string_view kPrefix = "CAP_";
    const std::vector<std::string> names = capability_names(all_capabilities());
    std::vector<std::string_view> candidates;
    candidates.reserve(names.size());
    for (const std::string_view name : names)
        candidates.push_back(name.substr(kPrefix.size()));
    const std::string wish = upper(text);
    const std::string_view word =
        std::string_view(wish).substr(wish.starts_with(kPrefix) ? kPrefix.size() : 0);
    Error error(Error::Kind::usage, "'{}' is not a capability", excerpt(text));
    if (const auto near = nearest(word, candidates))
        return std::move(error).hint(
            fmt::format("did you mean '{}'? The names are in capabilities(7)", *near));
    return std::move(error).hint(
        "the names are in capabilities(7), for example NET_ADMIN; ALL is all of them");
}

Result<CapabilitySet> parse_capability(std::string_view text) {
    std::string name = lower(text);
    if (name == "all") return all_capabilities();
    if (!name.starts_with("cap_")) name.insert(0, "cap_");
    // libcap takes a number for a name, and what follows a name for nothing.
    const bool word = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == name.npos;
    cap_value_t number = 0;
    if (!word || ::cap_from_name(name.c_str(), &number) != 0) return unknown_capability(text);
    return bit(number);
}

std::vector<std::string> capability_names(CapabilitySet set) {
    std::vector<std::string> names;
    for (int number = 0; number < 64; ++number) {
        if ((set & bit(number)) == 0) continue;
        char* name = ::cap_to_name(number);
        names.push_back(upper(name ? name : fmt::format("cap_{}", number)));
        ::cap_free(name);
    }
    return names;
}

Result<> limit_bounding_set(CapabilitySet keep) {
    for (int number = 0; number < ::cap_max_bits(); ++number)
        if ((keep & bit(number)) == 0 && ::prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0)
            return Error::from_errno(errno, "drop capability {} for good", number);
    return {};
}

static void raise(cap_t state, cap_flag_t flag, CapabilitySet set) {
    for (cap_value_t number = 0; number < ::cap_max_bits(); ++number)
        if ((set & bit(number)) != 0) ::cap_set_flag(state, flag, 1, &number, CAP_SET);
}

Result<> set_capabilities(const Capabilities& capabilities) {
    const std::unique_ptr<_cap_struct, int (*)(void*)> state(::cap_init(), ::cap_free);
    if (!state) return Error::from_errno(errno, "make a capability set");
    raise(state.get(), CAP_PERMITTED, capabilities.permitted);
    raise(state.get(), CAP_EFFECTIVE, capabilities.effective);
    raise(state.get(), CAP_INHERITABLE, capabilities.inheritable);
    if (::cap_set_proc(state.get()) != 0) return Error::from_errno(errno, "set capabilities");
    for (int number = 0; number < ::cap_max_bits(); ++number)
        if ((capabilities.ambient & bit(number)) != 0 &&
            ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0) != 0)
            return Error::from_errno(errno, "make capability {} ambient", number);
    return {};
}

Result<> keep_capabilities() {
    if (::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0) return {};
    return Error::from_errno(errno, "keep capabilities");
}

Result<> forbid_new_privileges() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) return {};
    return Error::from_errno(errno, "forbid new privileges");
}

}  // namespace sbx::os
