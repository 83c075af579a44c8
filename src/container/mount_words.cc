#include "container/mount_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"

namespace sbx::container {

static Error bad(std::string_view what, std::string_view text, std::string_view why) {
    return Error(Error::Kind::usage, "{} '{}': {}", what, excerpt(text), why);
}

static bool is_path(std::string_view source) {
    return source.contains('/') || source == "." || source == "..";
}

// "\:" is a ':' of the path itself.
static std::vector<std::string> split_escaped(std::string_view text) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ':')
            parts.back() += text[++i];
        else if (text[i] == ':')
            parts.emplace_back();
        else
            parts.back() += text[i];
    }
    return parts;
}

// Words that sandbox/mount_options.h knows, and those of podman and docker that change nothing
// here.
static bool is_plain_option(std::string_view word) {
    constexpr std::array kWords = {
        "ro",      "rw",       "nosuid",      "suid",       "nodev",      "dev",
        "noexec",  "exec",     "bind",        "rbind",      "private",    "rprivate",
        "slave",   "rslave",   "shared",      "rshared",    "unbindable", "runbindable",
        "noatime", "relatime", "strictatime", "nodiratime", "diratime",   "nosymfollow"};
    return std::ranges::find(kWords, word) != kWords.end();
}

// docker's, for machines where a mount crosses into another; without effect on Linux.
static bool is_consistency(std::string_view word) {
    return word == "cached" || word == "delegated" || word == "consistent";
}

static bool contradict(std::string_view a, std::string_view b) {
    const auto both = [&](std::string_view x, std::string_view y) {
        return (a == x && b == y) || (a == y && b == x);
    };
    return both("ro", "rw") || both("dev", "nodev") || both("suid", "nosuid") ||
           both("exec", "noexec");
}

static Result<> add_option(std::string_view text, std::string_view word, MountWish& wish) {
    for (const std::string& other : wish.options)
        if (contradict(other, word))
            return bad("volume", text,
                       fmt::format("'{}' and '{}' contradict each other", other, word));
    wish.options.emplace_back(word);
    return {};
}

static Result<> volume_option(std::string_view text, std::string_view word, MountWish& wish) {
    if (is_plain_option(word)) return add_option(text, word, wish);
    if (word == "z" || word == "Z") return {};  // SELinux's labels: sbx does not change them
    if (word == "copy" || is_consistency(word)) return {};
    if (word == "nocopy") {
        wish.no_copy = true;
        return {};
    }
    if (word == "U") {
        wish.give = true;
        return {};
    }
    if (word == "O") {
        wish.overlay = true;
        return {};
    }
    if (word.starts_with("upperdir=") || word.starts_with("workdir=")) {
        (word.front() == 'u' ? wish.upper : wish.work) = word.substr(word.find('=') + 1);
        return {};
    }
    if (word == "create" || word == "nocreate") {
        wish.make_source = word == "create";
        return {};
    }
    if (word.empty()) return bad("volume", text, "an option is empty");
    return bad("volume", text, fmt::format("unknown option '{}'", excerpt(word)))
        .hint(
            "options are ro, rw, U, O, nocopy, create, nosuid, nodev, noexec, rbind, rprivate, "
            "rslave");
}

static Result<> check_target(std::string_view what, std::string_view text,
                             std::string_view target) {
    if (target.empty()) return bad(what, text, "it names no path in the container");
    if (!target.starts_with('/'))
        return bad(what, text, fmt::format("'{}' is not an absolute path", excerpt(target)));
    return {};
}

static Result<> check_gift(std::string_view what, std::string_view text, const MountWish& wish) {
    const bool read_only = std::ranges::find(wish.options, "ro") != wish.options.end();
    if (!wish.give || !read_only) return {};
    return bad(what, text, "'ro' and 'U' contradict each other");
}

// podman's rule: O stands alone, or with both of its folders.
static Result<> check_overlay(std::string_view text, std::string_view options,
                              const MountWish& wish) {
    const bool has_folder = options.contains("upperdir=") || options.contains("workdir=");
    if (!wish.overlay && has_folder)
        return bad("volume", text, "upperdir and workdir are options of O");
    if (!wish.overlay) return {};
    if (wish.upper.empty() != wish.work.empty() || (has_folder && wish.upper.empty()))
        return bad("volume", text, "upperdir and workdir belong together, and name a folder each");
    const std::size_t meant = has_folder ? 3 : 1;
    if (split(options, ',').size() != meant)
        return bad("volume", text, "no other options go with O, but upperdir and workdir");
    if (wish.source.empty()) return bad("volume", text, "O needs a source to be laid over");
    return {};
}

Result<MountWish> parse_volume(std::string_view text) {
    const std::vector<std::string> parts = split_escaped(text);
    if (parts.size() > 3) return bad("volume", text, "it has more than three parts");
    MountWish wish;
    wish.source = parts.size() == 1 ? "" : parts[0];
    wish.target = parts.size() == 1 ? parts[0] : parts[1];
    wish.kind = is_path(wish.source) ? MountWish::Kind::bind : MountWish::Kind::volume;
    if (parts.size() > 1 && wish.source.empty()) return bad("volume", text, "its source is empty");
    TRY(check_target("volume", text, wish.target));
    if (parts.size() == 3)
        for (const std::string_view word : split(parts[2], ','))
            TRY(volume_option(text, word, wish));
    TRY(check_overlay(text, parts.size() == 3 ? parts[2] : "", wish));
    TRY(check_gift("volume", text, wish));
    return wish;
}

namespace {

struct Field {
    std::string key;
    std::string value;
    bool has_value = false;
};

}  // namespace

// Comma-separated, with "..." around what has a comma of its own, and "" in there for a quote:
// RFC 4180, as docker.
static Result<std::vector<std::string>> split_quoted(std::string_view text) {
    std::vector<std::string> parts(1);
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text.substr(i).starts_with("\"\""))
            parts.back() += text[++i];
        else if (text[i] == '"')
            quoted = !quoted;
        else if (text[i] == ',' && !quoted)
            parts.emplace_back();
        else
            parts.back() += text[i];
    }
    if (quoted) return bad("mount", text, "a quote is not closed");
    return parts;
}

static Result<std::vector<Field>> fields_of(std::string_view text) {
    std::vector<Field> fields;
    for (const std::string& part : TRY(split_quoted(text))) {
        const auto sides = halves(part, '=');
        if (part.empty()) return bad("mount", text, "a field is empty");
        fields.push_back({.key = std::string(sides ? sides->before : part),
                          .value = std::string(sides ? sides->after : ""),
                          .has_value = sides.has_value()});
    }
    return fields;
}

static Result<MountWish::Kind> parse_kind(std::string_view text, std::string_view value) {
    if (value == "bind") return MountWish::Kind::bind;
    if (value == "volume") return MountWish::Kind::volume;
    if (value == "tmpfs") return MountWish::Kind::tmpfs;
    if (value == "image") return MountWish::Kind::image;
    if (value == "devpts") return MountWish::Kind::devpts;
    return bad(
        "mount", text,
        fmt::format("type '{}' is none of bind, volume, tmpfs, image, devpts", excerpt(value)));
}

static bool is_propagation(std::string_view word) {
    constexpr std::array kWords = {"private", "rprivate", "slave",      "rslave",
                                   "shared",  "rshared",  "unbindable", "runbindable"};
    return std::ranges::find(kWords, word) != kWords.end();
}

enum class Switch : std::uint8_t { off, on };

static Result<Switch> parse_switch(std::string_view text, const Field& field) {
    if (!field.has_value || field.value == "true" || field.value == "1") return Switch::on;
    if (field.value == "false" || field.value == "0") return Switch::off;
    return bad(
        "mount", text,
        fmt::format("{} is '{}', where true or false belongs", field.key, excerpt(field.value)));
}

static Result<> tmpfs_field(std::string_view text, const Field& field, MountWish& wish) {
    if (field.key == "tmpfs-size") {
        const std::uint64_t size = TRY(parse_size(field.value), "mount '{}'", excerpt(text));
        wish.options.push_back(fmt::format("size={}", size));
        return {};
    }
    const bool octal = !field.value.empty() && field.value.size() <= 5 &&
                       field.value.find_first_not_of("01234567") == field.value.npos;
    if (!octal) return bad("mount", text, fmt::format("'{}' is not a mode", excerpt(field.value)));
    wish.options.push_back("mode=" + field.value);
    return {};
}

static Result<> mount_field(std::string_view text, const Field& field, MountWish& wish) {
    const std::string& key = field.key;
    if (key == "type") return {};
    if (key == "src" || key == "source") {
        wish.source = field.value;
    } else if (key == "dst" || key == "destination" || key == "target") {
        wish.target = field.value;
    } else if (key == "ro" || key == "readonly" || key == "rw") {
        const bool on = TRY(parse_switch(text, field)) == Switch::on;
        return add_option(text, on == (key == "rw") ? "rw" : "ro", wish);
    } else if (key == "bind-propagation") {
        if (!is_propagation(field.value))
            return bad("mount", text,
                       fmt::format("'{}' is not a propagation", excerpt(field.value)));
        wish.options.push_back(field.value);
    } else if (key == "bind-nonrecursive") {
        if (TRY(parse_switch(text, field)) == Switch::on) wish.options.emplace_back("bind");
    } else if (key == "tmpfs-size" || key == "tmpfs-mode") {
        return tmpfs_field(text, field, wish);
    } else if (key == "tmpcopyup" || key == "volume-nocopy") {
        const bool on = TRY(parse_switch(text, field)) == Switch::on;
        if (key == "volume-nocopy") wish.no_copy = on;
        if (key == "tmpcopyup" && on) wish.options.emplace_back("tmpcopyup");
    } else if (key == "subpath" || key == "volume-subpath") {
        wish.options.push_back("subpath=" + field.value);
    } else if (key == "bind-create-src" || key == "create") {
        wish.make_source = TRY(parse_switch(text, field)) == Switch::on;
    } else if (key == "U" || key == "chown") {
        wish.give = TRY(parse_switch(text, field)) == Switch::on;
    } else if (key == "consistency") {
        if (!is_consistency(field.value) && field.value != "default")
            return bad("mount", text,
                       fmt::format("'{}' is none of default, consistent, cached, delegated",
                                   excerpt(field.value)));
    } else if (key == "relabel") {
        // SELinux's labels: sbx does not change them.
    } else if (is_plain_option(key) && !field.has_value) {
        return add_option(text, key, wish);
    } else {
        return bad("mount", text, fmt::format("unknown key '{}'", excerpt(key)))
            .hint(
                "keys are type, src, dst, ro, subpath, bind-propagation, bind-nonrecursive, "
                "tmpfs-size, tmpfs-mode, tmpcopyup, volume-nocopy, create, U");
    }
    return {};
}

static Result<> check_mount(std::string_view text, const MountWish& wish) {
    TRY(check_target("mount", text, wish.target));
    const bool needs_source =
        wish.kind == MountWish::Kind::bind || wish.kind == MountWish::Kind::image;
    if (needs_source && wish.source.empty()) return bad("mount", text, "it names no source (src=)");
    if (wish.kind == MountWish::Kind::tmpfs && !wish.source.empty())
        return bad("mount", text, "a tmpfs has no source");
    if (wish.kind == MountWish::Kind::devpts && !(wish.source.empty() && wish.options.empty()))
        return bad("mount", text, "a devpts has a dst alone");
    const auto is_read_only = [](const std::string& option) { return option == "ro"; };
    if (wish.kind == MountWish::Kind::image && !std::ranges::all_of(wish.options, is_read_only))
        return bad("mount", text, "an image is mounted whole and read-only");
    const bool has_files =
        wish.kind == MountWish::Kind::bind || wish.kind == MountWish::Kind::volume;
    if (wish.give && !has_files)
        return bad("mount", text, "U is for folders of the host and volumes");
    return check_gift("mount", text, wish);
}

static std::string_view usual_name(std::string_view key) {
    if (key == "source") return "src";
    if (key == "destination" || key == "target") return "dst";
    return key;
}

Result<MountWish> parse_mount(std::string_view text) {
    const std::vector<Field> fields = TRY(fields_of(text));
    MountWish wish{.kind = MountWish::Kind::volume};
    std::set<std::string_view> seen;
    for (const Field& field : fields) {
        if (!seen.insert(usual_name(field.key)).second)
            return bad("mount", text, fmt::format("'{}' stands there twice", excerpt(field.key)));
        if (field.key == "type") wish.kind = TRY(parse_kind(text, field.value));
    }
    for (const Field& field : fields)
        TRY(mount_field(text, field, wish));
    TRY(check_mount(text, wish));
    return wish;
}

static Result<> tmpfs_option(std::string_view text, std::string_view word, MountWish& wish) {
    if (is_plain_option(word)) return add_option(text, word, wish);
    if (word == "tmpcopyup") return add_option(text, word, wish);
    if (word == "notmpcopyup" || word == "defaults") return {};
    const auto sides = halves(word, '=');
    if (!sides) return bad("tmpfs", text, fmt::format("unknown option '{}'", excerpt(word)));
    const std::string_view key = sides->before;
    if (key == "size" && !sides->after.ends_with('%')) {
        const std::uint64_t size = TRY(parse_size(sides->after), "tmpfs '{}'", excerpt(text));
        wish.options.push_back(fmt::format("size={}", size));
        return {};
    }
    constexpr std::array kKeys = {"size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "huge"};
    if (std::ranges::find(kKeys, key) == kKeys.end())
        return bad("tmpfs", text, fmt::format("unknown option '{}'", excerpt(word)));
    wish.options.emplace_back(word);
    return {};
}

Result<MountWish> parse_tmpfs(std::string_view text) {
    const auto sides = halves(text, ':');
    MountWish wish{.kind = MountWish::Kind::tmpfs,
                   .target = std::string(sides ? sides->before : text)};
    TRY(check_target("tmpfs", text, wish.target));
    if (sides)
        for (const std::string_view word : split(sides->after, ','))
            TRY(tmpfs_option(text, word, wish));
    return wish;
}

Result<InheritWish> parse_volumes_from(std::string_view text) {
    const auto sides = halves(text, ':');
    InheritWish wish{.container = std::string(sides ? sides->before : text)};
    if (wish.container.empty()) return bad("volumes-from", text, "it names no container");
    if (!sides) return wish;
    for (const std::string_view word : split(sides->after, ',')) {
        if (word == "z" || word == "Z") continue;  // SELinux's labels: sbx does not change them
        if (word != "ro" && word != "rw")
            return bad("volumes-from", text, fmt::format("unknown option '{}'", excerpt(word)))
                .hint("options are ro and rw");
        if (!wish.access.empty()) return bad("volumes-from", text, "ro or rw belongs there, once");
        wish.access = word;
    }
    return wish;
}

static bool is_permissions(std::string_view text) {
    return !text.empty() && text.find_first_not_of("rwm") == text.npos;
}

Result<DeviceWish> parse_device(std::string_view text) {
    const auto parts = split(text, ':');
    const bool last_is_permissions = parts.size() > 1 && is_permissions(parts.back());
    const std::size_t paths = parts.size() - (last_is_permissions ? 1 : 0);
    if (paths > 2) return bad("device", text, "HOST[:CONTAINER][:rwm] belongs there");
    DeviceWish wish{.source = std::string(parts[0]),
                    .target = std::string(paths == 2 ? parts[1] : parts[0]),
                    .permissions = std::string(last_is_permissions ? parts.back() : "rwm")};
    if (!wish.source.starts_with('/')) return bad("device", text, "it is not an absolute path");
    TRY(check_target("device", text, wish.target));
    return wish;
}

}  // namespace sbx::container
