#include "store/store.h"

#include <algorithm>
#include <ctime>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/pipe.h"
#include "os/random.h"
#include "os/tree.h"

namespace sbx::store {

static constexpr std::chrono::seconds kPatience{30};

// A folder that somebody else owns or may write to could be swapped for another at any time.
static Result<os::Fd> open_private(const std::string& path) {
    os::Fd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) return Error::from_errno(errno, "open '{}'", path);
    const struct stat status = TRY(os::status_of(directory), "'{}'", path);
    if (status.st_uid != ::geteuid())
        return Error(Error::Kind::denied, "'{}' belongs to user {}", path, status.st_uid);
    if ((status.st_mode & 0022) != 0)
        return Error(Error::Kind::denied, "'{}' can be written to by others", path)
            .hint(fmt::format("chmod 700 '{}'", path));
    return directory;
}

static Result<os::Fd> make_private(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0) {
        TRY(os::make_directories(path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)), 0755));
        TRY(os::make_directory(os::FdView::cwd(), path, 0700));
    }
    return open_private(path);
}

// In /tmp anybody may have made it first, or a link in its place.
static Result<> check_runtime_parent(const std::string& runtime) {
    constexpr std::string_view kPrefix = kSharedRuntime;
    if (!runtime.starts_with(kPrefix)) return {};
    const std::string parent = runtime.substr(0, runtime.find('/', kPrefix.size()));
    const os::Fd directory = TRY(os::make_directory(os::FdView::cwd(), parent, 0700));
    const struct stat status = TRY(os::status_of(directory), "'{}'", parent);
    if (status.st_uid != ::geteuid() || (status.st_mode & 0022) != 0)
        return Error(Error::Kind::denied, "'{}' was made by somebody else", parent)
            .hint("set XDG_RUNTIME_DIR to a folder of your own");
    return {};
}

Result<os::Fd> open_runtime_folder(const Environment& environment) {
    const std::string path = runtime_place(environment);
    TRY(check_runtime_parent(path));
    return TRY(make_private(path), "opening the runtime folder");
}

// Whether containers are known there, as they are until they are removed, or the machine stops.
static bool is_in_use(const std::string& runtime) {
    const Result<os::Fd> folder = open_private(runtime + "/containers");
    if (!folder) return false;
    const Result<std::vector<std::string>> names = os::names_in(*folder);
    return names && !names->empty();
}

// That of the first process since the machine was started, whatever the environment of this one
// says: with two of them, what runs would be known in one and started once more in the other.
static std::string agree_on_runtime(const os::Fd& data, const std::string& wanted) {
    constexpr const char* kLink = "runtime";
    const Result<std::string> noted = os::read_link(data, kLink);
    if (noted && *noted == wanted) return wanted;
    if (noted && is_in_use(*noted)) return *noted;
    const Result<> told = os::replace_link(data, kLink, wanted);
    if (!told) log::debug("{}", told.error().text());  // who may not write here starts nothing
    return wanted;
}

Result<Store> Store::open(const Places& places) {
    Places agreed = places;
    os::Fd data = TRY(make_private(places.data), "opening the store");
    agreed.runtime = agree_on_runtime(data, places.runtime);
    TRY(check_runtime_parent(agreed.runtime));
    os::Fd runtime = TRY(make_private(agreed.runtime), "opening the runtime folder");
    return Store(std::move(agreed), std::move(data), std::move(runtime));
}

static Result<os::Fd> folder_in(const os::Fd& parent, const std::string& name) {
    Result<os::Fd> there = os::open_directory(parent, name);
    if (!there.failed_with(std::errc::no_such_file_or_directory)) return there;
    return os::make_directory(parent, name, 0700);
}

Result<os::Fd> Store::folder(const std::string& name) const { return folder_in(data_, name); }

Result<os::Fd> Store::runtime_folder(const std::string& name) const {
    return folder_in(runtime_, name);
}

Result<os::Lock> Store::lock(os::Share share) const {
    return os::Lock::take(data_, "lock", share, kPatience);
}

Result<Staging> Store::stage() const {
    os::Fd tmp = TRY(folder("tmp"));
    std::string name = os::random_hex(16);
    // The lock first: a folder whose lock can be had is left over. A sweep may have it for a
    // moment.
    os::Lock lock = TRY(os::Lock::take(tmp, name + ".lock", os::Share::exclusive, kPatience));
    os::Fd directory = TRY(os::make_directory(tmp, name, 0700));
    return Staging(std::move(tmp), std::move(name), std::move(directory), std::move(lock));
}

Staging::~Staging() {
    if (!tmp_) return;
    const Result<> removed = os::remove_tree(tmp_, name_);
    if (removed)
        (void)os::remove_at(tmp_, name_ + ".lock");  // or the next sweep does
    else
        log::debug("left for the next sweep: {}", removed.error().text());
}

Result<> remove_owned_tree(os::FdView directory, const std::string& name, const os::IdMap& ids) {
    Result<> removed = os::remove_tree(directory, name);
    const bool foreign = removed.failed_with(std::errc::permission_denied) ||
                         removed.failed_with(std::errc::operation_not_permitted);
    if (!foreign) return removed;
    os::Process child = TRY(os::spawn_mapped(ids, 0, [&] {
        const Result<> done = os::remove_tree(directory, name);
        if (!done) log::debug("{}", done.error().text());
        ::_exit(done ? 0 : 1);
    }));
    if (TRY(child.wait()).code == 0) return {};
    return removed;
}

// What the child has to say is one number, or nothing.
static Result<std::uint64_t> measure_as_root(os::FdView directory, const std::string& name,
                                             const os::IdMap& ids) {
    os::Pipe pipe = TRY(os::open_pipe());
    os::Process child = TRY(os::spawn_mapped(ids, 0, [&] {
        const Result<std::uint64_t> bytes = os::measure_tree(directory, name);
        const bool told = bytes && os::write_all(pipe.write_end, fmt::format("{}", *bytes));
        ::_exit(told ? 0 : 1);
    }));
    pipe.write_end.reset();
    const std::string text = TRY(os::read_to_end(pipe.read_end, 32));
    if (TRY(child.wait()).code != 0)
        return Error(Error::Kind::failed, "what is in '{}' cannot be looked at", name);
    return static_cast<std::uint64_t>(TRY(parse_number(text, 0, INT64_MAX)));
}

Result<std::uint64_t> measure_owned_tree(os::FdView directory, const std::string& name,
                                         const os::IdMap& ids) {
    Result<std::uint64_t> bytes = os::measure_tree(directory, name);
    if (!bytes.failed_with(std::errc::permission_denied)) return bytes;
    return measure_as_root(directory, name, ids);
}

Result<> Store::discard(os::FdView from, const std::string& name, const os::IdMap& ids) const {
    const os::Fd trash = TRY(folder("trash"));
    const std::string moved = os::random_hex(16);
    if (::renameat(from.get(), name.c_str(), trash.get(), moved.c_str()) != 0)
        return errno == ENOENT ? Result<>() : Error::from_errno(errno, "take away '{}'", name);
    return remove_owned_tree(trash, moved, ids);
}

// Folders and lock files under tmp/ whose makers have ended.
static Result<std::size_t> sweep_left_over(const os::Fd& tmp, const os::IdMap& ids) {
    constexpr std::string_view kLock = ".lock";
    std::size_t count = 0;
    for (const std::string& name : TRY(os::names_in(tmp))) {
        if (!name.ends_with(kLock)) continue;
        const Result<os::Lock> free = os::Lock::try_take(tmp, name, os::Share::exclusive);
        if (!free) continue;  // its maker lives
        TRY(remove_owned_tree(tmp, name.substr(0, name.size() - kLock.size()), ids));
        TRY(os::remove_at(tmp, name));
        ++count;
    }
    return count;
}

// Folders beside the layers in which somebody has tried out the file system, and was killed at it.
// It takes milliseconds: one of an hour ago is nobody's any more.
static Result<std::size_t> sweep_probes(const os::Fd& layers, const os::IdMap& ids) {
    const std::time_t long_ago = ::time(nullptr) - 3600;
    std::size_t count = 0;
    for (const std::string& name : TRY(os::names_in(layers))) {
        if (!name.starts_with(".probe-")) continue;
        const Result<struct stat> status = os::status_at(layers, name);
        if (!status || status->st_mtime > long_ago) continue;
        TRY(remove_owned_tree(layers, name, ids));
        ++count;
    }
    return count;
}

// What write_atomic() and its like were killed over: under the store's lock nobody is at it.
static Result<std::size_t> sweep_half_written(const os::Fd& data, const std::string& name) {
    const Result<os::Fd> folder = os::open_directory(data, name);
    if (!folder) return std::size_t{0};  // nothing was ever written there
    std::size_t count = 0;
    for (const std::string& file : TRY(os::names_in(*folder))) {
        if (!file.starts_with('.')) continue;
        TRY(os::remove_at(*folder, file));
        ++count;
    }
    return count;
}

Result<std::size_t> Store::sweep(const os::IdMap& ids) const {
    std::size_t count = 0;
    const os::Fd trash = TRY(folder("trash"));
    for (const std::string& name : TRY(os::names_in(trash))) {
        TRY(remove_owned_tree(trash, name, ids));
        ++count;
    }
    for (const char* name : {"images/blobs/sha256", "image-records", "image-names"})
        count += TRY(sweep_half_written(data_, name));
    const os::Fd tmp = TRY(folder("tmp"));
    count += TRY(sweep_left_over(tmp, ids));
    const os::Fd layers = TRY(folder("layers"));
    return count + TRY(sweep_probes(layers, ids));
}

}  // namespace sbx::store
