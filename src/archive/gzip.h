// The bytes inside gzip data: RFC 1952, inflated by ISA-L.
#pragma once

#include <memory>

#include "archive/stream.h"

namespace sbx::archive {

// Several members in a row are one stream, as the RFC has it. A checksum or length that does not
// fit, an early end, and anything behind the last member that is no member are errors.
class GzipReader final : public Reader {
public:
    explicit GzipReader(std::unique_ptr<Reader> from);
    ~GzipReader() override;
    Result<std::size_t> read(std::span<char> into) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sbx::archive
