// What journalctl(1) writes with --output=export: entries of fields, with an empty line between.
// https://systemd.io/JOURNAL_EXPORT_FORMATS
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "container/log_line.h"

namespace sbx::container {

class JournalExport {
public:
    void add(std::string_view bytes) { bytes_.erase(0, std::exchange(read_, 0)).append(bytes); }

    // The next entry that is here as a whole, as a line of a container's log. Those without a text
    // or a time are passed over.
    Result<std::optional<LogLine>> next();

    const std::string& cursor() const { return cursor_; }  // of the entry read last, as it names it

private:
    using Entry = std::map<std::string, std::string, std::less<>>;
    Result<std::optional<Entry>> next_entry();

    std::string bytes_ = {};
    std::size_t read_ = 0;
    std::string cursor_ = {};
};

}  // namespace sbx::container
