// What the fuzz targets of the decompressors have in common.
#pragma once

#include <vector>

#include "archive/stream.h"

namespace sbx::test {

// Reads what comes out of `from`, up to what a test has time for.
inline Result<> read_some(archive::Reader& from) {
    std::vector<char> piece(64 * 1024);
    for (int i = 0; i < 64; ++i)
        if (TRY(from.read(piece)) == 0) break;
    return {};
}

}  // namespace sbx::test
