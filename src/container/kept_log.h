// Where a monitor keeps what its container writes: a file, the journal, or nowhere.
#pragma once

#include <optional>
#include <string_view>

#include "container/journal_log.h"
#include "container/log_file.h"

namespace sbx::container {

class Life;

class KeptLog {
public:
    KeptLog() = default;
    static Result<KeptLog> open(const Life& life);  // as its blueprint has it

    // Neither fails nor holds the container up for long: LogFile and JournalLog say what is lost.
    void write(Stream stream, std::string_view bytes);
    void finish();  // nothing more comes of this life

private:
    std::optional<LogFile> file_ = {};
    std::optional<JournalLog> journal_ = {};
};

}  // namespace sbx::container
