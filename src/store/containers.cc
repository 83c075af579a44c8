#include "store/containers.h"

#include <algorithm>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "oci/digest.h"
#include "os/file.h"
#include "os/tree.h"
#include "store/events.h"
#include "store/volumes.h"

namespace sbx::store {

static constexpr const char* kRecord = "record.json";
static constexpr const char* kSpec = "spec.json";
static constexpr std::size_t kLargestRecord = std::size_t{16} << 20;
static constexpr std::size_t kLongestName = 253;
static constexpr std::chrono::seconds kPatience{30};

Result<> check_object_name(std::string_view kind, std::string_view name) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto fits = [&](char c) { return letter(c) || c == '_' || c == '.' || c == '-'; };
    if (name.empty() || !letter(name.front()) || !std::ranges::all_of(name, fits))
        return Error(Error::Kind::usage, "'{}' is not a name for a {}", excerpt(name), kind)
            .hint("letters, digits, '_', '.' and '-', a letter or digit first");
    if (name.size() > kLongestName)
        return Error(Error::Kind::usage, "the name of the {} is longer than {}", kind,
                     kLongestName);
    return {};
}

Result<Containers> Containers::open(const Store& store) {
    os::Fd directory = TRY(store.folder("containers"));
    os::Fd names = TRY(store.folder("container-names"));
    os::Fd runtime = TRY(store.runtime_folder("containers"));
    return Containers(store, std::move(directory), std::move(names), std::move(runtime));
}

std::string Containers::relative_path(const std::string& id) { return "../../containers/" + id; }

static Json json_of(const ContainerRecord& r) {
    Json json = Json::object();
    json.set("id", r.id)
        .set("name", r.name)
        .set("image_id", r.image_id)
        .set("image_name", r.image_name)
        .set("command", r.command)
        .set("labels", r.labels)
        .set("created", rfc3339(r.created))
        .set("remove_after", r.remove_after)
        .set("awaits_start", r.awaits_start)
        .set("mounted_images", r.mounted_images)
        .set("volumes", r.volumes)
        .set("anonymous_volumes", r.anonymous_volumes)
        .set("mount_points", r.mount_points)
        .set("networks", r.networks)
        .set("pod", r.pod)
        .set("is_infra", r.is_infra)
        .set("failure", r.failure)
        .set("oom_killed", r.oom_killed)
        .set("restarts", r.restarts);
    if (r.started) json.set("started", rfc3339(*r.started));
    if (r.finished) json.set("finished", rfc3339(*r.finished));
    if (r.exit_code) json.set("exit_code", *r.exit_code);
    return json;
}

static Result<std::optional<Instant>> time_at(const Json& json, std::string_view key) {
    const std::string* text = json[key].as_string();
    if (!text) return std::optional<Instant>();
    return std::optional(TRY(parse_rfc3339(*text)));
}

static Result<ContainerRecord> record_from(const Json& json) {
    using Strings = Json::Strings;
    ContainerRecord r;
    r.id = TRY(json.get<std::string>("id"));
    r.name = TRY(json.get<std::string>("name"));
    r.image_id = TRY(json.get_or<std::string>("image_id", ""));
    r.image_name = TRY(json.get_or<std::string>("image_name", ""));
    r.command = TRY(json.get_or<Strings>("command", {}));
    r.labels = TRY(json.get_or<Json::Map>("labels", {}));
    r.remove_after = TRY(json.get_or<bool>("remove_after", false));
    r.awaits_start = TRY(json.get_or<bool>("awaits_start", false));
    r.mounted_images = TRY(json.get_or<Strings>("mounted_images", {}));
    r.volumes = TRY(json.get_or<Strings>("volumes", {}));
    r.anonymous_volumes = TRY(json.get_or<Strings>("anonymous_volumes", {}));
    r.mount_points = TRY(json.get_or<Strings>("mount_points", {}));
    r.networks = TRY(json.get_or<Strings>("networks", {}));
    r.pod = TRY(json.get_or<std::string>("pod", ""));
    r.is_infra = TRY(json.get_or<bool>("is_infra", false));
    r.started = TRY(time_at(json, "started"));
    r.finished = TRY(time_at(json, "finished"));
    r.failure = TRY(json.get_or<std::string>("failure", ""));
    r.oom_killed = TRY(json.get_or<bool>("oom_killed", false));
    r.restarts = static_cast<int>(TRY(json.get_or<std::int64_t>("restarts", 0)));
    const std::string created = TRY(json.get<std::string>("created"));
    r.created = TRY(parse_rfc3339(created));
    if (const auto code = TRY(json.get_optional<std::int64_t>("exit_code")))
        r.exit_code = static_cast<int>(*code);
    return r;
}

static Result<os::Fd> make_folder(const os::Fd& directory, const ContainerRecord& record,
                                  const Json& spec, os::Durability durability) {
    os::Fd folder = TRY(os::make_directory(directory, record.id, 0700));
    for (const char* name : {"upper", "work"})
        if (::mkdirat(folder.get(), name, 0755) != 0)
            return Error::from_errno(errno, "make directory '{}'", name);
    TRY(os::write_atomic(folder, kSpec, spec.dump(), {.durability = durability}));
    TRY(os::write_atomic(folder, kRecord, json_of(record).dump(), {.durability = durability}));
    return folder;
}

static std::string id_in(const std::string& link) { return link.substr(link.rfind('/') + 1); }

bool Containers::is_whole(const std::string& id) const {
    return os::exists_at(directory_, fmt::format("{}/{}", id, kRecord));
}

// Whether the name is free now, of a container that was never whole or is gone: sbx was killed
// while it made or removed it. The lock says that nobody is at it, and is why the link is looked at
// again.
bool Containers::reclaim(const std::string& name) const {
    const Result<std::string> target = os::read_link(names_, name);
    if (!target) return target.failed_with(std::errc::no_such_file_or_directory);
    const std::string id = id_in(*target);
    if (is_whole(id)) return false;
    const Result<os::Lock> lock = try_lock(id);
    if (!lock || is_whole(id) || os::read_link(names_, name).value_or("") != *target) return false;
    const bool freed = os::remove_tree(directory_, id) && os::remove_at(names_, name);
    (void)os::remove_tree(runtime_, id);  // only the lock
    return freed;
}

// A name is a link to the folder: making it fails where the name is taken, whoever is faster.
Result<> Containers::take_name(const std::string& id, const std::string& name) const {
    const std::string target = "../containers/" + id;
    while (::symlinkat(target.c_str(), names_.get(), name.c_str()) != 0) {
        if (errno != EEXIST) return Error::from_errno(errno, "take the name '{}'", name);
        if (!reclaim(name))
            return Error(Error::Kind::exists, "the container name '{}' is taken", name)
                .hint(fmt::format("`sbx rm {}` frees it", name));
    }
    return {};
}

Result<os::Fd> Containers::create(const ContainerRecord& record, const Json& spec,
                                  os::Durability durability) const {
    TRY(check_object_name("container", record.name));
    TRY(take_name(record.id, record.name));
    Result<os::Fd> folder = make_folder(directory_, record, spec, durability);
    if (!folder) {
        (void)os::remove_tree(directory_, record.id);  // the first failure is the one to report
        (void)os::remove_at(names_, record.name);
        return folder;
    }
    if (durability == os::Durability::durable) TRY(os::sync_file(directory_));
    note(*store_, event_of(record, "create"));
    return folder;
}

bool Containers::name_is_free(const std::string& name) const {
    return !os::exists_at(names_, name);
}

Result<std::string> Containers::resolve(const std::string& text) const {
    if (!text.contains('/'))
        if (const Result<std::string> target = os::read_link(names_, text)) return id_in(*target);
    std::optional<std::string> found;
    if (oci::is_hex(text) && text.size() <= 64)
        for (const std::string& id : TRY(os::names_in(directory_))) {
            if (!id.starts_with(text)) continue;
            if (found)
                return Error(Error::Kind::usage, "more than one container's id begins with '{}'",
                             text);
            found = id;
        }
    if (found) return *found;
    return Error(Error::Kind::not_found, "there is no container '{}'", excerpt(text));
}

// Of a container that was made when its record did not name them.
static std::vector<std::string> volumes_in(const Store& store, const Json& spec) {
    std::vector<std::string> names;
    for (const Json& mount : spec["spec"]["mounts"].items())
        if (const std::string* source = mount["source"].as_string())
            if (std::string name = Volumes::name_at(store, *source); !name.empty())
                names.push_back(std::move(name));
    return names;
}

Result<ContainerRecord> Containers::read(const std::string& id) const {
    Result<std::string> text =
        os::read_file(directory_, fmt::format("{}/{}", id, kRecord), kLargestRecord);
    if (text.failed_with(std::errc::no_such_file_or_directory))
        return Error(Error::Kind::not_found, "there is no container '{}'", id.substr(0, 12));
    if (!text) return std::move(text).error();
    const Json json = TRY(Json::parse(*text), "'containers/{}/{}'", id, kRecord);
    ContainerRecord record = TRY(record_from(json), "'containers/{}/{}'", id, kRecord);
    if (!json.find("volumes")) record.volumes = volumes_in(*store_, TRY(read_spec(id)));
    return record;
}

Result<Json> Containers::read_spec(const std::string& id) const {
    const std::string text =
        TRY(os::read_file(directory_, fmt::format("{}/{}", id, kSpec), kLargestRecord));
    return TRY(Json::parse(text), "'containers/{}/{}'", id, kSpec);
}

Result<std::vector<ContainerRecord>> Containers::all() const {
    std::vector<ContainerRecord> records;
    for (const std::string& id : TRY(os::names_in(directory_))) {
        Result<ContainerRecord> record = read(id);
        if (record)
            records.push_back(*std::move(record));
        else  // half made or half removed by somebody right now, or left so by a crash
            log::debug("passed over: {}", record.error().text());
    }
    std::ranges::sort(records, {}, &ContainerRecord::created);
    return records;
}

Result<std::vector<std::string>> Containers::all_names() const { return os::names_in(names_); }

Result<> Containers::put_record(const ContainerRecord& record, os::Durability durability) const {
    const os::Fd folder = TRY(this->folder(record.id));
    return os::write_atomic(folder, kRecord, json_of(record).dump(), {.durability = durability});
}

// Held for the moment that it takes to replace a record by what was made of it.
Result<os::Lock> Containers::lock_record(const std::string& id) const {
    const os::Fd folder = TRY(runtime_folder(id));
    return os::Lock::take(folder, "record", os::Share::exclusive, kPatience);
}

// Whoever stays with a container has its record from before its start.
Result<> Containers::write(const ContainerRecord& record, os::Durability durability) const {
    const os::Lock lock = TRY(lock_record(record.id));
    ContainerRecord written = record;
    if (Result<ContainerRecord> last = read(record.id)) {
        written.name = std::move(last->name);
        written.networks = std::move(last->networks);
    }
    return put_record(written, durability);
}

Result<> Containers::set_networks(const std::string& id, std::vector<std::string> names) const {
    const os::Lock lock = TRY(lock_record(id));
    ContainerRecord record = TRY(read(id));
    record.networks = std::move(names);
    return put_record(record, os::Durability::durable);
}

// In this order the name in the record leads to the container at any moment. A crash leaves it one
// name more, which is free again when the container has gone.
Result<> Containers::rename(const std::string& id, const std::string& name) const {
    TRY(check_object_name("container", name));
    const os::Lock lock = TRY(lock_record(id));
    TRY(take_name(id, name));
    Result<ContainerRecord> record = read(id);
    if (!record) {
        (void)os::remove_at(names_, name);  // the first failure is the one to report
        return std::move(record).error();
    }
    const std::string before = std::exchange(record->name, name);
    Result<> written = put_record(*record, os::Durability::durable);
    if (!written) {
        (void)os::remove_at(names_, name);
        return written;
    }
    note(*store_, event_of(*record, "rename", {{"oldName", before}}));
    return os::remove_at(names_, before);
}

Result<std::uint64_t> Containers::bytes(const std::string& id, const os::IdMap& ids) const {
    return measure_owned_tree(directory_, id, ids);
}

Result<> Containers::write_spec(const std::string& id, const Json& spec) const {
    const os::Fd folder = TRY(this->folder(id));
    return os::write_atomic(folder, kSpec, spec.dump());
}

// Others put their marks there, or wait for its lock, until they see that the container is gone.
static Result<> forget_runtime(os::FdView runtime, const std::string& id) {
    constexpr int kMostTries = 100;
    Result<> removed = os::remove_tree(runtime, id);
    for (int i = 0; i < kMostTries && removed.failed_with(std::errc::directory_not_empty); ++i)
        removed = os::remove_tree(runtime, id);
    return removed;
}

Result<> Containers::remove(const ContainerRecord& record, const os::IdMap& ids) const {
    const Result<ContainerRecord> there = read(record.id);
    const std::string& name = there ? there->name : record.name;
    const Result<std::string> target = os::read_link(names_, name);
    if (target && id_in(*target) == record.id) TRY(os::remove_at(names_, name));
    TRY(store_->discard(directory_, record.id, ids));
    if (there) note(*store_, event_of(*there, "destroy"));
    return forget_runtime(runtime_, record.id);
}

// The folder may have gone, with the container, since it was opened.
Result<os::Lock> Containers::lock(const std::string& id) const {
    const os::Fd folder = TRY(runtime_folder(id));
    Result<os::Lock> lock = os::Lock::take(folder, "lock", os::Share::exclusive, kPatience);
    if (lock.failed_with(std::errc::no_such_file_or_directory))
        return Error(Error::Kind::not_found, "there is no container '{}'", id);
    return lock;
}

Result<os::Lock> Containers::try_lock(const std::string& id) const {
    const os::Fd folder = TRY(runtime_folder(id));
    return os::Lock::try_take(folder, "lock", os::Share::exclusive);
}

Result<os::Fd> Containers::folder(const std::string& id) const {
    return os::open_directory(directory_, id);
}

std::string Containers::runtime_path(const std::string& id) const {
    return fmt::format("{}/containers/{}", store_->places().runtime, id);
}

Result<os::Fd> Containers::find_runtime_folder(const std::string& id) const {
    return os::open_directory(runtime_, id);
}

Result<os::Fd> Containers::runtime_folder(const std::string& id) const {
    Result<os::Fd> there = find_runtime_folder(id);
    if (!there.failed_with(std::errc::no_such_file_or_directory)) return there;
    return os::make_directory(runtime_, id, 0700);
}

}  // namespace sbx::store
