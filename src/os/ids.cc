#include "os/ids.h"

#include <array>

#include <grp.h>
#include <sched.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "os/pipe.h"

namespace sbx::os {

static std::string explain_ranges(const char* kind, const std::vector<IdRange>& ranges) {
    std::string text;
    for (const IdRange& r : ranges)
        text += r.count == 1
                    ? fmt::format("{} {} is {} outside\n", kind, r.inside, r.outside)
                    : fmt::format("{} {} to {} are {} to {} outside\n", kind, r.inside,
                                  r.inside + r.count - 1, r.outside, r.outside + r.count - 1);
    return text;
}

std::string IdMap::explain() const {
    return explain_ranges("uid", uids) + explain_ranges("gid", gids);
}

static Result<> write_proc_file(pid_t pid, const char* name, const std::string& text) {
    const std::string path = fmt::format("/proc/{}/{}", pid, name);
    const Fd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file) return Error::from_errno(errno, "open '{}'", path);
    // The kernel takes a map in one write or not at all.
    if (::write(file.get(), text.data(), text.size()) < 0)
        return Error::from_errno(errno, "write '{}' to '{}'", trim(text), path);
    return {};
}

static std::string map_lines(const std::vector<IdRange>& ranges) {
    std::string lines;
    for (const IdRange& r : ranges)
        lines += fmt::format("{} {} {}\n", r.inside, r.outside, r.count);
    return lines;
}

// Only root of the host can change what stands at these paths, and they are not looked up in a
// PATH that somebody else might have set.
static Result<std::string> find_helper(const std::string& name) {
    for (const char* directory : {"/usr/bin/", "/bin/", "/usr/local/bin/", "/usr/sbin/"}) {
        std::string path = directory + name;
        struct stat status{};
        if (::stat(path.c_str(), &status) == 0 && status.st_uid == 0) return path;
    }
    return Error(Error::Kind::not_found, "'{}' is not installed", name)
        .hint("install it with `sudo apt-get install uidmap` (Fedora: shadow-utils)");
}

static std::vector<std::string> helper_arguments(std::string path, pid_t pid,
                                                 const std::vector<IdRange>& ranges) {
    std::vector<std::string> argv = {std::move(path), fmt::format("{}", pid)};
    for (const IdRange& r : ranges)
        for (const std::uint32_t number : {r.inside, r.outside, r.count})
            argv.push_back(fmt::format("{}", number));
    return argv;
}

Result<Mapping> start_mapping(pid_t pid, const IdMap& map) {
    Mapping mapping;
    if (map.writer != IdMap::Writer::helpers) {
        if (map.writer == IdMap::Writer::self) TRY(write_proc_file(pid, "setgroups", "deny"));
        TRY(write_proc_file(pid, "uid_map", map_lines(map.uids)));
        TRY(write_proc_file(pid, "gid_map", map_lines(map.gids)));
        return mapping;
    }
    for (const auto& [name, ranges] :
         {std::pair("newuidmap", &map.uids), std::pair("newgidmap", &map.gids)}) {
        Pipe pipe = TRY(open_pipe());
        const std::string path = TRY(find_helper(name));
        Process process = TRY(start(
            {.argv = helper_arguments(path, pid, *ranges), .errors = FdView(pipe.write_end)}));
        mapping.helpers_.push_back(
            {.process = std::move(process), .errors = std::move(pipe.read_end), .name = name});
    }
    return mapping;
}

Result<> Mapping::finish() && {
    constexpr std::size_t kLongest = 4096;
    for (Helper& helper : helpers_) {
        const ExitStatus status = TRY(helper.process.wait());
        if (status.code == 0) continue;
        const std::string words = read_to_end(helper.errors, kLongest).value_or("");
        const std::string silent = fmt::format("it ended with {} and no reason", status.code);
        return Error(Error::Kind::denied, "{} failed: {}", helper.name,
                     words.empty() ? silent : printable(trim(words)))
            .hint("`sbx doctor` shows what this machine lacks");
    }
    return {};
}

Result<Process> spawn_mapped(const IdMap& map, std::uint64_t namespaces,
                             const std::function<void()>& child) {
    auto [read_end, write_end] = TRY(open_pipe());
    Process process = TRY(spawn(CLONE_NEWUSER | namespaces, [&] {
        write_end.reset();
        char go = 0;
        // Closed without a byte: the mapping failed, or the parent died.
        if (::read(read_end.get(), &go, 1) != 1 || !become_root()) ::_exit(70);
        child();
    }));
    Mapping mapping = TRY(start_mapping(process.pid(), map));
    TRY(std::move(mapping).finish(), "mapping user and group ids");
    TRY(write_all(write_end, "g"));
    return process;
}

Result<> become_root(Groups groups) {
    // EINVAL: no id 0 is mapped. Whoever began in the namespace has all privileges there as it is.
    if (::setresgid(0, 0, 0) != 0 && errno != EINVAL)
        return Error::from_errno(errno, "become group 0");
    if (::setresuid(0, 0, 0) != 0 && errno != EINVAL)
        return Error::from_errno(errno, "become user 0");
    if (groups == Groups::kept) return {};
    // Refused where the map was written without privilege; the groups stay, and mean nothing more.
    if (::setgroups(0, nullptr) != 0 && errno != EPERM)
        return Error::from_errno(errno, "drop supplementary groups");
    return {};
}

}  // namespace sbx::os
