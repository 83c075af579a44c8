#include "store/secrets.h"

#include "base/json.h"
#include "base/text.h"
#include "os/file.h"
#include "store/containers.h"
#include "store/named_records.h"

namespace sbx::store {

static constexpr std::size_t kLargestFile = Secrets::kLargest + (std::size_t{1} << 20);
static constexpr std::chrono::seconds kPatience{30};

Result<Secrets> Secrets::open(const Store& store) {
    return Secrets(store, TRY(store.folder("secrets")));
}

static Json json_of(const Secret& secret) {
    return Json::object()
        .set("id", secret.id)
        .set("created", rfc3339(secret.created))
        .set("updated", rfc3339(secret.updated))
        .set("labels", secret.labels);
}

static Result<Secret> secret_from(std::string_view line) {
    const Json json = TRY(Json::parse(line));
    Secret secret{.id = TRY(json.get<std::string>("id")), .name = ""};
    const std::string created = TRY(json.get<std::string>("created"));
    secret.created = TRY(parse_rfc3339(created));
    const std::string updated = TRY(json.get<std::string>("updated"));
    secret.updated = TRY(parse_rfc3339(updated));
    secret.labels = TRY(json.get_or<Json::Map>("labels", {}));
    return secret;
}

// Its own words alone: an error must not quote what stands in the file.
static Error damaged(const std::string& name) {
    return {Error::Kind::failed, "'secrets/{}' is damaged", name};
}

Result<Secrets::Parts> Secrets::read(const std::string& name) const {
    TRY(check_object_name("secret", name));
    Result<std::string> read = os::read_file(directory_, name, kLargestFile);
    if (read.failed_with(std::errc::no_such_file_or_directory))
        return Error(Error::Kind::not_found, "there is no secret '{}'", name);
    const std::string text = TRY(std::move(read));
    const auto sides = halves(text, '\n');
    if (!sides) return damaged(name);
    Result<Secret> secret = secret_from(sides->before);
    if (!secret) return damaged(name);
    secret->name = name;
    return Parts{.secret = *std::move(secret), .value = std::string(sides->after)};
}

static Result<> check_value(std::string_view value) {
    if (value.empty()) return Error(Error::Kind::usage, "the secret is empty");
    if (value.size() <= Secrets::kLargest) return {};
    return Error(Error::Kind::usage, "the secret has {} bytes, more than {}", value.size(),
                 Secrets::kLargest);
}

// Removes what writers have left who were killed: under the lock nobody writes.
Result<os::Lock> Secrets::lock() const {
    os::Lock lock =
        TRY(os::Lock::take(store_->data(), "secrets.lock", os::Share::exclusive, kPatience));
    for (const std::string& name : TRY(os::names_in(directory_)))
        if (name.starts_with('.')) TRY(os::remove_at(directory_, name));
    return lock;
}

Result<Secret> Secrets::create(const Secret& secret, std::string_view value,
                               Existing existing) const {
    TRY(check_object_name("secret", secret.name));
    TRY(check_value(value));
    const os::Lock lock = TRY(this->lock());
    Secret made = secret;
    if (os::exists_at(directory_, secret.name)) {
        if (existing == Existing::refused)
            return Error(Error::Kind::exists, "there is a secret '{}' already", secret.name);
        if (const Result<Parts> before = read(secret.name)) made.created = before->secret.created;
    }
    TRY(os::write_atomic(directory_, secret.name,
                         fmt::format("{}\n{}", json_of(made).dump(), value), {.mode = 0600}));
    return made;
}

Result<Secret> Secrets::find(const std::string& text) const {
    if (has(text)) return TRY(read(text)).secret;
    return record_with_id(TRY(all()), "secret", text);
}

Result<std::string> Secrets::value_of(const std::string& name) const {
    return TRY(read(name)).value;
}

Result<std::vector<std::string>> Secrets::all_names() const { return record_names(directory_); }

Result<std::vector<Secret>> Secrets::all() const {
    return all_records<Secret>(directory_, [this](const std::string& name) -> Result<Secret> {
        return TRY(read(name)).secret;
    });
}

bool Secrets::has(const std::string& name) const {
    return check_object_name("secret", name) && os::exists_at(directory_, name);
}

Result<> Secrets::remove(const std::string& name) const {
    TRY(check_object_name("secret", name));
    const os::Lock lock = TRY(this->lock());
    return os::remove_at(directory_, name);
}

}  // namespace sbx::store
