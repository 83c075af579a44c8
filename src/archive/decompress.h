// Which compression a layer has, by its first bytes: media types are often wrong about it.
#pragma once

#include <memory>
#include <string_view>

#include "archive/stream.h"

namespace sbx::archive {

enum class Compression : std::uint8_t { none, gzip, zstd };

// By the magic bytes at the beginning of `head`. What is known and not supported (xz, bzip2, ...)
// is refused by name; anything else counts as not compressed.
Result<Compression> compression_of(std::string_view head);

// `from` itself or a decompressor around it.
Result<std::unique_ptr<Reader>> decompress(std::unique_ptr<Reader> from);

}  // namespace sbx::archive
