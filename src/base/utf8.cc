#include "base/utf8.h"

namespace sbx::utf8 {

namespace {

struct Lead {
    std::size_t size;
    char32_t bits;
    char32_t least;  // a smaller code in so many bytes is not the shortest form
};

}  // namespace

static Lead lead_of(unsigned char c) {
    if (c < 0x80) return {.size = 1, .bits = c, .least = 0};
    if (c >= 0xc2 && c < 0xe0) return {.size = 2, .bits = c & 0x1fU, .least = 0x80};
    if (c >= 0xe0 && c < 0xf0) return {.size = 3, .bits = c & 0x0fU, .least = 0x800};
    if (c >= 0xf0 && c < 0xf5) return {.size = 4, .bits = c & 0x07U, .least = 0x10000};
    return {.size = 0, .bits = 0, .least = 0};
}

Rune first(std::string_view text) {
    const Lead lead = lead_of(static_cast<unsigned char>(text.front()));
    if (lead.size == 0 || lead.size > text.size()) return {};
    char32_t code = lead.bits;
    for (std::size_t i = 1; i < lead.size; ++i) {
        if (!continues(text[i])) return {};
        code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < lead.least || code > 0x10ffff || surrogate) return {};
    return {.code = code, .size = lead.size, .valid = true};
}

bool valid(std::string_view text) {
    while (!text.empty()) {
        const Rune rune = first(text);
        if (!rune.valid) return false;
        text.remove_prefix(rune.size);
    }
    return true;
}

std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    for (; !text.empty(); ++columns)
        text.remove_prefix(first(text).size);
    return columns;
}

std::string encode(char32_t code) {
    const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
    std::string out;
    if (code < 0x80) return out += byte(code);
    if (code < 0x800) return (out += byte(0xc0 | (code >> 6))) += byte(0x80 | (code & 0x3f));
    if (code < 0x10000)
        out += byte(0xe0 | (code >> 12));
    else
        (out += byte(0xf0 | (code >> 18))) += byte(0x80 | ((code >> 12) & 0x3f));
    return (out += byte(0x80 | ((code >> 6) & 0x3f))) += byte(0x80 | (code & 0x3f));
}

}  // namespace sbx::utf8
