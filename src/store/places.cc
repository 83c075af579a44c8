#include "store/places.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace sbx::store {

static bool is_own_directory(const std::string& path) {
    struct stat status{};
    return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == ::geteuid() && (status.st_mode & 0022) == 0;
}

static Result<std::string> data_home(const Environment& environment) {
    if (::geteuid() == 0) return std::string("/var/lib");
    const auto given = environment("XDG_DATA_HOME");
    if (given && given->starts_with('/')) return *given;
    const auto home = environment("HOME");
    if (home && home->starts_with('/')) return *home + "/.local/share";
    return Error(Error::Kind::usage, "neither XDG_DATA_HOME nor HOME is an absolute path")
        .hint("set HOME, or say where images are kept with --root");
}

static std::string runtime_home(const Environment& environment) {
    // Root of a user namespace, as podman runs an OCI runtime, may have no right there.
    if (::geteuid() == 0 && ::access("/run", W_OK) == 0) return "/run";
    const auto given = environment("XDG_RUNTIME_DIR");
    if (given && given->starts_with('/') && is_own_directory(*given)) return *given;
    std::string usual = fmt::format("/run/user/{}", ::geteuid());
    if (is_own_directory(usual)) return usual;
    return fmt::format("{}{}", kSharedRuntime, ::geteuid());
}

static Result<std::string> absolute(const std::string& path) {
    if (path.starts_with('/')) return path;
    char* here = ::get_current_dir_name();
    if (!here) return Error::from_errno(errno, "find the working directory");
    std::string whole = fmt::format("{}/{}", here, path);
    ::free(here);
    return whole;
}

std::string runtime_place(const Environment& environment) {
    return runtime_home(environment) + "/sbx";
}

Result<Places> find_places(const std::string& root, const Environment& environment) {
    const std::string runtime = runtime_place(environment);
    if (root.empty())
        return Places{.data = TRY(data_home(environment)) + "/sbx", .runtime = runtime};
    const std::string data = TRY(absolute(root));
    const std::size_t name = std::hash<std::string>()(data);  // any will do: the store links to it
    return Places{.data = data, .runtime = fmt::format("{}/roots/{:016x}", runtime, name)};
}

}  // namespace sbx::store
