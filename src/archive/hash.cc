#include "archive/hash.h"

namespace sbx::archive {

Result<std::size_t> HashingReader::read(std::span<char> into) {
    const std::size_t size = TRY(from_->read(into));
    hash_.add({into.data(), size});
    size_ += size;
    return size;
}

}  // namespace sbx::archive
