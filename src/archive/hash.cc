#include "archive/hash.h"

namespace sbx::archive {

Result<std::size_t> HashingReader::read(std::span<char> into) {
    const std::size_t size = TRY(from_->read(into));
    hash_.add({into.data(), size});
    size_ += size;
    if (size_ > most_)
        return Error(Error::Kind::failed, "the data are longer than {} bytes", most_);
    return size;
}

}  // namespace sbx::archive
