// Tar archives, read entry by entry.
//
// The archives come from strangers, and readers of tar disagree about damaged and ambiguous ones,
// which is how entries are smuggled past one of two readers. So there are two here: libarchive
// splits the stream, tar_header.h reads each entry's headers once more and strictly, and where they
// differ about the size of anything the archive is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "archive/stream.h"
#include "archive/tar_entry.h"

namespace sbx::archive {

// "entry 17 at offset 0x4400 'etc/motd'": how errors name one.
std::string describe(const Entry& entry);

class TarReader {
public:
    explicit TarReader(Reader& from);
    TarReader(TarReader&&) noexcept;
    ~TarReader();

    // Errors of an entry's headers and end name it; errors of its content leave that to the caller.

    // The next entry, past what was not read of the one before; nothing at the end of the archive.
    // What is behind that end, padding most often, stays in the Reader, but for a block of it.
    Result<std::optional<Entry>> next();

    // A piece of the content of the last entry, valid until the next call. What lies between two
    // pieces, or behind the last one, is a hole.
    struct Block {
        std::uint64_t offset = 0;
        std::span<const char> bytes = {};
    };
    Result<std::optional<Block>> block();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sbx::archive
