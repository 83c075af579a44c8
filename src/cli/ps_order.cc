#include "cli/ps_order.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::cli {

// What does not run comes after all that does.
static Instant start_of(const PsEntry& entry) {
    return entry.listed.status.live ? entry.listed.status.live->started : Instant::max();
}

template <class Key>
static void sort_by(std::vector<PsEntry>& entries, Key key) {
    std::ranges::stable_sort(entries, {}, key);
}

void sort_entries(std::vector<PsEntry>& entries, std::string_view order) {
    using Entry = const PsEntry&;
    if (order == "command")
        sort_by(entries, [](Entry e) { return join(e.listed.record.command, " "); });
    else if (order == "created")
        sort_by(entries, [](Entry e) { return e.listed.record.created; });
    else if (order == "id")
        sort_by(entries, [](Entry e) { return e.listed.record.id; });
    else if (order == "image")
        sort_by(entries, [](Entry e) { return e.listed.record.image_name; });
    else if (order == "names")
        sort_by(entries, [](Entry e) { return e.listed.record.name; });
    else if (order == "runningfor")
        sort_by(entries, start_of);
    else if (order == "size")
        sort_by(entries, [](Entry e) { return e.sizes ? e.sizes->own : 0; });
    else if (order == "status")
        sort_by(entries, [](Entry e) { return container::name_of(e.listed.status); });
}

}  // namespace sbx::cli
