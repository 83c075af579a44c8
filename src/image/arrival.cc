#include "image/arrival.h"

#include <array>

#include <unistd.h>

#include "os/file.h"

namespace sbx::image {

// There is a partial as long as bytes come, and a tree once the unpacking is done.
// NOLINTBEGIN(bugprone-unchecked-optional-access)

Result<> Arrival::take_whole(os::Fd blob) {
    const struct stat status = TRY(os::status_of(blob));
    arrived_ = static_cast<std::uint64_t>(status.st_size);
    blob_ = std::move(blob);
    blob_done_ = true;
    return {};
}

Result<> Arrival::rehash(std::uint64_t size) {
    std::array<char, 262144> buffer;
    while (arrived_ < size) {
        const ssize_t n = ::pread(partial_->file.get(), buffer.data(), buffer.size(),
                                  static_cast<off_t>(arrived_));
        if (n == 0) return Error(Error::Kind::failed, "what was fetched before has become less");
        if (n < 0) return Error::from_errno(errno, "read what was fetched before");
        hash_.add({buffer.data(), static_cast<std::size_t>(n)});
        arrived_ += static_cast<std::uint64_t>(n);
    }
    return {};
}

Result<> Arrival::take_partial(store::Blobs::Partial partial) {
    partial_.emplace(std::move(partial));
    const struct stat status = TRY(os::status_of(partial_->file));
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size <= want_.blob.size)
        TRY(rehash(size));
    else if (::ftruncate(partial_->file.get(), 0) != 0)
        return Error::from_errno(errno, "drop what was fetched before");
    blob_ = TRY(os::duplicate(partial_->file));
    return {};
}

Result<> Arrival::unpack(Unpacker& unpacker, const std::string& name) {
    job_ = TRY(unpacker.submit({.name = name, .blob = std::move(blob_), .size = want_.blob.size},
                               [this](Result<Unpacked> unpacked) -> Result<> {
                                   if (unpacked)
                                       tree_ = *std::move(unpacked);
                                   else
                                       spoil(std::move(unpacked).error().context("unpacking"));
                                   return {};
                               }));
    unpacker_ = &unpacker;
    return unpacker.available(job_, arrived_);
}

void Arrival::spoil(Error why) {
    failure_ = std::move(why);
    spoiled_ = true;
}

Result<> Arrival::add(std::string_view bytes) {
    if (bytes.size() > want_.blob.size - arrived_) {
        spoiled_ = true;
        return Error(Error::Kind::failed, "more than the {} bytes came that belong",
                     want_.blob.size);
    }
    TRY(os::write_at(partial_->file, arrived_, bytes));
    hash_.add(bytes);
    arrived_ += bytes.size();
    return unpacker_ ? unpacker_->available(job_, arrived_) : Result<>();
}

// What was unpacked meanwhile stays as it is: the same bytes come again or, if they are others, the
// digests at the end tell.
Result<> Arrival::restart() {
    arrived_ = 0;
    hash_ = Sha256();
    return {};
}

void Arrival::end(Result<> outcome) {
    blob_done_ = true;
    if (!outcome)
        failure_ = std::move(outcome).error();
    else if (arrived_ != want_.blob.size)
        spoil(Error(Error::Kind::failed, "{} bytes came, where {} belong", arrived_,
                    want_.blob.size));
}

LayerStep Arrival::step() const {
    LayerStep step{.digest = want_.blob.digest, .bytes = arrived_, .size = want_.blob.size};
    step.phase = finished()   ? LayerStep::Phase::done
                 : blob_done_ ? LayerStep::Phase::unpacking
                              : LayerStep::Phase::fetching;
    return step;
}

Result<> Arrival::verify() {
    if (partial_ && std::move(hash_).hex() != want_.blob.digest.hex())
        return Error(Error::Kind::failed, "the content is not what its digest says");
    if (want_.tree && tree_->diff_id != want_.diff_id)
        return Error(Error::Kind::failed, "unpacked it is '{}', where the configuration says '{}'",
                     tree_->diff_id.text(), want_.diff_id.text());
    return {};
}

// NOLINTEND(bugprone-unchecked-optional-access)

}  // namespace sbx::image
