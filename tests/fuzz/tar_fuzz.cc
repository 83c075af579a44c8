// Tar archives from strangers: no input may do more than fail.
#include <cstddef>
#include <cstdint>

#include "archive/tar.h"

using namespace sbx;

static Result<> read_all(archive::Reader& from) {
    archive::TarReader tar(from);
    while (const std::optional<archive::Entry> entry = TRY(tar.next())) {
        if (entry->path.empty() || entry->path.find('\0') != std::string::npos) __builtin_trap();
        std::uint64_t end = 0;
        while (const std::optional<archive::TarReader::Block> block = TRY(tar.block())) {
            if (block->offset < end) __builtin_trap();
            end = block->offset + block->bytes.size();
        }
    }
    return {};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    archive::TextReader text({reinterpret_cast<const char*>(data), size});
    (void)read_all(text);  // any failure is right
    return 0;
}
