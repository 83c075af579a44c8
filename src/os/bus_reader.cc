#include "os/bus_reader.h"

#include "base/utf8.h"

namespace sbx::os {

Error malformed_bus_message(std::string_view why) {
    return {Error::Kind::failed, "a message of D-Bus is malformed: {}", why};
}

Result<std::string_view> BusReader::take(std::size_t count) {
    if (count > bytes_.size() - position_) return malformed_bus_message("it is cut short");
    const std::string_view taken = bytes_.substr(position_, count);
    position_ += count;
    return taken;
}

Result<> BusReader::align(std::size_t bytes) {
    const std::string_view padding = TRY(take((bytes - position_ % bytes) % bytes));
    if (padding.find_first_not_of('\0') != padding.npos)
        return malformed_bus_message("padding is not zero");
    return {};
}

Result<std::uint8_t> BusReader::byte() {
    const std::string_view taken = TRY(take(1));
    return static_cast<std::uint8_t>(taken.front());
}

Result<std::uint32_t> BusReader::number() {
    TRY(align(4));
    const std::string_view taken = TRY(take(4));
    std::uint32_t number = 0;
    for (unsigned i = 0; i < 4; ++i)
        number |= std::uint32_t{static_cast<std::uint8_t>(taken[i])} << (8 * i);
    return number;
}

Result<std::string> BusReader::terminated(std::size_t size) {
    const std::string_view text = TRY(take(size));
    const std::string_view end = TRY(take(1));
    if (end.front() != '\0' || text.contains('\0'))
        return malformed_bus_message("a text has no end");
    if (!utf8::valid(text)) return malformed_bus_message("a text is not UTF-8");
    return std::string(text);
}

Result<std::string> BusReader::text() {
    const std::uint32_t size = TRY(number());
    return terminated(size);
}

Result<std::string> BusReader::signature() {
    const std::uint8_t size = TRY(byte());
    return terminated(size);
}

// The size of the first complete type of `types`, whose parentheses may nest in each other.
static Result<std::size_t> length_of_type(std::string_view types) {
    std::size_t at = 0;
    while (at < types.size() && types[at] == 'a')
        ++at;
    int open = 0;
    for (; at < types.size(); ++at) {
        if (types[at] == '(' || types[at] == '{') ++open;
        if (types[at] == ')' || types[at] == '}') --open;
        if (open == 0) return at + 1;
        if (open < 0) break;
    }
    return malformed_bus_message("a signature is none");
}

// 0 for what is none.
static std::size_t alignment_of(char type) {
    switch (type) {
        case 'y':
        case 'g':
        case 'v': return 1;
        case 'n':
        case 'q': return 2;
        case 'b':
        case 'i':
        case 'u':
        case 'h':
        case 's':
        case 'o':
        case 'a': return 4;
        case 'x':
        case 't':
        case 'd':
        case '(':
        case '{': return 8;
        default: return 0;
    }
}

Result<> BusReader::skip(std::string_view type) {
    if (type.empty() || TRY(length_of_type(type)) != type.size())
        return malformed_bus_message("a signature is not of one type");
    return skip_one(type, 0);
}

Result<> BusReader::skip_some(std::string_view types, unsigned depth) {
    while (!types.empty()) {
        const std::size_t length = TRY(length_of_type(types));
        TRY(skip_one(types.substr(0, length), depth));
        types.remove_prefix(length);
    }
    return {};
}

Result<> BusReader::skip_array(std::string_view element, unsigned depth) {
    const std::size_t size = TRY(number());
    const std::size_t alignment = element.empty() ? 0 : alignment_of(element.front());
    if (alignment == 0) return malformed_bus_message("a signature has a type that there is not");
    TRY(align(alignment));
    const std::size_t end = position_ + size;
    if (size > bytes_.size() - position_) return malformed_bus_message("it is cut short");
    while (position_ < end)
        TRY(skip_one(element, depth));
    if (position_ != end) return malformed_bus_message("an array is longer than it says");
    return {};
}

Result<> BusReader::skip_one(std::string_view type, unsigned depth) {
    constexpr unsigned kDeepest = 64;  // "Valid Signatures", and variants beside
    if (depth > kDeepest) return malformed_bus_message("its values nest too deeply");
    const char first = type.front();
    const std::size_t alignment = alignment_of(first);
    if (alignment == 0) return malformed_bus_message("a signature has a type that there is not");
    TRY(align(alignment));
    switch (first) {
        case 's':
        case 'o': TRY(text()); return {};
        case 'g': TRY(signature()); return {};
        case 'a': return skip_array(type.substr(1), depth + 1);
        case '(':
        case '{':
            if (type.size() < 3) return malformed_bus_message("a signature has an empty type");
            return skip_some(type.substr(1, type.size() - 2), depth + 1);
        case 'v': {
            const std::string inner = TRY(signature());
            if (inner.empty() || TRY(length_of_type(inner)) != inner.size())
                return malformed_bus_message("a variant is not of one type");
            return skip_one(inner, depth + 1);
        }
        default: TRY(take(alignment)); return {};  // as large as it is aligned
    }
}

}  // namespace sbx::os
