#include "image/remove.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "oci/manifest.h"
#include "store/blobs.h"
#include "store/containers.h"
#include "store/events.h"
#include "store/layers.h"
#include "store/volumes.h"

namespace sbx::image {

// What an image's documents name. A manifest that cannot be read keeps nothing: its image cannot be
// used either.
static void add_blobs(const store::Blobs& blobs, const store::Image& image,
                      std::set<oci::Digest>& needed) {
    needed.insert(image.manifest.digest);
    needed.insert(image.id);
    const Result<std::string> bytes = blobs.read(image.manifest.digest, oci::kLargestManifest);
    if (!bytes) return;
    const auto parsed = oci::parse_manifest(*bytes, image.manifest.media_type);
    const auto* manifest = parsed ? std::get_if<oci::Manifest>(&*parsed) : nullptr;
    if (!manifest) return;
    for (const oci::Descriptor& layer : manifest->layers)
        needed.insert(layer.digest);
}

// By its diff id: a link may lead to a layer whose own is another, or whose record is damaged.
static void add_layers(const store::Layers& layers, const store::Image& image,
                       std::set<std::string>& needed) {
    for (const std::string& link : image.layers)
        if (Result<std::string> hex = layers.hex_behind(link)) needed.insert(*std::move(hex));
}

static Result<Collected> collect(const store::Store& store, const os::IdMap& ids) {
    const store::Images images = TRY(store::Images::open(store));
    const store::Blobs blobs = TRY(store::Blobs::open(store));
    const store::Layers layers = TRY(store::Layers::open(store));
    store::Images::Survey survey = TRY(images.survey());
    (void)TRY(store.sweep(ids));  // how many is of no interest
    if (!survey.damaged.empty()) return Collected{.damaged = std::move(survey.damaged)};
    std::set<oci::Digest> needed;
    std::set<std::string> trees;
    for (const store::Image& image : survey.images) {
        add_blobs(blobs, image, needed);
        add_layers(layers, image, trees);
    }
    for (const oci::Digest& digest : TRY(blobs.all()))
        if (!needed.contains(digest)) TRY(blobs.remove(digest));
    Collected collected;
    for (const store::Layer& layer : TRY(layers.all())) {
        if (trees.contains(layer.diff_id.hex())) continue;
        collected.bytes += layer.bytes;
        TRY(layers.remove(layer, ids));
    }
    return collected;
}

static bool needs(const store::ContainerRecord& record, const std::string& image) {
    return record.image_id == image ||
           std::ranges::find(record.mounted_images, image) != record.mounted_images.end();
}

static Result<std::vector<store::ContainerRecord>> containers_of(const store::Store& store,
                                                                 const oci::Digest& image) {
    const store::Containers containers = TRY(store::Containers::open(store));
    std::vector<store::ContainerRecord> records = TRY(containers.all());
    std::erase_if(records, [id = image.text()](const store::ContainerRecord& record) {
        return !needs(record, id);
    });
    return records;
}

Result<Filter> parse_filter(const store::Store& store, const std::vector<std::string>& texts) {
    if (texts.empty()) return Filter();
    const store::Containers containers = TRY(store::Containers::open(store));
    const std::vector<store::ContainerRecord> records = TRY(containers.all());
    const auto used = [records](const store::Image& image) {
        return std::ranges::any_of(
            records, [id = image.id.text()](const auto& record) { return needs(record, id); });
    };
    const store::Images images = TRY(store::Images::open(store));
    return Filter::parse(texts, {.now = now(),
                                 .find = [&](const std::string& text) { return images.find(text); },
                                 .used = used});
}

static Result<> check_unused(const store::Store& store, const store::Image& image, Force force) {
    const std::vector<store::ContainerRecord> users = TRY(containers_of(store, image.id));
    if (users.empty() || force == Force::yes) return {};
    return Error(Error::Kind::busy, "container '{}' uses the image", users.front().name)
        .hint(fmt::format("`sbx rm {}` removes the container", users.front().name));
}

// With the volumes that were made for it alone.
static Result<> remove_container(const store::Store& store, const store::ContainerRecord& record,
                                 const os::IdMap& ids) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const store::Volumes volumes = TRY(store::Volumes::open(store));
    // Whoever starts it holds its lock until it runs.
    const Result<os::Lock> lock = containers.try_lock(record.id);
    if (!lock || containers.live(record.id))
        return Error(Error::Kind::busy, "container '{}' runs the image", record.name)
            .hint(fmt::format("`sbx rm --force {}` ends it", record.name));
    TRY(containers.remove(record, ids));
    const os::Lock volumes_lock = TRY(volumes.lock(os::Share::exclusive));
    return volumes.remove_unused(record.anonymous_volumes, ids);
}

// Its containers go first: nothing of them could run without the layers.
static Result<> remove_users(const store::Store& store, const store::Image& image,
                             const os::IdMap& ids) {
    for (const store::ContainerRecord& record : TRY(containers_of(store, image.id)))
        TRY(remove_container(store, record, ids));
    return {};
}

static Result<> remove_whole(const store::Store& store, const store::Image& image,
                             Removed& removed) {
    const store::Images images = TRY(store::Images::open(store));
    TRY(images.remove(image.id));
    for (const oci::Reference& name : image.names) {
        removed.untagged.push_back(name.text());
        store::note(store, store::event_of_image("untag", image.id.text(), name.text()));
    }
    removed.deleted.push_back(image.id);
    const std::string name = image.names.empty() ? "" : image.names.front().text();
    store::note(store, store::event_of_image("delete", image.id.text(), name));
    return {};
}

Result<Removed> remove(const store::Store& store, const std::string& text, const os::IdMap& ids,
                       Force force) {
    const os::Lock lock = TRY(store.lock(os::Share::exclusive));
    const store::Images images = TRY(store::Images::open(store));
    const store::Image image = TRY(images.find_to_remove(text));
    Removed removed;
    const Result<oci::Reference> name = oci::Reference::parse(text);
    const bool by_name = name && std::ranges::find(image.names, *name) != image.names.end();
    if (by_name && image.names.size() > 1) {
        TRY(images.unname(*name));
        removed.untagged.push_back(name->text());
        TRY(images.publish_index());
        store::note(store, store::event_of_image("untag", image.id.text(), name->text()));
        return removed;
    }
    if (!by_name && image.names.size() > 1 && force == Force::no)
        return Error(Error::Kind::busy, "the image has {} names", image.names.size())
            .hint("remove them one by one, or all of it with --force");
    TRY(check_unused(store, image, force));
    TRY(remove_users(store, image, ids));
    TRY(remove_whole(store, image, removed));
    TRY(images.publish_index());
    removed.rest = TRY(collect(store, ids));
    return removed;
}

Result<Removed> prune(const store::Store& store, const os::IdMap& ids, Unused unused,
                      const Filter& filter) {
    const os::Lock lock = TRY(store.lock(os::Share::exclusive));
    const store::Images images = TRY(store::Images::open(store));
    Removed removed;
    for (const store::Image& image : TRY(images.all())) {
        const bool named = !image.names.empty();
        if ((named && unused == Unused::unnamed) || !filter.admits(image)) continue;
        if (!TRY(containers_of(store, image.id)).empty()) continue;
        TRY(remove_whole(store, image, removed));
    }
    TRY(images.publish_index());
    removed.rest = TRY(collect(store, ids));
    const store::Blobs blobs = TRY(store::Blobs::open(store));
    TRY(blobs.sweep_partials());
    return removed;
}

}  // namespace sbx::image
