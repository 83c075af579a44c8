#include "container/journal_export.h"

#include <algorithm>

#include <syslog.h>

#include "base/text.h"

namespace sbx::container {

static std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        number = number << 8 | static_cast<unsigned char>(bytes[i]);
    return number;
}

// What sbx enters is much shorter; anybody else may enter more under the same names.
static constexpr std::size_t kLongest = std::size_t{4} << 20;

static Error too_large() { return {Error::Kind::failed, "the journal has a field too large"}; }

// A field whose first line is `line`, and which has a value of any bytes in `rest`, the length
// before it. Nothing where that has not come yet.
Result<std::optional<JournalExport::Field>> JournalExport::take_binary(std::string_view line,
                                                                       std::string_view rest) {
    constexpr std::size_t kLengthBytes = 8;
    if (rest.size() < kLengthBytes) return std::optional<Field>();
    const std::uint64_t length = little_endian(rest.substr(0, kLengthBytes));
    if (length > kLongest) return too_large();
    const std::size_t value_end = kLengthBytes + static_cast<std::size_t>(length);
    if (rest.size() <= value_end) return std::optional<Field>();
    if (rest[value_end] != '\n')
        return Error(Error::Kind::failed, "what journalctl has written is damaged");
    return std::optional(Field{.name = line,
                               .value = rest.substr(kLengthBytes, value_end - kLengthBytes),
                               .size = line.size() + 1 + value_end + 1});
}

void JournalExport::add(std::string_view bytes) {
    known_ -= std::min(known_, read_);
    bytes_.erase(0, std::exchange(read_, 0)).append(bytes);
}

// The next field, one without a name being the end of an entry. Nothing where the rest of it has
// not come yet. What is here of it is looked through once.
Result<std::optional<JournalExport::Field>> JournalExport::take_field() {
    const std::size_t end = bytes_.find('\n', std::max(read_, known_));
    if (end == bytes_.npos) {
        known_ = bytes_.size();
        if (known_ - read_ > kLongest) return too_large();
        return std::optional<Field>();
    }
    const std::string_view line = std::string_view(bytes_).substr(read_, end - read_);
    std::optional<Field> field;
    if (const auto pair = halves(line, '='))
        field = Field{.name = pair->before, .value = pair->after, .size = line.size() + 1};
    else if (line.empty())
        field = Field{.size = 1};
    else
        field = TRY(take_binary(line, std::string_view(bytes_).substr(end + 1)));
    if (field) read_ += field->size;
    return field;
}

Result<std::optional<JournalExport::Entry>> JournalExport::next_entry() {
    for (;;) {
        const std::optional<Field> field = TRY(take_field());
        if (!field) return std::optional<Entry>();
        if (field->name.empty()) return std::optional(std::exchange(begun_, Entry()));
        begun_.emplace(field->name, field->value);
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
