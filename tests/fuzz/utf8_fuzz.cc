#include "fuzz.h"

#include "base/text.h"
#include "base/utf8.h"

void sbx::fuzz::one(std::string_view text) {
    const std::string shown = printable(text);
    must(utf8::valid(shown));
    must(printable(shown) == shown);
    for (const char c : shown)
        must(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    must(utf8::width(text) <= text.size());
    must(utf8::width(excerpt(text, 8)) <= 8 * 6 + 1);
    while (!text.empty()) {
        const utf8::Rune rune = utf8::first(text);
        if (rune.valid) must(utf8::encode(rune.code) == text.substr(0, rune.size));
        text.remove_prefix(rune.size);
    }
}
