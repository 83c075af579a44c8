#include "image/round.h"

#include <algorithm>

#include "base/log.h"
#include "os/file.h"

namespace sbx::image {

Result<Round> Round::open(Source& source, const Workshop& workshop) {
    return Round(source, workshop, TRY(workshop.store.stage()));
}

// What is unpacked may belong to ids that only the workshop's map reaches.
Round::~Round() {
    for (const auto& arrival : arrivals_)
        if (!arrival->finished()) source_->cancel(*arrival);
    unpacker_.reset();
    if (arrivals_.empty()) return;
    const Result<> removed =
        store::remove_owned_tree(staging_.parent(), staging_.name(), workshop_->ids);
    if (!removed) log::debug("left for the next sweep: {}", removed.error().text());
}

Result<> Round::begin_tree(Arrival& arrival) {
    if (!unpacker_)
        unpacker_ = std::make_unique<Unpacker>(
            TRY(Unpacker::start(workshop_->poll, workshop_->ids, staging_.directory(),
                                workshop_->ownership),
                "starting to unpack"));
    // In a folder of its own: the tree itself may forbid its owner to move it.
    const std::string& folder = arrival.want().diff_id.hex();
    TRY(os::make_directory(staging_.directory(), folder, 0700));
    return arrival.unpack(*unpacker_, folder + "/tree");
}

Result<> Round::begin(const Arrival::Want& want) {
    const store::Blobs blobs = TRY(store::Blobs::open(workshop_->store));
    auto arrival = std::make_unique<Arrival>(want);
    if (blobs.has(want.blob.digest)) {
        os::Fd blob = TRY(blobs.open(want.blob.digest));
        TRY(arrival->take_whole(std::move(blob)));
    } else {
        Result<store::Blobs::Partial> partial = blobs.begin(want.blob.digest);
        if (partial.failed_as(Error::Kind::busy)) return {};
        store::Blobs::Partial locked = TRY(std::move(partial));
        // Somebody has just brought it, with its tree: the next round sees what is left to do.
        if (blobs.has(want.blob.digest)) return blobs.drop(std::move(locked), want.blob.digest);
        TRY(arrival->take_partial(std::move(locked)));
    }
    arrivals_.push_back(std::move(arrival));
    Arrival& begun = *arrivals_.back();
    if (want.tree) TRY(begin_tree(begun));
    if (!begun.brings_blob()) return {};
    if (begun.arrived() < want.blob.size) return source_->fetch(want.blob, begun.arrived(), begun);
    begun.end({});
    return {};
}

// Bytes that are not what they should be are no beginning for another attempt.
Result<> Round::drop(Arrival& arrival) {
    if (!arrival.brings_blob()) return {};
    const store::Blobs blobs = TRY(store::Blobs::open(workshop_->store));
    return blobs.drop(arrival.take_partial_away(), arrival.want().blob.digest);
}

Result<> Round::check(Arrival& arrival) {
    Result<> verified = arrival.verify();
    if (!verified) TRY(drop(arrival));
    return verified;
}

Result<> Round::fail(Arrival& arrival, Error failure) {
    source_->cancel(arrival);
    if (arrival.spoiled()) TRY(drop(arrival));
    return failure;
}

Result<> Round::wait() {
    const auto finished = [](const auto& arrival) { return arrival->finished(); };
    for (;;) {
        for (const auto& arrival : arrivals_) {
            if (std::optional<Error> failure = arrival->take_failure())
                TRY(fail(*arrival, *std::move(failure)), "layer '{}'",
                    arrival->want().blob.digest.text());
            workshop_->on_step(arrival->step());
        }
        if (std::ranges::all_of(arrivals_, finished)) break;
        (void)TRY(workshop_->poll.wait());
    }
    for (const auto& arrival : arrivals_)
        TRY(check(*arrival), "layer '{}'", arrival->want().blob.digest.text());
    return {};
}

Result<> Round::publish() {
    const store::Blobs blobs = TRY(store::Blobs::open(workshop_->store));
    const store::Layers layers = TRY(store::Layers::open(workshop_->store));
    const bool one_owner = workshop_->ownership == Ownership::all_mine;
    std::vector<std::optional<store::Layer>> prepared;
    for (const auto& arrival : arrivals_) {
        const Arrival::Want& want = arrival->want();
        prepared.emplace_back();
        if (!want.tree) continue;
        const os::Fd folder = TRY(os::open_directory(staging_.directory(), want.diff_id.hex()));
        prepared.back() = TRY(layers.prepare(folder, {.diff_id = want.diff_id,
                                                      .bytes = arrival->tree().bytes,
                                                      .hides_below = arrival->tree().hides_below,
                                                      .one_owner = one_owner}));
    }
    TRY(os::sync_file_system(staging_.directory()));

    const os::Lock lock = TRY(workshop_->store.lock(os::Share::exclusive));
    for (std::size_t i = 0; i < arrivals_.size(); ++i) {
        const Arrival::Want& want = arrivals_[i]->want();
        if (std::optional<store::Layer>& layer = prepared[i])
            TRY(layers.publish(staging_.directory(), want.diff_id.hex(), *std::move(layer)));
        if (arrivals_[i]->brings_blob())
            TRY(blobs.publish(arrivals_[i]->take_partial_away(), want.blob.digest));
    }
    return {};
}

}  // namespace sbx::image
