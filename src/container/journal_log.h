// A container's output in the journal of the system: an entry a line.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/error.h"
#include "container/log_line.h"
#include "os/journal.h"

namespace sbx::container {

class JournalLog {
public:
    struct Options {
        std::string socket = os::kJournalSocket;
        std::string fields;  // of each entry: journal_fields()
    };
    static Result<JournalLog> open(Options options);

    // The container waits for a journal that is behind, a second at most, and not again before that
    // has caught up, or at the end. Lines that it did not take are lost, and how many is said once
    // it takes others. A line that is not whole waits for its end.
    void write(Stream stream, std::string_view bytes);

    // Nothing more comes: what waits for its end goes as it is.
    void finish();

private:
    JournalLog(os::JournalSocket socket, std::string fields)
        : socket_(std::move(socket)), fields_(std::move(fields)) {}

    using Patience = os::JournalSocket::Patience;
    enum class Part : std::uint8_t { whole, goes_on };
    void enter(Stream stream, std::string_view text, Part part);
    Result<> send(Stream stream, std::string_view text, Part part, Patience patience);
    void tell_loss(Patience patience);

    os::JournalSocket socket_;
    std::string fields_;
    std::array<std::string, 2> begun_ = {};  // of each stream, the line that is not whole yet
    std::uint64_t lost_ = 0;                 // lines
    std::string reason_ = {};                // of the loss
};

}  // namespace sbx::container
