#include "store/images.h"

#include <algorithm>

#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/text.h"
#include "os/file.h"

namespace sbx::store {

static constexpr std::size_t kLargestRecord = std::size_t{8} << 20;
static constexpr std::string_view kSuffix = ".json";
static constexpr const char* kNameAnnotation = "org.opencontainers.image.ref.name";

Result<Images> Images::open(const Store& store) {
    os::Fd layout = TRY(store.folder("images"));
    os::Fd records = TRY(store.folder("image-records"));
    os::Fd names = TRY(store.folder("image-names"));
    return Images(std::move(layout), std::move(records), std::move(names));
}

// A file name for an image name, each other's only one: '+' is in no image name.
static std::string file_name_of(const oci::Reference& name) {
    constexpr std::size_t kLongest = 200;
    std::string file = name.text();
    if (file.size() > kLongest) return "+" + sha256_hex(file);
    std::ranges::replace(file, '/', '+');
    return file;
}

static Json json_of(const Image& image) {
    Json names = Json::array();
    for (const oci::Reference& name : image.names)
        names.push(name.text());
    Json json = Json::object();
    json.set("id", image.id.text())
        .set("manifest", image.manifest.to_json())
        .set("layers", image.layers)
        .set("bytes", image.bytes)
        .set("platform", image.platform.to_json())
        .set("config", image.defaults.to_json())
        .set("names", std::move(names));
    if (image.created) json.set("created", rfc3339(*image.created));
    return json;
}

static Result<Image> image_from(const Json& json) {
    const std::string id = TRY(json.get<std::string>("id"));
    oci::Digest digest = TRY(oci::Digest::parse(id));
    oci::Descriptor manifest = TRY(oci::Descriptor::from_json(json["manifest"]), "/manifest");
    Image image{.id = std::move(digest), .manifest = std::move(manifest)};
    image.layers = TRY(json.get<Json::Strings>("layers"));
    image.bytes = TRY(json.get<std::uint64_t>("bytes"));
    image.platform = TRY(oci::Platform::from_json(json["platform"]), "/platform");
    image.defaults = TRY(oci::ImageDefaults::from_json(json["config"]), "/config");
    if (const std::string* created = json["created"].as_string())
        image.created = TRY(parse_rfc3339(*created));
    for (const std::string& name : TRY(json.get<Json::Strings>("names")))
        image.names.push_back(TRY(oci::Reference::parse(name)));
    return image;
}

std::optional<std::string> Images::id_named(const oci::Reference& name) const {
    const Result<std::string> target = os::read_link(names_, file_name_of(name));
    if (!target || !target->ends_with(kSuffix)) return std::nullopt;
    const std::string_view file = std::string_view(*target).substr(target->rfind('/') + 1);
    return std::string(file.substr(0, file.size() - kSuffix.size()));
}

Result<Image> Images::read(const std::string& hex) const {
    const std::string text =
        TRY(os::read_file(records_, hex + std::string(kSuffix), kLargestRecord));
    const Json json = TRY(Json::parse(text), "'image-records/{}{}'", hex, kSuffix);
    Image image = TRY(image_from(json), "'image-records/{}{}'", hex, kSuffix);
    // A name counts where its link says so; the record may be behind by one crash.
    std::erase_if(image.names, [&](const auto& name) { return id_named(name) != hex; });
    return image;
}

Result<> Images::write(const Image& image) const {
    return os::write_atomic(records_, image.id.hex() + std::string(kSuffix), json_of(image).dump());
}

Result<std::optional<Image>> Images::find(const oci::Reference& name) const {
    const std::optional<std::string> hex = id_named(name);
    if (!hex) return std::optional<Image>();
    Result<Image> image = read(*hex);
    if (image.failed_with(std::errc::no_such_file_or_directory)) return std::optional<Image>();
    return std::optional(TRY(std::move(image)));
}

static Error no_such_image(const std::string& text) {
    return Error(Error::Kind::not_found, "there is no image '{}'", excerpt(text));
}

// The one record whose id begins with `prefix`; nothing where none does.
static Result<std::optional<std::string>> id_beginning(const os::Fd& records,
                                                       const std::string& prefix) {
    std::optional<std::string> found;
    for (const std::string& file : TRY(os::names_in(records))) {
        if (!file.starts_with(prefix) || !file.ends_with(kSuffix)) continue;
        if (found)
            return Error(Error::Kind::usage, "more than one image's id begins with '{}'", prefix);
        found = file.substr(0, file.size() - kSuffix.size());
    }
    return found;
}

Result<std::string> Images::hex_of(const std::string& text) const {
    const bool prefixed = text.starts_with("sha256:");
    const std::string hex = prefixed ? text.substr(7) : text;
    const bool maybe_id = oci::is_hex(hex) && hex.size() <= 64;
    const bool whole_id = maybe_id && hex.size() == 64;
    if (!prefixed && !whole_id) {
        Result<oci::Reference> name = oci::Reference::parse(text);
        if (!name && !maybe_id) return std::move(name).error();
        if (name)
            if (const auto id = id_named(*name); id && os::exists_at(records_, *id + ".json"))
                return *id;
    }
    if (maybe_id)
        if (const std::optional<std::string> id = TRY(id_beginning(records_, hex))) return *id;
    return no_such_image(text);
}

Result<Image> Images::find(const std::string& text) const {
    Result<Image> image = read(TRY(hex_of(text)));
    if (image.failed_with(std::errc::no_such_file_or_directory)) return no_such_image(text);
    return image;
}

Result<Image> Images::find_to_remove(const std::string& text) const {
    const std::string hex = TRY(hex_of(text));
    Result<Image> image = read(hex);
    if (image) return image;
    log::debug("an image that is damaged: {}", image.error().text());
    const oci::Digest id = TRY(oci::Digest::from_hex(hex));
    return Image{.id = id, .manifest = {.media_type = "", .digest = id}, .names = names_of(hex)};
}

Result<Images::Survey> Images::survey() const {
    Survey survey;
    for (const std::string& file : TRY(os::names_in(records_))) {
        if (!file.ends_with(kSuffix) || file.starts_with('.')) continue;
        Result<Image> image = read(file.substr(0, file.size() - kSuffix.size()));
        if (image)
            survey.images.push_back(*std::move(image));
        else if (!image.failed_with(std::errc::no_such_file_or_directory))
            survey.damaged.push_back(std::move(image).error().text());
    }
    return survey;
}

Result<std::vector<Image>> Images::all() const {
    Survey survey = TRY(this->survey());
    for (const std::string& why : survey.damaged)
        log::debug("an image is passed over: {}", why);
    return std::move(survey.images);
}

// Names that are too long to be file names are known by their records alone, and left out.
Result<std::vector<oci::Reference>> Images::all_names() const {
    std::vector<oci::Reference> all;
    for (std::string file : TRY(os::names_in(names_))) {
        if (file.starts_with('+') || file.starts_with('.')) continue;
        std::ranges::replace(file, '+', '/');
        if (Result<oci::Reference> name = oci::Reference::parse(file))
            all.push_back(*std::move(name));
    }
    return all;
}

std::vector<oci::Reference> Images::names_of(const std::string& hex) const {
    std::vector<oci::Reference> names = all_names().value_or(std::vector<oci::Reference>());
    std::erase_if(names, [&](const oci::Reference& name) { return id_named(name) != hex; });
    return names;
}

Result<> Images::add(const Image& image) const {
    Image whole = image;
    const Result<Image> before = read(image.id.hex());
    whole.names = before ? before->names : names_of(image.id.hex());
    return write(whole);
}

Result<> Images::name(const oci::Reference& name, const oci::Digest& id) const {
    Image image = TRY(read(id.hex()));
    if (std::ranges::find(image.names, name) == image.names.end()) {
        image.names.push_back(name);
        TRY(write(image));
    }
    const std::string target = fmt::format("../image-records/{}{}", id.hex(), kSuffix);
    const std::string file = file_name_of(name);
    TRY(os::replace_link(names_, file, target), "naming image '{}'", name.text());
    return os::sync_file(names_);
}

Result<> Images::unname(const oci::Reference& name) const {
    if (!id_named(name)) return no_such_image(name.familiar());
    TRY(os::remove_at(names_, file_name_of(name)));
    return os::sync_file(names_);
}

Result<> Images::remove(const oci::Digest& id) const {
    const std::string record = id.hex() + std::string(kSuffix);
    for (const std::string& file : TRY(os::names_in(names_)))
        if (os::read_link(names_, file).value_or("").ends_with("/" + record))
            TRY(os::remove_at(names_, file));
    TRY(os::sync_file(names_));
    return os::remove_at(records_, record);
}

Result<> Images::publish_index() const {
    Json manifests = Json::array();
    for (const Image& image : TRY(all())) {
        oci::Descriptor descriptor = image.manifest;
        descriptor.platform = image.platform;
        descriptor.annotations.clear();
        if (image.names.empty()) manifests.push(descriptor.to_json());
        for (const oci::Reference& name : image.names) {
            descriptor.annotations[kNameAnnotation] = name.text();
            manifests.push(descriptor.to_json());
        }
    }
    Json index = Json::object();
    index.set("schemaVersion", 2)
        .set("mediaType", oci::media::kIndex)
        .set("manifests", std::move(manifests));
    return os::write_atomic(layout_, "index.json", index.dump() + "\n", {.mode = 0644});
}

}  // namespace sbx::store
