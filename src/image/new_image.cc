#include "image/new_image.h"

#include "image/unpacker.h"
#include "os/file.h"
#include "store/blobs.h"
#include "store/layers.h"

namespace sbx::image {

static constexpr const char* kFolder = "layer";

static Result<Unpacked> unpack(const Workshop& workshop, os::FdView staging, std::uint64_t size) {
    Unpacker unpacker =
        TRY(Unpacker::start(workshop.poll, workshop.ids, staging, workshop.ownership));
    os::Fd blob(::openat(staging.get(), kNewBlob, O_RDONLY | O_CLOEXEC));
    if (!blob) return Error::from_errno(errno, "open the layer");
    TRY(os::make_directory(staging, kFolder, 0700));
    std::optional<Result<Unpacked>> outcome;
    const std::uint32_t job = TRY(unpacker.submit(
        {.name = fmt::format("{}/tree", kFolder), .blob = std::move(blob), .size = size},
        [&](Result<Unpacked> unpacked) -> Result<> {
            outcome.emplace(std::move(unpacked));
            return {};
        }));
    TRY(unpacker.available(job, size));
    while (!outcome)
        (void)TRY(workshop.poll.wait());
    return *std::move(outcome);
}

// Unpacked once more by those who may do nothing else, as any other layer.
static Result<store::Layer> lay_out(const store::Staging& staging, const Workshop& workshop,
                                    const NewImage& image) {
    const Unpacked unpacked = TRY(unpack(workshop, staging.directory(), image.blob.size));
    if (image.diff_id && *image.diff_id != unpacked.diff_id)
        return Error(Error::Kind::failed, "the layer was changed while it was made");
    const store::Layers layers = TRY(store::Layers::open(workshop.store));
    const os::Fd folder = TRY(os::open_directory(staging.directory(), kFolder));
    return layers.prepare(folder, {.diff_id = unpacked.diff_id,
                                   .bytes = unpacked.bytes,
                                   .hides_below = unpacked.hides_below,
                                   .one_owner = workshop.ownership == Ownership::all_mine});
}

static void inherit(const Json& from, std::initializer_list<std::string_view> names, Json& to) {
    for (const std::string_view name : names)
        if (const Json* value = from.find(name)) to.set(name, *value);
}

static Json document_of(const NewImage& image) {
    Json json = image.config.to_json();
    inherit(image.parent, {"os.version", "os.features"}, json);
    Json defaults = json["config"];
    inherit(image.parent["config"], {"Shell", "StopTimeout", "ArgsEscaped"}, defaults);
    json.set("config", std::move(defaults));
    return json;
}

static Result<Documents> documents_of(const NewImage& image) {
    std::string config = document_of(image).dump();
    if (config.size() > oci::kLargestConfig)
        return Error(Error::Kind::unsupported,
                     "its configuration would have {} bytes, and {} is all", config.size(),
                     oci::kLargestConfig);
    oci::Manifest manifest{.media_type = std::string(oci::media::kManifest),
                           .config = {.media_type = std::string(oci::media::kConfig),
                                      .digest = oci::Digest::of(config),
                                      .size = config.size()},
                           .layers = image.below};
    manifest.layers.push_back(image.blob);
    std::string text = oci::to_json(manifest).dump();
    oci::ImageConfig parsed = TRY(oci::ImageConfig::parse(config));
    oci::Descriptor descriptor{
        .media_type = manifest.media_type, .digest = oci::Digest::of(text), .size = text.size()};
    return Documents{.manifest_bytes = std::move(text),
                     .config_bytes = std::move(config),
                     .descriptor = std::move(descriptor),
                     .manifest = std::move(manifest),
                     .config = std::move(parsed)};
}

static Result<store::Image> publish(const store::Staging& staging, const Workshop& workshop,
                                    NewImage image) {
    if (image.below.size() >= oci::kMostLayers)
        return Error(Error::Kind::unsupported, "it would have {} layers, and {} is all",
                     image.below.size() + 1, oci::kMostLayers)
            .hint("a layer of all files, --squash, can do without them");
    store::Layer layer = TRY(lay_out(staging, workshop, image));
    image.config.diff_ids.push_back(layer.diff_id);
    const Documents documents = TRY(documents_of(image));
    TRY(os::sync_file_system(staging.directory()));
    const store::Blobs blobs = TRY(store::Blobs::open(workshop.store));
    const store::Layers layers = TRY(store::Layers::open(workshop.store));

    const os::Lock lock = TRY(workshop.store.lock(os::Share::exclusive));
    TRY(layers.publish(staging.directory(), kFolder, std::move(layer)));
    TRY(blobs.adopt(staging.directory(), kNewBlob, image.blob.digest));
    return enter(documents, workshop.store, image.name);
}

Result<store::Image> make_image(const store::Staging& staging, const Workshop& workshop,
                                NewImage image) {
    Result<store::Image> made = publish(staging, workshop, std::move(image));
    if (!made)  // what was unpacked may belong to ids that only this map reaches
        (void)store::remove_owned_tree(staging.parent(), staging.name(), workshop.ids);
    return made;
}

}  // namespace sbx::image
