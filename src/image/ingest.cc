#include "image/ingest.h"

#include <algorithm>
#include <map>

#include "image/round.h"
#include "os/rlimits.h"

namespace sbx::image {

// Each layer on its way has half a dozen descriptors.
static void allow_many_descriptors() {
    constexpr rlim_t kPlenty = 16384;
    const Result<rlimit> limit = os::limit_of(RLIMIT_NOFILE);
    if (limit && limit->rlim_cur < kPlenty)
        (void)os::set_limit(RLIMIT_NOFILE, {.rlim_cur = std::min(kPlenty, limit->rlim_max),
                                            .rlim_max = limit->rlim_max});
}

// The layer, if it serves: one that was unpacked with one id lacks its owners, now that there are
// more.
static Result<std::optional<store::Layer>> unpacked(const oci::Digest& diff_id,
                                                    const Workshop& workshop) {
    const store::Layers layers = TRY(store::Layers::open(workshop.store));
    std::optional<store::Layer> layer = TRY(layers.find(diff_id));
    if (!layer || !layer->one_owner || workshop.ownership == Ownership::all_mine) return layer;
    TRY(layers.check_may_be_replaced(diff_id));
    return std::optional<store::Layer>();
}

// What the store lacks of an image; each blob and each tree once.
static Result<std::vector<Arrival::Want>> missing(const Documents& documents,
                                                  const Workshop& workshop) {
    const store::Blobs blobs = TRY(store::Blobs::open(workshop.store));
    std::map<oci::Digest, oci::Digest> diff_id_of;
    std::vector<oci::Digest> trees;
    std::vector<Arrival::Want> wants;
    for (std::size_t i = 0; i < documents.manifest.layers.size(); ++i) {
        const oci::Descriptor& blob = documents.manifest.layers[i];
        const oci::Digest& diff_id = documents.config.diff_ids[i];
        const auto [known, is_new] = diff_id_of.try_emplace(blob.digest, diff_id);
        if (!is_new && known->second != diff_id)
            return Error(Error::Kind::failed, "layer '{}' has two diff ids", blob.digest.text());
        if (!is_new) continue;
        const bool there = std::ranges::find(trees, diff_id) != trees.end() ||
                           TRY(unpacked(diff_id, workshop)).has_value();
        if (!there) trees.push_back(diff_id);
        if (!there || !blobs.has(blob.digest))
            wants.push_back({.blob = blob, .diff_id = diff_id, .tree = !there});
    }
    return wants;
}

static void tell_present(const Documents& documents, const std::vector<Arrival::Want>& wants,
                         const Workshop& workshop) {
    for (const oci::Descriptor& layer : documents.manifest.layers) {
        const bool wanted = std::ranges::any_of(
            wants, [&](const Arrival::Want& want) { return want.blob.digest == layer.digest; });
        if (!wanted)
            workshop.on_step({.digest = layer.digest,
                              .phase = LayerStep::Phase::present,
                              .bytes = layer.size,
                              .size = layer.size});
    }
}

static Result<> bring(Source& source, const Workshop& workshop,
                      const std::vector<Arrival::Want>& wants) {
    Round round = TRY(Round::open(source, workshop));
    for (const Arrival::Want& want : wants)
        TRY(round.begin(want), "layer '{}'", want.blob.digest.short_hex());
    if (!round.empty()) {
        TRY(round.wait());
        return round.publish();
    }
    // All that is missing is on its way to another process.
    constexpr std::chrono::minutes kPatience{30};
    const oci::Descriptor& blob = wants.front().blob;
    workshop.on_step(
        {.digest = blob.digest, .phase = LayerStep::Phase::waiting, .size = blob.size});
    const store::Blobs blobs = TRY(store::Blobs::open(workshop.store));
    return blobs.wait_for(blob.digest, kPatience);
}

// The links of the layers, topmost first, down to one that hides the rest; Kind::not_found where
// one has been removed meanwhile. Overlay takes none twice, nor is that needed: of two that are the
// same the upper one covers all that the lower one has.
static Result<store::Image> assemble(const Documents& documents, const store::Store& store) {
    const store::Layers layers = TRY(store::Layers::open(store));
    const store::Blobs blobs = TRY(store::Blobs::open(store));
    store::Image image{.id = documents.manifest.config.digest,
                       .manifest = documents.descriptor,
                       .platform = documents.config.platform,
                       .created = documents.config.created,
                       .defaults = documents.config.defaults};
    bool hidden = false;
    for (std::size_t i = documents.config.diff_ids.size(); i-- > 0;) {
        const std::optional<store::Layer> layer = TRY(layers.find(documents.config.diff_ids[i]));
        if (!layer || !blobs.has(documents.manifest.layers[i].digest))
            return Error(Error::Kind::not_found, "a layer was removed meanwhile");
        const bool again = std::ranges::find(image.layers, layer->link) != image.layers.end();
        if (again || hidden) continue;
        image.layers.push_back(layer->link);
        image.bytes += layer->bytes;
        hidden = layer->hides_below;
    }
    return image;
}

Result<store::Image> enter(const Documents& documents, const store::Store& store,
                           const std::optional<oci::Reference>& name) {
    store::Image image = TRY(assemble(documents, store));
    const store::Blobs blobs = TRY(store::Blobs::open(store));
    TRY(blobs.add(documents.config_bytes));
    TRY(blobs.add(documents.manifest_bytes));
    const store::Images images = TRY(store::Images::open(store));
    TRY(images.add(image));
    if (name) TRY(images.name(*name, image.id));
    TRY(images.publish_index());
    return image;
}

Result<store::Image> ingest(Source& source, const Workshop& workshop, const Wish& wish) {
    allow_many_descriptors();
    const Documents documents = TRY(fetch_documents(source, wish.platform));
    bool told = false;
    for (;;) {
        const std::vector<Arrival::Want> wants = TRY(missing(documents, workshop));
        if (!std::exchange(told, true)) tell_present(documents, wants, workshop);
        if (!wants.empty()) {
            TRY(bring(source, workshop, wants));
            continue;
        }
        const os::Lock lock = TRY(workshop.store.lock(os::Share::exclusive));
        Result<store::Image> image = enter(documents, workshop.store, wish.name);
        if (!image.failed_as(Error::Kind::not_found)) return image;
    }
}

}  // namespace sbx::image
