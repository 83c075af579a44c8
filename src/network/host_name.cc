#include "network/host_name.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::network {

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

static bool is_label(std::string_view label) {
    return !label.empty() && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, is_letter);
}

bool is_host_name(std::string_view name, std::size_t longest) {
    return name.size() <= longest && std::ranges::all_of(split(name, '.'), is_label);
}

}  // namespace sbx::network
