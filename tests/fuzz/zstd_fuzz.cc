#include <cstddef>
#include <cstdint>

#include "archive/zstd.h"
#include "decompress_fuzz.h"

using namespace sbx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    archive::ZstdReader reader(std::make_unique<archive::TextReader>(
        std::string_view(reinterpret_cast<const char*>(data), size)));
    (void)test::read_some(reader);  // any failure is right
    return 0;
}
