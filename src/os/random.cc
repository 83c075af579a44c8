#include "os/random.h"

#include <cstdlib>

#include <sys/random.h>

namespace sbx::os {

// getrandom fails only for a buffer that is not there or a kernel without it; a name that could be
// guessed must not be made up instead.
static void fill(void* buffer, std::size_t size) {
    if (::getrandom(buffer, size, 0) != static_cast<ssize_t>(size)) std::abort();
}

std::string random_hex(std::size_t digits) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text(digits, '\0');
    fill(text.data(), text.size());
    for (char& c : text)
        c = kDigits[static_cast<unsigned char>(c) % 16];
    return text;
}

std::uint32_t random_below(std::uint32_t limit) {
    std::uint64_t number = 0;
    fill(&number, sizeof number);
    return static_cast<std::uint32_t>(number % limit);
}

}  // namespace sbx::os
