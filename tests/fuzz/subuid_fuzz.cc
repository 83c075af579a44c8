#include "fuzz.h"

#include "os/accounts.h"

void sbx::fuzz::one(std::string_view text) {
    for (const os::SubordinateRange& range : os::subordinate_ranges(text, "me", 1000))
        must(range.count > 0 && std::uint64_t{range.start} + range.count <= 0xffffffff);
}
