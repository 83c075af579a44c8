#include "store/volumes.h"

#include <algorithm>

#include <sys/stat.h>

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "store/events.h"
#include "store/named_records.h"
#include "store/users.h"

namespace sbx::store {

static constexpr const char* kRecord = "record.json";
static constexpr std::size_t kLargestRecord = std::size_t{1} << 20;

Result<Volumes> Volumes::open(const Store& store) {
    return Volumes(store, TRY(store.folder("volumes")));
}

static Json json_of(const Volume& volume) {
    return Json::object()
        .set("created", rfc3339(volume.created))
        .set("anonymous", volume.anonymous)
        .set("labels", volume.labels);
}

static Result<Volume> volume_from(const std::string& record) {
    const Json json = TRY(Json::parse(record));
    const std::string created = TRY(json.get<std::string>("created"));
    Volume volume{.name = ""};
    volume.created = TRY(parse_rfc3339(created));
    volume.anonymous = TRY(json.get_or<bool>("anonymous", false));
    volume.labels = TRY(json.get_or<Json::Map>("labels", {}));
    return volume;
}

Result<Volume> Volumes::find(const std::string& name) const {
    TRY(check_object_name("volume", name));
    Result<std::string> text =
        os::read_file(directory_, fmt::format("{}/{}", name, kRecord), kLargestRecord);
    if (text.failed_with(std::errc::no_such_file_or_directory))
        return Error(Error::Kind::not_found, "there is no volume '{}'", name);
    if (!text) return std::move(text).error();
    Volume volume = TRY(volume_from(*text), "'volumes/{}/{}'", name, kRecord);
    volume.name = name;
    volume.path = path_of(*store_, name);
    return volume;
}

std::string Volumes::path_of(const Store& store, const std::string& name) {
    return fmt::format("{}/volumes/{}/data", store.places().data, name);
}

// ".../volumes/NAME/data" of this store is the volume NAME.
std::string Volumes::name_at(const Store& store, const std::string& path) {
    const std::size_t end = path.rfind('/');
    if (end == path.npos || end == 0) return {};
    const std::size_t before = path.rfind('/', end - 1);
    const std::string name = path.substr(before + 1, end - before - 1);
    return path == path_of(store, name) ? name : std::string();
}

Result<os::Lock> Volumes::lock(os::Share share) const {
    constexpr std::chrono::seconds kPatience{30};
    return os::Lock::take(store_->data(), "volumes.lock", share, kPatience);
}

Result<std::vector<std::string>> Volumes::all_names() const { return record_names(directory_); }

Result<std::vector<Volume>> Volumes::all() const {
    return all_records<Volume>(directory_, [this](const std::string& name) { return find(name); });
}

bool Volumes::exists(const std::string& name) const {
    return check_object_name("volume", name) && os::exists_at(directory_, name);
}

Result<std::uint64_t> Volumes::bytes_of(const std::string& name, const os::IdMap& ids) const {
    TRY(check_object_name("volume", name));
    return measure_owned_tree(directory_, name + "/data", ids);
}

Result<Volume> Volumes::find_or_create(const Volume& volume) const {
    Result<Volume> there = find(volume.name);
    if (!there.failed_as(Error::Kind::not_found)) return there;
    Result<> made = make(volume);
    if (!made && !made.failed_as(Error::Kind::exists)) return std::move(made).error();
    return find(volume.name);
}

Result<Volume> Volumes::create(const Volume& volume) const {
    TRY(check_object_name("volume", volume.name));
    TRY(make(volume));
    return find(volume.name);
}

// Made beside and renamed, so that two who ask at once get the same one, whole.
Result<> Volumes::make(const Volume& volume) const {
    const Staging staging = TRY(store_->stage());
    if (::mkdirat(staging.directory().get(), "data", 0755) != 0)
        return Error::from_errno(errno, "make volume '{}'", volume.name);
    TRY(os::write_atomic(staging.directory(), kRecord, json_of(volume).dump()));
    if (::renameat(staging.parent().get(), staging.name().c_str(), directory_.get(),
                   volume.name.c_str()) == 0) {
        note(*store_, {.type = "volume", .action = "create", .id = volume.name});
        return volume.anonymous ? Result<>() : os::sync_file(directory_);
    }
    if (errno == ENOTEMPTY || errno == EEXIST)
        return Error(Error::Kind::exists, "there is a volume '{}' already", volume.name);
    return Error::from_errno(errno, "make volume '{}'", volume.name);
}

Result<> Volumes::remove(const std::string& name, const os::IdMap& ids) const {
    TRY(check_object_name("volume", name));
    const bool there = exists(name);
    TRY(store_->discard(directory_, name, ids));
    if (there) note(*store_, {.type = "volume", .action = "destroy", .id = name});
    return {};
}

Result<std::vector<ContainerRecord>> Volumes::users_of(const std::string& name) const {
    return store::users_of(*store_, name, &ContainerRecord::volumes);
}

Result<> Volumes::remove_unused(const std::vector<std::string>& names, const os::IdMap& ids) const {
    for (const std::string& name : names) {
        const Result<std::vector<ContainerRecord>> users = users_of(name);
        if (!users)
            log::debug("volume '{}' stays: {}", name, users.error().text());
        else if (users->empty())
            TRY(remove(name, ids));
    }
    return {};
}

}  // namespace sbx::store
