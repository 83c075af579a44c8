// What the stores of volumes, secrets, networks and pods have in common: a record for each name in
// one folder, and hidden files for what is being written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/fd.h"

namespace sbx::store {

Result<std::vector<std::string>> record_names(os::FdView folder);

// In the order of their names, what `read` makes of a name. A damaged one is passed over.
template <class Record, class Read>
Result<std::vector<Record>> all_records(os::FdView folder, const Read& read) {
    std::vector<Record> records;
    for (const std::string& name : TRY(record_names(folder))) {
        Result<Record> record = read(name);
        if (record)
            records.push_back(*std::move(record));
        else
            log::debug("passed over: {}", record.error().text());
    }
    return records;
}

// The one whose id begins with `text`. Kind::not_found, or Kind::usage where there are several.
template <class Record>
Result<Record> record_with_id(std::vector<Record> records, std::string_view kind,
                              std::string_view text) {
    std::optional<Record> found;
    for (Record& record : records) {
        if (text.empty() || !record.id.starts_with(text)) continue;
        if (found)
            return Error(Error::Kind::usage, "more than one {}'s id begins with '{}'", kind,
                         excerpt(text));
        found = std::move(record);
    }
    if (found) return *std::move(found);
    return Error(Error::Kind::not_found, "there is no {} '{}'", kind, excerpt(text));
}

}  // namespace sbx::store
