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
    Result<std::uint64_t> size_of(const oci::Digest& digest) const;
    Result<std::vector<oci::Digest>> all() const;

    // Makes a small blob of `bytes`; there already is as good.
    Result<oci::Digest> add(std::string_view bytes) const;
    Result<> remove(const oci::Digest& digest) const;

    // Gives a file in `directory`, whose content has been checked against `digest` and made
    // durable, its place.
    Result<> publish(os::FdView directory, const std::string& name,
                     const oci::Digest& digest) const;

private:
    explicit Blobs(os::Fd directory) : directory_(std::move(directory)) {}

    os::Fd directory_;  // images/blobs/sha256
};

}  // namespace sbx::store
