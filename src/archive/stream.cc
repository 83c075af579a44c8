#include "archive/stream.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace sbx::archive {

Result<std::size_t> read_full(Reader& from, std::span<char> into) {
    std::size_t size = 0;
    while (size < into.size()) {
        const std::size_t more = TRY(from.read(into.subspan(size)));
        if (more == 0) break;
        size += more;
    }
    return size;
}

Result<> drain(Reader& from) {
    std::vector<char> scratch(std::size_t{64} * 1024);
    while (TRY(from.read(scratch)) != 0) {
    }
    return {};
}

Result<std::size_t> TextReader::read(std::span<char> into) {
    const std::size_t size = std::min(into.size(), left_.size());
    std::memcpy(into.data(), left_.data(), size);
    left_.remove_prefix(size);
    return size;
}

}  // namespace sbx::archive
