// The blobs of the image layout: files named by the digest of their content.
#pragma once

#include <string>
#include <vector>

#include "oci/digest.h"
#include "store/store.h"

namespace sbx::store {

class Blobs {
public:
    static Result<Blobs> open(const Store& store);

    bool has(const oci::Digest& digest) const;
    Result<os::Fd> open(const oci::Digest& digest) const;
    Result<std::string> read(const oci::Digest& digest, std::size_t limit) const;
    Result<std::vector<oci::Digest>> all() const;

    // Makes a small blob of `bytes`; there already is as good.
    Result<oci::Digest> add(std::string_view bytes) const;
    Result<> remove(const oci::Digest& digest) const;

    // A blob on its way: what an earlier attempt brought of it is still there. Kind::busy where
    // another process is bringing it.
    struct Partial {
        os::Fd file;  // to read and to append to
        os::Lock lock;
    };
    Result<Partial> begin(const oci::Digest& digest) const;
    // Waits until nobody brings it any more.
    Result<> wait_for(const oci::Digest& digest, std::chrono::milliseconds patience) const;

    // It has been checked against its digest and made durable: it gets its place.
    Result<> publish(Partial partial, const oci::Digest& digest) const;
    // The same for a file in `directory`.
    Result<> adopt(os::FdView directory, const std::string& name, const oci::Digest& digest) const;
    // It is of no use to a later attempt.
    Result<> drop(Partial partial, const oci::Digest& digest) const;
    // Removes what attempts that ended have left.
    Result<> sweep_partials() const;

private:
    Blobs(os::Fd directory, os::Fd partials)
        : directory_(std::move(directory)), partials_(std::move(partials)) {}

    os::Fd directory_;  // images/blobs/sha256
    os::Fd partials_;   // partial
};

}  // namespace sbx::store
