// The header blocks of one tar entry, read strictly: POSIX.1-2017 ustar and pax, V7, and GNU's long
// names and sparse files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "archive/tar_entry.h"
#include "base/error.h"

namespace sbx::archive {

constexpr std::size_t kTarBlock = 512;
constexpr std::size_t kLargestExtension = std::size_t{1} << 20;  // of a pax or GNU header
constexpr std::size_t kLongestPath = 4095;                       // PATH_MAX, without the NUL

struct TarHeader {
    Entry entry;
    std::size_t length = 0;    // of the blocks up to and with the entry's own one
    std::uint64_t stored = 0;  // bytes of content behind them, holes left out
    bool sparse = false;
    bool map_in_content = false;  // of a sparse file: its map is at the beginning of those bytes
};

constexpr std::uint64_t padded_to_block(std::uint64_t size) {
    return (size + kTarBlock - 1) / kTarBlock * kTarBlock;
}

// `blocks` begins with the first of the headers that belong to an entry. What is behind its own
// header block is not looked at. Global pax headers are passed over: no layer needs them, and they
// could rename every entry behind them. Extensions that say the same thing twice are refused, as
// readers differ about which one counts.
Result<TarHeader> read_tar_header(std::string_view blocks);

// The name in the first header block, for errors about headers that cannot be read.
std::string_view rough_name(std::string_view blocks);

}  // namespace sbx::archive
