#include "store/pods.h"

#include <algorithm>

#include "base/json.h"
#include "os/file.h"
#include "store/events.h"
#include "store/named_records.h"

namespace sbx::store {

static constexpr std::size_t kLargestRecord = std::size_t{1} << 20;

Result<Pods> Pods::open(const Store& store) { return Pods(store, TRY(store.folder("pods"))); }

Result<os::Lock> Pods::lock(os::Share share) const {
    constexpr std::chrono::seconds kPatience{30};
    return os::Lock::take(store_->data(), "pods.lock", share, kPatience);
}

static Json json_of(const Pod& pod) {
    return Json::object()
        .set("id", pod.id)
        .set("created", rfc3339(pod.created))
        .set("labels", pod.labels)
        .set("hostname", pod.hostname)
        .set("shared", pod.shared)
        .set("infra", pod.infra)
        .set("exit_policy", pod.exit == Pod::Exit::stops ? "stop" : "continue")
        .set("volumes", pod.volumes);
}

static Result<Pod> pod_from(const std::string& text) {
    const Json json = TRY(Json::parse(text));
    Pod pod{.id = TRY(json.get<std::string>("id")), .name = ""};
    const std::string created = TRY(json.get<std::string>("created"));
    pod.created = TRY(parse_rfc3339(created));
    pod.labels = TRY(json.get_or<Json::Map>("labels", {}));
    pod.hostname = TRY(json.get_or<std::string>("hostname", ""));
    pod.shared = TRY(json.get_or<Json::Strings>("shared", {}));
    pod.infra = TRY(json.get_or<std::string>("infra", ""));
    const std::string exit = TRY(json.get_or<std::string>("exit_policy", "continue"));
    if (exit == "stop") pod.exit = Pod::Exit::stops;
    pod.volumes = TRY(json.get_or<Json::Strings>("volumes", {}));
    return pod;
}

Result<Pod> Pods::read(const std::string& name) const {
    TRY(check_object_name("pod", name));
    Result<std::string> text = os::read_file(directory_, name, kLargestRecord);
    if (text.failed_with(std::errc::no_such_file_or_directory))
        return Error(Error::Kind::not_found, "there is no pod '{}'", name);
    if (!text) return std::move(text).error();
    Pod pod = TRY(pod_from(*text), "'pods/{}'", name);
    pod.name = name;
    return pod;
}

static void note_pod(const Store& store, const Pod& pod, const char* action) {
    note(store,
         {.type = "pod", .action = action, .id = pod.id, .attributes = {{"name", pod.name}}});
}

Result<> Pods::create(const Pod& pod) const {
    TRY(check_object_name("pod", pod.name));
    const os::Lock lock = TRY(this->lock(os::Share::exclusive));
    if (os::exists_at(directory_, pod.name))
        return Error(Error::Kind::exists, "the pod name '{}' is taken", pod.name)
            .hint(fmt::format("`sbx pod rm {}` frees it", pod.name));
    TRY(os::write_atomic(directory_, pod.name, json_of(pod).dump()));
    note_pod(*store_, pod, "create");
    return {};
}

Result<Pod> Pods::find(const std::string& text) const {
    if (check_object_name("pod", text)) {
        Result<Pod> named = read(text);
        if (!named.failed_as(Error::Kind::not_found)) return named;
    }
    return record_with_id(TRY(all()), "pod", text);
}

Result<std::vector<std::string>> Pods::all_names() const { return record_names(directory_); }

Result<std::vector<Pod>> Pods::all() const {
    std::vector<Pod> pods =
        TRY(all_records<Pod>(directory_, [this](const std::string& name) { return read(name); }));
    std::ranges::sort(pods, {}, &Pod::created);
    return pods;
}

Result<> Pods::remove(const Pod& pod) const {
    TRY(check_object_name("pod", pod.name));
    TRY(os::remove_at(directory_, pod.name));
    note_pod(*store_, pod, "remove");
    return {};
}

Result<std::optional<os::Lock>> Pods::lock_for(const Store& store, const ContainerRecord& record) {
    if (record.pod.empty()) return std::optional<os::Lock>();
    const Pods pods = TRY(open(store));
    os::Lock lock = TRY(pods.lock(os::Share::shared));
    TRY(pods.find(record.pod));
    return std::optional(std::move(lock));
}

}  // namespace sbx::store
