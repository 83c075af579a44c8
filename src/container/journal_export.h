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
    // What comes first is what follows the entry with this cursor.
    explicit JournalExport(std::string cursor = {}) : cursor_(std::move(cursor)) {}

    void add(std::string_view bytes);

    // The next entry that is here as a whole, as a line of a container's log. Those without a text
    // or a time are passed over. Kind::failed where a field is larger than any of a log.
    Result<std::optional<LogLine>> next();

    const std::string& cursor() const { return cursor_; }  // of the entry read last, as it names it

private:
    using Entry = std::map<std::string, std::string, std::less<>>;
    struct Field {
        std::string_view name = {};
        std::string_view value = {};
        std::size_t size = 0;  // of all of it, with its end
    };
    static Result<std::optional<Field>> take_binary(std::string_view line, std::string_view rest);
    Result<std::optional<Field>> take_field();
    Result<std::optional<Entry>> next_entry();

    std::string cursor_;
    std::string bytes_ = {};
    std::size_t read_ = 0;   // of those bytes
    std::size_t known_ = 0;  // behind these: no line ends there
    Entry begun_ = {};       // the one that is here in part
};

}  // namespace sbx::container
