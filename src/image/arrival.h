// One layer on its way into the store: its blob coming in, its tree being unpacked.
#pragma once

#include <optional>

#include "base/sha256.h"
#include "image/ingest.h"
#include "image/unpacker.h"
#include "store/blobs.h"
#include "store/layers.h"

namespace sbx::image {

// Takes the bytes of a blob: counts, hashes and keeps them, and tells the one who unpacks. Does not
// move once it has begun.
class Arrival final : public registry::Sink {
public:
    struct Want {
        oci::Descriptor blob;
        oci::Digest diff_id;
        bool tree = false;  // the layer is not unpacked yet
    };

    explicit Arrival(Want want) : want_(std::move(want)) {}

    const Want& want() const { return want_; }

    // The blob is in the store already: only the tree is missing.
    Result<> take_whole(os::Fd blob);
    // What an earlier attempt left of the blob is taken up.
    Result<> take_partial(store::Blobs::Partial partial);

    // Lets the tree be made below `name` in the unpacker's staging folder.
    Result<> unpack(Unpacker& unpacker, const std::string& name);

    Result<> add(std::string_view bytes) override;
    Result<> restart() override;
    void end(Result<> outcome) override;

    bool finished() const { return blob_done_ && (!want_.tree || tree_.has_value()); }
    std::optional<Error> take_failure() { return std::exchange(failure_, std::nullopt); }
    // What came cannot be what was wanted, or cannot be unpacked: no beginning for another attempt.
    bool spoiled() const { return spoiled_; }
    bool brings_blob() const { return partial_.has_value(); }
    std::uint64_t arrived() const { return arrived_; }
    LayerStep step() const;

    // Both digests are as they have to be.
    Result<> verify();
    // NOLINTBEGIN(bugprone-unchecked-optional-access): for who has asked want() and brings_blob()
    const Unpacked& tree() const { return *tree_; }
    store::Blobs::Partial take_partial_away() { return std::move(*partial_); }
    // NOLINTEND(bugprone-unchecked-optional-access)

private:
    Result<> rehash(std::uint64_t size);
    void spoil(Error why);

    Want want_;
    std::optional<store::Blobs::Partial> partial_ = {};
    os::Fd blob_ = {};  // for the unpacker
    Sha256 hash_ = {};
    std::uint64_t arrived_ = 0;
    Unpacker* unpacker_ = nullptr;
    std::uint32_t job_ = 0;
    bool blob_done_ = false;
    std::optional<Unpacked> tree_ = {};
    std::optional<Error> failure_ = {};
    bool spoiled_ = false;
};

}  // namespace sbx::image
