#include "container/journal_export.h"

#include <syslog.h>

#include "base/text.h"

namespace sbx::container {

namespace {

struct Field {
    std::string_view name = {};
    std::string_view value = {};
    std::size_t size = 0;  // of all of it, with its end
};

}  // namespace

static std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        number = number << 8 | static_cast<unsigned char>(bytes[i]);
    return number;
}

// The field that `bytes` begin with, one without a name being the end of an entry. Nothing where
// the rest of it has not come yet.
static Result<std::optional<Field>> take_field(std::string_view bytes) {
    constexpr std::size_t kLengthBytes = 8;
    constexpr std::uint64_t kLongest = std::uint64_t{1} << 30;
    const std::size_t end = bytes.find('\n');
    if (end == bytes.npos) return std::optional<Field>();
    const std::string_view line = bytes.substr(0, end);
    if (const auto pair = halves(line, '='))
        return std::optional(Field{.name = pair->before, .value = pair->after, .size = end + 1});
    if (line.empty()) return std::optional(Field{.size = 1});
    const std::string_view rest = bytes.substr(end + 1);
    if (rest.size() < kLengthBytes) return std::optional<Field>();
    const std::uint64_t length = little_endian(rest.substr(0, kLengthBytes));
    if (length > kLongest) return Error(Error::Kind::failed, "the journal has a field too large");
    const std::size_t value_end = kLengthBytes + static_cast<std::size_t>(length);
    if (rest.size() <= value_end) return std::optional<Field>();
    if (rest[value_end] != '\n')
        return Error(Error::Kind::failed, "what journalctl has written is damaged");
    return std::optional(Field{.name = line,
                               .value = rest.substr(kLengthBytes, value_end - kLengthBytes),
                               .size = end + 1 + value_end + 1});
}

Result<std::optional<JournalExport::Entry>> JournalExport::next_entry() {
    Entry entry;
    std::string_view rest = std::string_view(bytes_).substr(read_);
    for (;;) {
        const std::optional<Field> field = TRY(take_field(rest));
        if (!field) return std::optional<Entry>();
        rest.remove_prefix(field->size);
        if (!field->name.empty()) {
            entry.emplace(field->name, field->value);
            continue;
        }
        read_ = bytes_.size() - rest.size();
        return std::optional(std::move(entry));
    }
}

Result<std::optional<LogLine>> JournalExport::next() {
    using std::chrono::microseconds;
    for (;;) {
        std::optional<Entry> entry = TRY(next_entry());
        if (!entry) return std::optional<LogLine>();
        if (const auto cursor = entry->find("__CURSOR"); cursor != entry->end())
            cursor_ = cursor->second;
        const auto message = entry->find("MESSAGE");
        const Result<std::int64_t> time =
            parse_number((*entry)["__REALTIME_TIMESTAMP"], 0, INT64_MAX / 1000);
        if (message == entry->end() || !time) continue;
        const bool is_error = (*entry)["PRIORITY"] == fmt::format("{}", LOG_ERR);
        return std::optional(LogLine{.time = Instant(microseconds(*time)),
                                     .stream = is_error ? Stream::errors : Stream::output,
                                     .whole = !entry->contains("CONTAINER_PARTIAL_MESSAGE"),
                                     .text = std::move(message->second)});
    }
}

}  // namespace sbx::container
