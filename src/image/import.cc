#include "image/import.h"

#include <array>

#include "archive/decompress.h"
#include "base/sha256.h"
#include "base/text.h"
#include "image/changes.h"
#include "image/new_image.h"
#include "os/file.h"
#include "store/events.h"

namespace sbx::image {

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
    const os::Fd file(
        ::openat(staging.get(), kNewBlob, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
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

static Result<oci::ImageConfig> config_for(const ImportOptions& options) {
    const Instant created = now();
    oci::ImageConfig config{.platform = options.platform, .created = created};
    TRY(apply_changes(options.changes, config.defaults));
    config.history.push_back({.created = created,
                              .created_by = "imported from " + options.what,
                              .comment = options.message});
    return config;
}

Result<store::Image> import(os::FdView archive, const Workshop& workshop,
                            const ImportOptions& options) {
    oci::ImageConfig config = TRY(config_for(options));  // bad words before the work
    const store::Staging staging = TRY(workshop.store.stage());
    oci::Descriptor blob = TRY(copy_in(archive, staging.directory()));
    store::Image image = TRY(
        make_image(staging, workshop,
                   {.blob = std::move(blob), .config = std::move(config), .name = options.name}));
    const std::string name = options.name ? options.name->text() : "";
    store::note(workshop.store, store::event_of_image("import", image.id.text(), name));
    return image;
}

}  // namespace sbx::image
