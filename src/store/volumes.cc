#include "store/volumes.h"

#include <sys/stat.h>

#include "base/json.h"
#include "base/text.h"
#include "os/file.h"
#include "store/containers.h"

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

// Made beside and renamed, so that two who ask at once get the same one, whole.
Result<Volume> Volumes::find_or_create(const Volume& volume) const {
    Result<Volume> there = find(volume.name);
    if (!there.failed_as(Error::Kind::not_found)) return there;
    const Staging staging = TRY(store_->stage());
    if (::mkdirat(staging.directory().get(), "data", 0755) != 0)
        return Error::from_errno(errno, "make volume '{}'", volume.name);
    TRY(os::write_atomic(staging.directory(), kRecord, json_of(volume).dump()));
    if (::renameat(staging.parent().get(), staging.name().c_str(), directory_.get(),
                   volume.name.c_str()) != 0 &&
        errno != ENOTEMPTY && errno != EEXIST)
        return Error::from_errno(errno, "make volume '{}'", volume.name);
    return find(volume.name);
}

Result<> Volumes::remove(const std::string& name, const os::IdMap& ids) const {
    TRY(check_object_name("volume", name));
    return store_->discard(directory_, name, ids);
}

}  // namespace sbx::store
