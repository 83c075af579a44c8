#include "cli/quadlet_files.h"

#include <map>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/app.h"
#include "os/file.h"

namespace sbx::cli {

std::vector<std::string> unit_folders() {
    std::vector<std::string> folders;
    if (const auto given = environment_variable("QUADLET_UNIT_DIRS")) {
        for (const std::string_view folder : split(*given, ':'))
            if (!folder.empty()) folders.emplace_back(folder);
        return folders;
    }
    const auto add = [&](const char* variable, std::string_view below) {
        const auto folder = environment_variable(variable);
        if (folder) folders.push_back(fmt::format("{}{}/containers/systemd", *folder, below));
        return folder.has_value();
    };
    add("XDG_RUNTIME_DIR", "");
    if (!add("XDG_CONFIG_HOME", "")) add("HOME", "/.config");
    folders.push_back(fmt::format("/etc/containers/systemd/users/{}", ::getuid()));
    folders.emplace_back("/etc/containers/systemd/users");
    return folders;
}

namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;

Result<os::Fd> open_folder(const std::string& path) {
    os::Fd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return Error::from_errno(errno, "open '{}'", path);
    return folder;
}

// None of a folder that is not there.
Result<std::vector<std::string>> names_in(const std::string& path) {
    Result<os::Fd> folder = open_folder(path);
    if (folder.failed_with(std::errc::no_such_file_or_directory)) return std::vector<std::string>();
    return os::names_in(TRY(std::move(folder)));
}

bool is_folder(const std::string& path) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// "users/1000" is of that user alone.
bool is_of_a_user(const std::string& folder, const std::string& name) {
    return folder.ends_with("/users") && name.find_first_not_of("0123456789") == name.npos;
}

class Finder {
public:
    explicit Finder(const std::vector<std::string>& folders) : folders_(folders) {}

    FoundUnits run() {
        for (const std::string& folder : folders_)
            look_in(folder, 0);
        return std::move(found_);
    }

private:
    void fail(Error error) { found_.failures.push_back(std::move(error)); }

    void look_in(const std::string& folder, int depth) {
        constexpr int kDeepest = 16;  // a link may lead upwards
        Result<std::vector<std::string>> names = names_in(folder);
        if (!names) return fail(std::move(names).error());
        for (const std::string& name : *names) {
            const std::string path = fmt::format("{}/{}", folder, name);
            if (is_folder(path)) {
                const bool below = !name.ends_with(".d") && !is_of_a_user(folder, name);
                if (below && depth < kDeepest) look_in(path, depth + 1);
            } else if (const auto kind = quadlet::kind_of(name)) {
                if (seen_.insert(name).second) take(path, name, *kind);
            }
        }
    }

    void take(const std::string& path, const std::string& name, quadlet::Kind kind) {
        Result<quadlet::UnitFile> file = read(path);
        if (!file) return fail(std::move(file).error());
        // Of the others one that says nothing has all it needs.
        if (file->sections().empty() && kind == quadlet::Kind::container) return;
        Result<> added = add_drop_ins(name, *file);
        if (!added) return fail(std::move(added).error());
        found_.units.push_back({.name = name, .kind = kind, .file = *std::move(file)});
    }

    static Result<quadlet::UnitFile> read(const std::string& path) {
        const std::string text = TRY(os::read_input(path, kLargestFile));
        return quadlet::UnitFile::parse(path, text);
    }

    // In the order of their names, the first of a name counts.
    Result<> add_drop_ins(const std::string& unit, quadlet::UnitFile& file) const {
        std::map<std::string, std::string> paths;
        for (const std::string& own : quadlet::drop_in_folders(unit))
            for (const std::string& folder : folders_) {
                const std::string path = fmt::format("{}/{}", folder, own);
                for (const std::string& name : TRY(names_in(path)))
                    if (name.ends_with(".conf"))
                        paths.emplace(name, fmt::format("{}/{}", path, name));
            }
        for (const auto& [name, path] : paths)
            file.add(TRY(read(path)));
        return {};
    }

    const std::vector<std::string>& folders_;
    std::set<std::string> seen_;
    FoundUnits found_;
};

bool is_of_sbx(const os::Fd& folder, const std::string& name) {
    if (!name.ends_with(".service")) return false;
    const Result<std::string> text = os::read_file(folder, name, kLargestFile);
    return text && text->starts_with("# Made by sbx ") &&
           text->substr(0, text->find('\n')).ends_with(": sbx-quadlet(1)");
}

// Links in `folder`, and in those for dependencies, that lead to one of these services.
Result<> remove_links(const os::Fd& folder, const std::string& prefix,
                      const std::set<std::string>& services) {
    for (const std::string& name : TRY(os::names_in(folder))) {
        const Result<std::string> text = os::read_link(folder, name);
        if (text && text->starts_with(prefix) && services.contains(text->substr(prefix.size())))
            TRY(os::remove_at(folder, name));
    }
    return {};
}

Result<> remove_earlier(const os::Fd& folder) {
    std::set<std::string> services;
    const std::vector<std::string> names = TRY(os::names_in(folder));
    for (const std::string& name : names)
        if (is_of_sbx(folder, name)) services.insert(name);
    TRY(remove_links(folder, "", services));
    for (const std::string& name : names)
        for (const char* ending : {".wants", ".requires", ".upholds"})
            if (name.ends_with(ending)) {
                const os::Fd below = TRY(os::open_directory(folder, name));
                TRY(remove_links(below, "../", services));
            }
    for (const std::string& name : services)
        TRY(os::remove_at(folder, name));
    return {};
}

// A person's own file of that name stays.
Result<> check_is_free(const os::Fd& folder, const std::string& name) {
    if (!os::status_at(folder, name)) return {};
    return Error(Error::Kind::exists, "'{}' is there, and sbx has not written it", name)
        .hint("move it away, or name the service by ServiceName=");
}

Result<> write_link(const os::Fd& folder, const quadlet::Link& link) {
    const std::size_t slash = link.path.find('/');
    if (slash == link.path.npos) {
        TRY(check_is_free(folder, link.path));
        return os::replace_link(folder, link.path, link.text);
    }
    const os::Fd below = TRY(os::make_directory(folder, link.path.substr(0, slash), 0755));
    return os::replace_link(below, link.path.substr(slash + 1), link.text);
}

}  // namespace

FoundUnits find_units(const std::vector<std::string>& folders) { return Finder(folders).run(); }

Result<> write_services(const std::string& folder,
                        const std::vector<quadlet::Converted>& services) {
    TRY(os::make_directories(folder, 0755));
    const os::Fd target = TRY(open_folder(folder));
    TRY(remove_earlier(target));
    const os::WriteOptions options{.mode = 0644, .durability = os::Durability::until_reboot};
    for (const quadlet::Converted& service : services) {
        TRY(check_is_free(target, service.name));
        TRY(os::write_atomic(target, service.name, service.text, options));
        for (const quadlet::Link& link : service.links)
            TRY(write_link(target, link), "link '{}'", link.path);
    }
    return {};
}

}  // namespace sbx::cli
