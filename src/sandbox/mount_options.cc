#include "sandbox/mount_options.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"

namespace sbx::sandbox {

namespace {

struct Word {
    std::string_view word;
    std::uint64_t set;
    std::uint64_t clear;
};

// clang-format off
constexpr Word kWords[] = {
    {"ro",            MOUNT_ATTR_RDONLY,      0},
    {"rw",            0,                      MOUNT_ATTR_RDONLY},
    {"nosuid",        MOUNT_ATTR_NOSUID,      0},
    {"suid",          0,                      MOUNT_ATTR_NOSUID},
    {"nodev",         MOUNT_ATTR_NODEV,       0},
    {"dev",           0,                      MOUNT_ATTR_NODEV},
    {"noexec",        MOUNT_ATTR_NOEXEC,      0},
    {"exec",          0,                      MOUNT_ATTR_NOEXEC},
    {"noatime",       MOUNT_ATTR_NOATIME,     MOUNT_ATTR__ATIME},
    {"relatime",      MOUNT_ATTR_RELATIME,    MOUNT_ATTR__ATIME},
    {"strictatime",   MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
    {"atime",         MOUNT_ATTR_RELATIME,    MOUNT_ATTR__ATIME},  // these three: the kernel's way
    {"norelatime",    MOUNT_ATTR_RELATIME,    MOUNT_ATTR__ATIME},
    {"nostrictatime", MOUNT_ATTR_RELATIME,    MOUNT_ATTR__ATIME},
    {"nodiratime",    MOUNT_ATTR_NODIRATIME,  0},
    {"diratime",      0,                      MOUNT_ATTR_NODIRATIME},
    {"nosymfollow",   MOUNT_ATTR_NOSYMFOLLOW, 0},
    {"symfollow",     0,                      MOUNT_ATTR_NOSYMFOLLOW},
};

struct Propagation {
    std::string_view word;
    std::uint64_t flag;
};

constexpr Propagation kPropagations[] = {
    {"private", MS_PRIVATE},
    {"slave", MS_SLAVE},
    {"shared", MS_SHARED},
    {"unbindable", MS_UNBINDABLE},
};
// clang-format on

// Of the file system and not of one mount of it: fsconfig(2) knows them as flags of every type.
constexpr std::array<std::string_view, 3> kSuperblock = {"sync", "dirsync", "lazytime"};

constexpr std::array<std::string_view, 9> kDefaults = {"defaults", "async",    "nolazytime",
                                                       "mand",     "nomand",   "silent",
                                                       "loud",     "iversion", "noiversion"};

constexpr std::array<std::string_view, 10> kOthers = {
    "bind",      "rbind",    "idmap",        "ridmap",        "copyup",
    "tmpcopyup", "optional", "src-nofollow", "dest-nofollow", "copy-symlink"};

}  // namespace

static const Word* find_attribute(std::string_view name) {
    const auto* const word = std::ranges::find(kWords, name, &Word::word);
    return word == std::end(kWords) ? nullptr : word;
}

static void change(os::Attributes& attributes, const Word& word) {
    attributes.set = (attributes.set & ~word.clear) | word.set;
    attributes.clear = (attributes.clear & ~word.set) | word.clear;
}

// "rro" is "ro" of the mount and of all below it. No word of the table is another one with an r
// before it but these: "ro", "rw" and "relatime" begin with one by themselves.
static bool take_attribute(std::string_view name, MountOptions& options) {
    if (const Word* word = find_attribute(name)) {
        change(options.attributes, *word);
        return true;
    }
    const Word* const below = name.starts_with('r') ? find_attribute(name.substr(1)) : nullptr;
    if (below) change(options.recursive, *below);
    return below != nullptr;
}

static bool take_propagation(std::string_view name, MountOptions& options) {
    const bool below = name.starts_with('r');
    const std::string_view plain = below ? name.substr(1) : name;
    const auto* const word = std::ranges::find(kPropagations, plain, &Propagation::word);
    if (word == std::end(kPropagations)) return false;
    (below ? options.recursive : options.attributes).propagation = word->flag;
    (below ? options.attributes : options.recursive).propagation = 0;
    return true;
}

static bool take_superblock(std::string_view name, MountOptions& options) {
    for (const std::string_view word : kSuperblock)
        if (name == word) {
            options.superblock.push_back({.name = std::string(word), .value = {}});
            return true;
        }
    return std::ranges::find(kDefaults, name) != kDefaults.end();
}

static bool take_word(std::string_view name, MountOptions& options) {
    if (name == "bind" || name == "rbind") {
        options.bind = true;
        options.depth = name == "rbind" ? os::Depth::and_below : os::Depth::this_one;
        return true;
    }
    if (name == "idmap" || name == "ridmap") {
        options.mapped = name == "ridmap" ? os::Depth::and_below : os::Depth::this_one;
        return true;
    }
    if (name == "tmpcopyup") return options.copy_up = true;
    if (name == "copyup") return options.copy_up = options.is_volume = true;
    if (name == "optional") return options.optional = true;
    if (name == "src-nofollow") return options.source_nofollow = true;
    if (name == "dest-nofollow") return options.target_nofollow = true;
    if (name == "copy-symlink") return options.copy_symlink = true;
    return false;
}

std::vector<std::string> mount_option_words() {
    std::vector<std::string> words;
    const auto add_both = [&](std::string_view word) {
        words.emplace_back(word);
        words.push_back("r" + std::string(word));
    };
    for (const Word& word : kWords)
        add_both(word.word);
    for (const Propagation& word : kPropagations)
        add_both(word.word);
    words.insert(words.end(), kSuperblock.begin(), kSuperblock.end());
    words.insert(words.end(), kDefaults.begin(), kDefaults.end());
    words.insert(words.end(), kOthers.begin(), kOthers.end());
    std::ranges::sort(words);
    return words;
}

Result<MountOptions> parse_mount_options(const std::vector<std::string>& words) {
    MountOptions options;
    for (const std::string& word : words) {
        if (word == "remount" || word.starts_with("idmap=") || word.starts_with("ridmap="))
            return Error(Error::Kind::unsupported, "the mount option '{}' is not supported",
                         excerpt(word));
        if (take_attribute(word, options) || take_propagation(word, options) ||
            take_superblock(word, options) || take_word(word, options))
            continue;
        const auto parts = halves(word, '=');
        if (parts && parts->before == "subpath")
            options.subpath = parts->after;
        else
            options.data.push_back({.name = std::string(parts ? parts->before : word),
                                    .value = std::string(parts ? parts->after : "")});
    }
    return options;
}

os::Attributes together(const os::Attributes& own, const os::Attributes& below) {
    os::Attributes both{.set = (own.set & ~below.clear) | below.set,
                        .clear = (own.clear & ~below.set) | below.clear};
    both.propagation = below.propagation != 0 ? below.propagation : own.propagation;
    return both;
}

}  // namespace sbx::sandbox
