#include "runtime/states.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/tree.h"
#include "runtime/bundle.h"
#include "runtime/id.h"
#include "runtime/processes.h"
#include "runtime/resctrl.h"

namespace sbx::runtime {

static constexpr const char* kState = "state.json";
static constexpr const char* kCopy = "state.copy.json";
static constexpr const char* kConfig = "config.json";
static constexpr const char* kLock = "lock";
static constexpr std::size_t kLargestState = std::size_t{4} << 20;
static constexpr std::chrono::seconds kPatience{30};

// A container means nothing after a reboot.
static constexpr os::WriteOptions kUntilReboot{.durability = os::Durability::until_reboot};

static Result<State> parse(const std::string& text) {
    const Json json = TRY(Json::parse(text));
    return State::from_json(json);
}

Result<State> StateFolder::read() const {
    const Result<std::string> text = os::read_file(folder_, kState, kLargestState);
    if (text.failed_with(std::errc::no_such_file_or_directory))
        return Error(Error::Kind::not_found, "container '{}' does not exist", id_);
    if (!text) return Error(Error::Kind::failed, "container '{}': {}", id_, text.error().text());
    Result<State> state = parse(*text);
    if (state) return state;
    return std::move(state)
        .error()
        .context(fmt::format("the record of container '{}' is damaged", id_))
        .hint("`delete --force` ends what is left of it");
}

Result<> StateFolder::write(const State& state) const {
    return os::write_atomic(folder_, kState, state.to_json().dump(), kUntilReboot);
}

Result<State> StateFolder::read_copy() const {
    const std::string text = TRY(os::read_file(folder_, kCopy, kLargestState));
    return parse(text);
}

Result<> StateFolder::write_copy(const State& state) const {
    return os::write_atomic(folder_, kCopy, state.to_json().dump(), kUntilReboot);
}

Result<std::string> StateFolder::config() const {
    return TRY(os::read_file(folder_, kConfig, kLargestConfig), "container '{}'", id_);
}

Result<> StateFolder::write_config(std::string_view text) const {
    return os::write_atomic(folder_, kConfig, text, kUntilReboot);
}

bool StateFolder::is_locked() const {
    return !lock_ &&
           os::Lock::try_take(folder_, kLock, os::Share::shared).failed_as(Error::Kind::busy);
}

bool StateFolder::is_there() const {
    const Result<struct stat> mine = os::status_of(folder_);
    const Result<struct stat> there = os::status_at(root_, id_);
    return mine && there && mine->st_dev == there->st_dev && mine->st_ino == there->st_ino;
}

Result<> StateFolder::lock() {
    Result<os::Lock> lock = os::Lock::take(folder_, kLock, os::Share::exclusive, kPatience);
    if (!is_there()) return Error(Error::Kind::not_found, "container '{}' does not exist", id_);
    lock_.emplace(TRY(std::move(lock), "container '{}'", id_));
    return {};
}

// The record goes first: what a crash leaves is a folder without one, which is no container.
Result<> StateFolder::remove() && {
    TRY(os::remove_at(folder_, kState), "container '{}'", id_);
    return os::remove_tree(root_, id_);
}

static Result<os::Fd> open_private(const std::string& path) {
    os::Fd directory = TRY(os::open_directory(os::FdView::cwd(), path));
    const struct stat status = TRY(os::status_of(directory), "'{}'", path);
    if (status.st_uid != ::geteuid())
        return Error(Error::Kind::denied, "'{}' belongs to user {}", path, status.st_uid);
    if ((status.st_mode & 0022) != 0)
        return Error(Error::Kind::denied, "'{}' can be written to by others", path)
            .hint(fmt::format("chmod 700 '{}'", path));
    return directory;
}

Result<States> States::open(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0)
        TRY(os::make_directories(path, 0700), "making the folder of the containers' states");
    return States(TRY(open_private(path), "opening the folder of the containers' states"));
}

Result<StateFolder> States::find(const std::string& id) const {
    TRY(check_id(id));
    os::Fd root = TRY(os::duplicate(directory_));
    Result<os::Fd> folder = os::open_directory(directory_, id);
    if (folder.failed_with(std::errc::no_such_file_or_directory) ||
        folder.failed_with(std::errc::filename_too_long))
        return Error(Error::Kind::not_found, "container '{}' does not exist", id);
    os::Fd opened = TRY(std::move(folder), "container '{}'", id);
    return StateFolder(std::move(root), id, std::move(opened));
}

// What a maker left who is gone: true where that was all there was.
Result<bool> States::clear_left_over(const std::string& id) const {
    Result<StateFolder> found = find(id);
    if (found.failed_as(Error::Kind::not_found)) return true;
    StateFolder folder = TRY(std::move(found));
    if (folder.is_locked()) return false;
    TRY(folder.lock());
    if (os::exists_at(folder.folder_, kState)) {
        const State state = TRY(folder.read());
        if (state.made) return false;
        TRY(end_all(state, kPatience));
        TRY(remove_cgroup(state));
        TRY(remove_resctrl(state.resctrl));
    }
    TRY(std::move(folder).remove());
    return true;
}

Result<StateFolder> States::make(const std::string& id) const {
    TRY(check_id(id));
    const auto make_folder = [&]() -> int {
        return ::mkdirat(directory_.get(), id.c_str(), 0700) == 0 ? 0 : errno;
    };
    int err = make_folder();
    if (err == EEXIST && TRY(clear_left_over(id))) err = make_folder();
    if (err == EEXIST) return Error(Error::Kind::exists, "container '{}' exists already", id);
    if (err != 0) return Error::from_errno(err, "make the folder of container '{}'", id);
    StateFolder folder = TRY(find(id));
    Result<> locked = folder.lock();
    if (locked.failed_as(Error::Kind::not_found))  // another maker took it for a left over one
        return Error(Error::Kind::exists, "container '{}' is being made by another", id);
    TRY(std::move(locked));
    return folder;
}

Result<std::vector<std::string>> States::ids() const {
    std::vector<std::string> ids;
    for (std::string& name : TRY(os::names_in(directory_)))
        if (check_id(name)) ids.push_back(std::move(name));
    return ids;
}

}  // namespace sbx::runtime
