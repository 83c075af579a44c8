#include "image/layer_blob.h"

#include <vector>

#include <fcntl.h>

#include "archive/gzip.h"
#include "base/sha256.h"
#include "os/file.h"

namespace sbx::image {

Result<LayerBlob> make_layer_blob(archive::Reader& tar, os::FdView directory,
                                  const std::string& name) {
    const os::Fd file(
        ::openat(directory.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!file) return Error::from_errno(errno, "make room for the layer");
    Sha256 plain;
    Sha256 compressed;
    std::uint64_t size = 0;
    archive::GzipWriter gzip([&](std::string_view data) -> Result<> {
        compressed.add(data);
        size += data.size();
        return os::write_all(file, data);
    });
    std::vector<char> buffer(std::size_t{256} * 1024);
    while (const std::size_t n = TRY(tar.read(buffer))) {
        plain.add({buffer.data(), n});
        TRY(gzip.add({buffer.data(), n}));
    }
    TRY(gzip.finish());
    oci::Digest digest = TRY(oci::Digest::from_hex(std::move(compressed).hex()));
    oci::Digest diff_id = TRY(oci::Digest::from_hex(std::move(plain).hex()));
    return LayerBlob{.blob = {.media_type = std::string(oci::media::kLayerGzip),
                              .digest = std::move(digest),
                              .size = size},
                     .diff_id = std::move(diff_id)};
}

}  // namespace sbx::image
