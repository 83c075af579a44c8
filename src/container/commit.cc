#include "container/commit.h"

#include <algorithm>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "container/commit_layer.h"
#include "container/pause.h"
#include "container/sides.h"
#include "image/layer_blob.h"
#include "image/new_image.h"
#include "image/transfer.h"
#include "os/pipe.h"
#include "os/signals.h"
#include "sandbox/visit.h"
#include "store/blobs.h"
#include "store/events.h"
#include "store/images.h"

namespace sbx::container {

namespace {

// The image that a container was made of.
struct Parent {
    Json document;
    oci::ImageConfig config;
    std::vector<oci::Descriptor> layers;
};

// Those that would end this process: not what whoever started it has it ignore.
std::vector<int> ending_signals() {
    std::vector<int> signals;
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        struct sigaction now{};
        if (::sigaction(number, nullptr, &now) == 0 && now.sa_handler != SIG_IGN)
            signals.push_back(number);
    }
    return signals;
}

// Has a container stand still, and go on when this ends: what would end the process has to wait.
class Standstill {
public:
    static Result<Standstill> begin(const store::Store& store, const std::string& id) {
        os::SignalQueue signals = TRY(os::SignalQueue::open(ending_signals()));
        (void)TRY(pause(store, id));
        return Standstill(store, id, std::move(signals));
    }
    Standstill(Standstill&& other) noexcept
        : store_(other.store_),
          id_(std::exchange(other.id_, {})),
          signals_(std::move(other.signals_)) {}
    Standstill& operator=(Standstill&&) = delete;
    ~Standstill() { (void)end(); }

    os::FdView signals() const { return signals_.fd(); }

    Result<> end() {
        if (id_.empty()) return {};
        const std::string id = std::exchange(id_, "");
        Result<> gone_on = unpause(*store_, id);
        if (!gone_on.failed_as(Error::Kind::busy)) return gone_on;
        const store::Containers containers = TRY(store::Containers::open(*store_));
        const std::optional<store::LiveState> live = containers.live(id);
        if (live && is_paused(containers, id, *live)) return gone_on;
        return {};  // somebody else had it go on, or it has ended
    }

private:
    Standstill(const store::Store& store, std::string id, os::SignalQueue signals)
        : store_(&store), id_(std::move(id)), signals_(std::move(signals)) {}

    const store::Store* store_;
    std::string id_;  // empty once it goes on
    os::SignalQueue signals_;
};

// A pipe, and the signals that end the reading of it.
class InterruptibleReader final : public archive::Reader {
public:
    InterruptibleReader(os::FdView pipe, const std::optional<Standstill>& still)
        : pipe_(pipe), signals_(still ? still->signals().get() : -1) {}

    Result<std::size_t> read(std::span<char> into) override {
        for (;;) {
            pollfd wanted[] = {{.fd = signals_, .events = POLLIN, .revents = 0},
                               {.fd = pipe_.get(), .events = POLLIN, .revents = 0}};
            const int ready = ::poll(wanted, 2, -1);
            if (ready > 0 && wanted[0].revents != 0)
                return Error(Error::Kind::failed, "a signal has ended it");
            const ssize_t n = ready < 0 ? -1 : ::read(pipe_.get(), into.data(), into.size());
            if (n >= 0) return static_cast<std::size_t>(n);
            if (errno != EINTR) return Error::from_errno(errno, "read the layer");
        }
    }

private:
    os::FdView pipe_;
    int signals_;  // -1: poll passes over it
};

}  // namespace

// Those of docker mean the same, and do not belong into a manifest of OCI's.
static void make_oci(oci::Descriptor& layer) {
    if (layer.media_type == oci::media::kDockerLayer) layer.media_type = oci::media::kLayerGzip;
    if (layer.media_type == oci::media::kDockerLayerPlain) layer.media_type = oci::media::kLayer;
}

static Result<Parent> read_parent(const store::Store& store, const std::string& image_id) {
    const store::Images images = TRY(store::Images::open(store));
    const store::Image image = TRY(images.find(image_id), "the container's image");
    const store::Blobs blobs = TRY(store::Blobs::open(store));
    const std::string config = TRY(blobs.read(image.id, oci::kLargestConfig));
    const std::string text = TRY(blobs.read(image.manifest.digest, oci::kLargestManifest));
    auto manifest = TRY(oci::parse_manifest(text, image.manifest.media_type));
    auto* one = std::get_if<oci::Manifest>(&manifest);
    if (!one) return Error(Error::Kind::failed, "image '{}' is an index", image_id);
    std::ranges::for_each(one->layers, make_oci);
    Json document = TRY(Json::parse(config));
    oci::ImageConfig parsed = TRY(oci::ImageConfig::parse(config));
    return Parent{.document = std::move(document),
                  .config = std::move(parsed),
                  .layers = std::move(one->layers)};
}

namespace {

struct Packed {
    image::LayerBlob blob;
    std::vector<std::string> notes;
};

}  // namespace

// Of one that does not run: it is not started meanwhile.
static Result<std::optional<os::Lock>> keep_from_starting(const store::Containers& containers,
                                                          const std::string& id) {
    if (containers.live(id)) return std::optional<os::Lock>();
    TRY(containers.read(id));  // before the lock, which would make a folder for it
    os::Lock lock = TRY(containers.lock(id));
    if (containers.live(id)) return std::optional<os::Lock>();
    return std::optional(std::move(lock));
}

static Result<std::optional<Standstill>> stand_still(const store::Store& store,
                                                     const Commit& wish) {
    const store::Containers containers = TRY(store::Containers::open(store));
    const std::optional<store::LiveState> live = containers.live(wish.id);
    if (!wish.pause || !live || is_paused(containers, wish.id, *live))
        return std::optional<Standstill>();
    return std::optional(TRY(Standstill::begin(store, wish.id), "pausing it"));
}

static Result<Packed> pack(const image::Workshop& workshop, const Commit& wish,
                           const CommitLayer& layer, os::FdView staging) {
    const store::Containers containers = TRY(store::Containers::open(workshop.store));
    const auto lock = TRY(keep_from_starting(containers, wish.id));
    std::optional<Standstill> still = TRY(stand_still(workshop.store, wish));
    os::Pipe pipe = TRY(os::open_pipe());
    const sandbox::Errand errand{.work = [&](const os::Root&) {
        pipe.read_end.reset();  // or nobody would notice that sbx was killed
        return write_layer(layer, pipe.write_end);
    }};
    sandbox::Visit visit = TRY(sandbox::visit(workshop.ids, "/", errand));
    pipe.write_end.reset();
    InterruptibleReader tar(pipe.read_end, still);
    image::LayerBlob blob = TRY(image::make_layer_blob(tar, staging, image::kNewBlob));
    std::vector<std::string> notes = image::notes_in(TRY(std::move(visit).finish()));
    // Files go after the record has: as long as that is there, none was missed.
    TRY(containers.read(wish.id), "it was removed meanwhile");
    if (still) TRY(still->end(), "having it go on");
    return Packed{.blob = std::move(blob), .notes = std::move(notes)};
}

Result<Committed> commit(const image::Workshop& workshop, const Commit& wish) {
    const store::Containers containers = TRY(store::Containers::open(workshop.store));
    const Blueprint blueprint = TRY(read_blueprint(containers, wish.id));
    CommitLayer layer{.image = TRY(sides_of(blueprint.request))};
    layer.targets = mount_targets(blueprint.request);
    if (wish.words.squash) layer.content = CommitLayer::Content::all;
    Parent parent = TRY(read_parent(workshop.store, blueprint.record.image_id));
    oci::ImageConfig config =
        TRY(commit_config(blueprint, std::move(parent.config), wish.words));  // before the work

    const store::Staging staging = TRY(workshop.store.stage());
    Packed packed = TRY(pack(workshop, wish, layer, staging.directory()));
    image::NewImage image{.blob = std::move(packed.blob.blob),
                          .config = std::move(config),
                          .diff_id = std::move(packed.blob.diff_id),
                          .parent = std::move(parent.document),
                          .name = wish.name};
    if (!wish.words.squash) image.below = std::move(parent.layers);
    store::Image made = TRY(image::make_image(staging, workshop, std::move(image)));
    store::note(workshop.store,
                store::event_of(blueprint.record, "commit", {{"imageID", made.id.text()}}));
    return Committed{.image = std::move(made), .notes = std::move(packed.notes)};
}

}  // namespace sbx::container
