#include "image/import.h"

#include <array>

#include "archive/decompress.h"
#include "base/sha256.h"
#include "base/text.h"
#include "image/changes.h"
#include "image/unpacker.h"
#include "os/file.h"
#include "store/blobs.h"
#include "store/events.h"
#include "store/layers.h"

namespace sbx::image {

static constexpr const char* kBlob = "blob";
static constexpr const char* kFolder = "layer";

// Seen in the copy: of a pipe the first bytes may come one by one.
static Result<std::string> media_type_of(os::FdView blob) {
    std::array<char, 512> head;
    const ssize_t n = ::pread(blob.get(), head.data(), head.size(), 0);
    if (n < 0) return Error::from_errno(errno, "read the archive");
    switch (TRY(archive::compression_of({head.data(), static_cast<std::size_t>(n)}))) {
        case archive::Compression::none: return std::string(oci::media::kLayer);
        case archive::Compression::gzip: return std::string(oci::media::kLayerGzip);
        case archive::Compression::zstd: return std::string(oci::media::kLayerZstd);
    }
    std::unreachable();
}

// Into the store's own disk first: what is unpacked is then what is kept, whatever somebody does to
// the original meanwhile.
static Result<oci::Descriptor> copy_in(os::FdView archive, os::FdView staging) {
    const os::Fd file(::openat(staging.get(), kBlob, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!file) return Error::from_errno(errno, "make room for the archive");
    Sha256 hash;
    std::uint64_t size = 0;
    std::array<char, 262144> buffer;
    for (;;) {
        const ssize_t n = ::read(archive.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return Error::from_errno(errno, "read the archive");
        if (n == 0) break;
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(n));
        TRY(os::write_all(file, bytes));
        hash.add(bytes);
        size += bytes.size();
    }
    if (size == 0) return Error(Error::Kind::usage, "the archive is empty");
    oci::Digest digest = TRY(oci::Digest::from_hex(std::move(hash).hex()));
    return oci::Descriptor{
        .media_type = TRY(media_type_of(file)), .digest = std::move(digest), .size = size};
}

static Result<Unpacked> unpack(const Workshop& workshop, os::FdView staging, std::uint64_t size) {
    Unpacker unpacker =
        TRY(Unpacker::start(workshop.poll, workshop.ids, staging, workshop.ownership));
    os::Fd blob(::openat(staging.get(), kBlob, O_RDONLY | O_CLOEXEC));
    if (!blob) return Error::from_errno(errno, "open the archive");
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

static Result<oci::ImageConfig> config_for(const ImportOptions& options) {
    const Instant created = now();
    oci::ImageConfig config{.platform = options.platform, .created = created};
    for (const std::string& change : options.changes)
        TRY(apply_change(change, config.defaults));
    config.history.push_back({.created = created,
                              .created_by = "imported from " + options.what,
                              .comment = options.message});
    return config;
}

namespace {

struct Made {
    oci::Descriptor blob;
    store::Layer layer;
    oci::ImageConfig config;
};

}  // namespace

static Result<store::Image> enter(const Workshop& workshop, const store::Staging& staging,
                                  const Made& made, const ImportOptions& options) {
    const store::Blobs blobs = TRY(store::Blobs::open(workshop.store));
    const store::Layers layers = TRY(store::Layers::open(workshop.store));
    const std::string config = made.config.to_json().dump();
    const oci::Manifest manifest{.media_type = std::string(oci::media::kManifest),
                                 .config = {.media_type = std::string(oci::media::kConfig),
                                            .digest = oci::Digest::of(config),
                                            .size = config.size()},
                                 .layers = {made.blob}};
    const std::string text = oci::to_json(manifest).dump();

    const os::Lock lock = TRY(workshop.store.lock(os::Share::exclusive));
    const store::Layer layer = TRY(layers.publish(staging.directory(), kFolder, made.layer));
    TRY(blobs.adopt(staging.directory(), kBlob, made.blob.digest));
    TRY(blobs.add(config));
    TRY(blobs.add(text));
    store::Image image{.id = manifest.config.digest,
                       .manifest = {.media_type = manifest.media_type,
                                    .digest = oci::Digest::of(text),
                                    .size = text.size()},
                       .layers = {layer.link},
                       .bytes = layer.bytes,
                       .platform = made.config.platform,
                       .created = made.config.created,
                       .defaults = made.config.defaults};
    const store::Images images = TRY(store::Images::open(workshop.store));
    TRY(images.add(image));
    if (options.name) TRY(images.name(*options.name, image.id));
    TRY(images.publish_index());
    return image;
}

static Result<store::Image> import_into(const store::Staging& staging, os::FdView archive,
                                        const Workshop& workshop, const ImportOptions& options) {
    oci::ImageConfig config = TRY(config_for(options));  // bad words before the work
    oci::Descriptor blob = TRY(copy_in(archive, staging.directory()));
    const Unpacked unpacked = TRY(unpack(workshop, staging.directory(), blob.size));
    const store::Layers layers = TRY(store::Layers::open(workshop.store));
    const os::Fd folder = TRY(os::open_directory(staging.directory(), kFolder));
    const store::Layer layer =
        TRY(layers.prepare(folder, {.diff_id = unpacked.diff_id,
                                    .bytes = unpacked.bytes,
                                    .hides_below = unpacked.hides_below,
                                    .one_owner = workshop.ownership == Ownership::all_mine}));
    config.diff_ids.push_back(unpacked.diff_id);
    const Made made{.blob = std::move(blob), .layer = layer, .config = std::move(config)};
    TRY(os::sync_file_system(staging.directory()));
    return enter(workshop, staging, made, options);
}

Result<store::Image> import(os::FdView archive, const Workshop& workshop,
                            const ImportOptions& options) {
    const store::Staging staging = TRY(workshop.store.stage());
    Result<store::Image> image = import_into(staging, archive, workshop, options);
    if (!image) {  // what was unpacked may belong to ids that only this map reaches
        (void)store::remove_owned_tree(staging.parent(), staging.name(), workshop.ids);
        return image;
    }
    const std::string name = options.name ? options.name->text() : "";
    store::note(workshop.store, store::event_of_image("import", image->id.text(), name));
    return image;
}

}  // namespace sbx::image
