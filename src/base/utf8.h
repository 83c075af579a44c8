// UTF-8, a character at a time, for text that may not be UTF-8 at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sbx::utf8 {

struct Rune {
    char32_t code = 0;
    std::size_t size = 1;  // bytes; 1 where they are not UTF-8
    bool valid = false;    // shortest form, no surrogate, at most U+10FFFF
};

Rune first(std::string_view text);  // `text` is not empty
bool valid(std::string_view text);
std::size_t width(std::string_view text);  // characters, as columns of a table count them
std::string encode(char32_t code);

constexpr bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace sbx::utf8
