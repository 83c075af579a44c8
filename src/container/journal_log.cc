#include "container/journal_log.h"

#include <syslog.h>

namespace sbx::container {

// A line that is longer comes in parts: what the journal itself takes from a program's output
// (LineMax= of journald.conf(5)).
static constexpr std::size_t kLongestPart = std::size_t{48} * 1024;

Result<JournalLog> JournalLog::open(Options options) {
    return JournalLog(TRY(os::JournalSocket::open(std::move(options.socket))),
                      std::move(options.fields));
}

void JournalLog::write(Stream stream, std::string_view bytes) {
    std::string& begun = begun_.at(static_cast<std::size_t>(stream));
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::size_t room = kLongestPart - begun.size();
        const bool whole = end != bytes.npos && end <= room;
        const std::string_view text = bytes.substr(0, whole ? end : room);
        bytes.remove_prefix(whole ? end + 1 : text.size());
        if (begun.empty() && whole) {
            enter(stream, text, Part::whole);
            continue;
        }
        begun += text;
        if (!whole && begun.size() < kLongestPart) continue;
        enter(stream, begun, whole ? Part::whole : Part::goes_on);
        begun.clear();
    }
}

void JournalLog::finish() {
    for (const Stream stream : {Stream::output, Stream::errors}) {
        std::string& begun = begun_.at(static_cast<std::size_t>(stream));
        if (!begun.empty()) enter(stream, begun, Part::goes_on);
        begun.clear();
    }
    if (lost_ > 0) tell_loss(Patience::a_second);  // nothing comes after it that could tell
}

void JournalLog::enter(Stream stream, std::string_view text, Part part) {
    if (lost_ > 0) tell_loss(Patience::none);
    const Patience patience = lost_ > 0 ? Patience::none : Patience::a_second;
    Result<> sent = send(stream, text, part, patience);
    if (sent) return;
    ++lost_;
    reason_ = sent.error().text();
}

void JournalLog::tell_loss(Patience patience) {
    const std::string note = fmt::format("sbx: {} lines were not logged: {}", lost_, reason_);
    if (send(Stream::errors, note, Part::whole, patience)) lost_ = 0;
}

Result<> JournalLog::send(Stream stream, std::string_view text, Part part, Patience patience) {
    std::string entry = fields_;
    entry.reserve(fields_.size() + text.size() + 64);
    const int priority = stream == Stream::output ? LOG_INFO : LOG_ERR;
    os::append_journal_field("PRIORITY", fmt::format("{}", priority), entry);
    if (part == Part::goes_on) os::append_journal_field("CONTAINER_PARTIAL_MESSAGE", "true", entry);
    os::append_journal_field("MESSAGE", text, entry);
    return socket_.send(entry, patience);
}

}  // namespace sbx::container
