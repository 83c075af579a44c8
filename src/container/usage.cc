#include "container/usage.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "os/file.h"
#include "store/layers.h"

namespace sbx::container {

bool needs_image(const store::ContainerRecord& container, const store::Image& image) {
    const std::string id = image.id.text();
    const auto& mounted = container.mounted_images;
    return container.image_id == id || std::ranges::find(mounted, id) != mounted.end();
}

std::uint64_t Usage::layer_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& [layer, bytes] : layers)
        sum += bytes;
    return sum;
}

std::uint64_t Usage::bytes_without(const Goes& goes) const {
    std::set<std::string> needed;
    for (const ImageUsage& image : images)
        if (!goes(image)) needed.insert(image.layers.begin(), image.layers.end());
    std::uint64_t sum = 0;
    for (const auto& [layer, bytes] : layers)
        if (!needed.contains(layer)) sum += bytes;
    return sum;
}

static Result<> add_images(const store::Store& store, Usage& usage) {
    const store::Layers layers = TRY(store::Layers::open(store));
    const store::Images images = TRY(store::Images::open(store));
    std::map<std::string, std::uint64_t> sizes;
    for (const store::Layer& layer : TRY(layers.all()))
        sizes[layer.diff_id.hex()] = layer.bytes;
    std::map<std::string, std::size_t> users;
    for (store::Image& image : TRY(images.all())) {
        ImageUsage one{.image = std::move(image)};
        std::set<std::string> own;
        for (const std::string& link : one.image.layers)
            if (Result<std::string> hex = layers.hex_behind(link)) own.insert(*std::move(hex));
        for (const std::string& layer : own) {
            one.bytes += sizes[layer];
            usage.layers[layer] = sizes[layer];
            ++users[layer];
        }
        one.layers.assign(own.begin(), own.end());
        usage.images.push_back(std::move(one));
    }
    for (ImageUsage& image : usage.images)
        for (const std::string& layer : image.layers)
            if (users[layer] > 1) image.shared += usage.layers[layer];
    return {};
}

static std::uint64_t told(const Result<std::uint64_t>& bytes) {
    if (!bytes) log::debug("counted as nothing: {}", bytes.error().text());
    return bytes.value_or(0);
}

static Result<> add_containers(const store::Store& store, const os::IdMap& ids, Usage& usage) {
    const os::Fd folder = TRY(store.folder("containers"));
    for (Listed& listed : TRY(list(store, ids))) {
        for (ImageUsage& image : usage.images)
            if (needs_image(listed.record, image.image)) ++image.containers;
        const std::uint64_t bytes = told(store::measure_owned_tree(folder, listed.record.id, ids));
        usage.containers.push_back({.container = std::move(listed), .bytes = bytes});
    }
    return {};
}

// Of a folder (--rootfs) nothing is sbx's, and a copy of an image's files is all the container's.
Result<FileSizes> file_sizes(const store::Store& store, const store::ContainerRecord& record,
                             const os::IdMap& ids) {
    const os::Fd folder = TRY(store.folder("containers"));
    const std::string copied = record.id + "/copied";
    if (os::exists_at(folder, copied)) {
        const std::uint64_t all = TRY(store::measure_owned_tree(folder, copied, ids));
        return FileSizes{.own = all, .whole = all};
    }
    const std::uint64_t own = TRY(store::measure_owned_tree(folder, record.id + "/upper", ids));
    const store::Images images = TRY(store::Images::open(store));
    const Result<store::Image> image = images.find(record.image_id);
    return FileSizes{.own = own, .whole = own + (image ? image->bytes : 0)};
}

Result<Usage> find_usage(const store::Store& store, const os::IdMap& ids) {
    Usage usage;
    TRY(add_images(store, usage));
    TRY(add_containers(store, ids, usage));
    const store::Volumes volumes = TRY(store::Volumes::open(store));
    for (ListedVolume& listed : TRY(list_volumes(store))) {
        const std::uint64_t bytes = told(volumes.bytes_of(listed.volume.name, ids));
        usage.volumes.push_back({.volume = std::move(listed), .bytes = bytes});
    }
    return usage;
}

}  // namespace sbx::container
