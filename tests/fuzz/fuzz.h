// What the fuzz targets share: bytes as text, and a property that ends the run where it is broken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace sbx::fuzz {

inline void must(bool holds) {
    if (!holds) std::abort();
}

void one(std::string_view text);  // what a target does with an input

}  // namespace sbx::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    sbx::fuzz::one({reinterpret_cast<const char*>(data), size});
    return 0;
}
