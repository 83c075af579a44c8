#include "sandbox/mount_options.h"

#include "base/text.h"

namespace sbx::sandbox {

namespace {

struct Word {
    std::string_view word;
    std::uint64_t set;
    std::uint64_t clear;
    std::uint64_t propagation;
};

// clang-format off
constexpr Word kWords[] = {
    {"ro",          MOUNT_ATTR_RDONLY,      0,                      0},
    {"rw",          0,                      MOUNT_ATTR_RDONLY,      0},
    {"nosuid",      MOUNT_ATTR_NOSUID,      0,                      0},
    {"suid",        0,                      MOUNT_ATTR_NOSUID,      0},
    {"nodev",       MOUNT_ATTR_NODEV,       0,                      0},
    {"dev",         0,                      MOUNT_ATTR_NODEV,       0},
    {"noexec",      MOUNT_ATTR_NOEXEC,      0,                      0},
    {"exec",        0,                      MOUNT_ATTR_NOEXEC,      0},
    {"noatime",     MOUNT_ATTR_NOATIME,     MOUNT_ATTR__ATIME,      0},
    {"relatime",    MOUNT_ATTR_RELATIME,    MOUNT_ATTR__ATIME,      0},
    {"strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME,      0},
    {"nodiratime",  MOUNT_ATTR_NODIRATIME,  0,                      0},
    {"diratime",    0,                      MOUNT_ATTR_NODIRATIME,  0},
    {"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0,                      0},
    {"private",     0,                      0,                      MS_PRIVATE},
    {"rprivate",    0,                      0,                      MS_PRIVATE},
    {"slave",       0,                      0,                      MS_SLAVE},
    {"rslave",      0,                      0,                      MS_SLAVE},
    {"unbindable",  0,                      0,                      MS_UNBINDABLE},
    {"runbindable", 0,                      0,                      MS_UNBINDABLE},
    {"defaults",    0,                      0,                      0},
};
// clang-format on

}  // namespace

static bool take_attribute(std::string_view name, MountOptions& options) {
    for (const Word& word : kWords) {
        if (word.word != name) continue;
        os::Attributes& a = options.attributes;
        a.set = (a.set & ~word.clear) | word.set;
        a.clear = (a.clear & ~word.set) | word.clear;
        if (word.propagation != 0) a.propagation = word.propagation;
        return true;
    }
    return false;
}

static bool take_word(std::string_view name, MountOptions& options) {
    if (name == "bind" || name == "rbind") {
        options.bind = true;
        options.depth = name == "rbind" ? os::Depth::and_below : os::Depth::this_one;
        return true;
    }
    if (name == "tmpcopyup" || name == "copyup") return options.copy_up = true;
    if (name == "optional") return options.optional = true;
    return false;
}

Result<MountOptions> parse_mount_options(const std::vector<std::string>& words) {
    MountOptions options;
    for (const std::string& word : words) {
        if (word == "shared" || word == "rshared")
            return Error(Error::Kind::unsupported,
                         "propagation '{}' would carry the container's mounts to the host", word);
        if (take_attribute(word, options) || take_word(word, options)) continue;
        const auto parts = halves(word, '=');
        if (parts && parts->before == "subpath")
            options.subpath = parts->after;
        else
            options.data.push_back({.name = std::string(parts ? parts->before : word),
                                    .value = std::string(parts ? parts->after : "")});
    }
    return options;
}

}  // namespace sbx::sandbox
