// A Reader that knows the SHA-256 of all that was read through it.
#pragma once

#include <cstdint>
#include <string>

#include "archive/stream.h"
#include "base/sha256.h"

namespace sbx::archive {

// Data that are longer than `most` bytes are an error.
class HashingReader final : public Reader {
public:
    explicit HashingReader(Reader& from, std::uint64_t most = UINT64_MAX)
        : from_(&from), most_(most) {}
    Result<std::size_t> read(std::span<char> into) override;

    std::string hex() && { return std::move(hash_).hex(); }  // of what was read so far

private:
    Reader* from_;
    std::uint64_t most_;
    Sha256 hash_;
    std::uint64_t size_ = 0;
};

}  // namespace sbx::archive
