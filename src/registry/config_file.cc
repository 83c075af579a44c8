#include "registry/config_file.h"

#include "os/file.h"

namespace sbx::registry {

static bool is_absence(const Error& error) {
    return error.is(std::errc::no_such_file_or_directory) || error.is(std::errc::not_a_directory);
}

Result<std::optional<std::string>> read_config_file(const std::string& path, std::size_t limit) {
    const os::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) {
        Error error = Error::from_errno(errno, "open '{}'", path);
        if (is_absence(error)) return std::optional<std::string>{};
        return error;
    }
    return std::optional(TRY(os::read_regular(file, path, limit)));
}

Result<std::vector<std::string>> files_in(const std::string& directory, std::string_view suffix) {
    const os::Fd opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened) {
        Error error = Error::from_errno(errno, "open directory '{}'", directory);
        if (is_absence(error)) return std::vector<std::string>{};
        return error;
    }
    std::vector<std::string> paths;
    for (const std::string& name : TRY(os::names_in(opened), "reading '{}'", directory))
        if (name.ends_with(suffix)) paths.push_back(fmt::format("{}/{}", directory, name));
    return paths;
}

bool is_directory(const std::string& path) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace sbx::registry
