// The bytes inside zstd data: RFC 8878.
#pragma once

#include <memory>

#include "archive/stream.h"

namespace sbx::archive {

// Several frames in a row are one stream, and skippable ones are skipped. A frame that wants more
// than 128 MiB of memory for its window is refused.
class ZstdReader final : public Reader {
public:
    explicit ZstdReader(std::unique_ptr<Reader> from);
    ~ZstdReader() override;
    Result<std::size_t> read(std::span<char> into) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sbx::archive
