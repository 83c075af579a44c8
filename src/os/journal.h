// systemd's journal, as programs write to it: a datagram for each entry, fields in clear.
// https://systemd.io/JOURNAL_NATIVE_PROTOCOL
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "os/fd.h"

namespace sbx::os {

constexpr const char* kJournalSocket = "/run/systemd/journal/socket";

// Adds a field to an entry. `name` has A to Z, 0 to 9 and '_' alone, and does not begin with '_';
// `value` may be any bytes.
void append_journal_field(std::string_view name, std::string_view value, std::string& entry);

class JournalSocket {
public:
    // Of the journal that listens at `path`; it need not be there yet.
    static Result<JournalSocket> open(std::string path);

    enum class Patience : std::uint8_t { none, a_second };  // with a journal that is behind

    // Hands over one entry. What is too large for a datagram goes as a sealed file in memory.
    Result<> send(std::string_view entry, Patience patience) const;

private:
    JournalSocket(Fd socket, std::string path)
        : socket_(std::move(socket)), path_(std::move(path)) {}

    Result<> send_as_file(std::string_view entry, int flags) const;

    Fd socket_;
    std::string path_;
};

}  // namespace sbx::os
