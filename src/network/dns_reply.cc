#include "network/dns_reply.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::network {

namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kLongestName = 255;
constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kTypeCname = 5;
constexpr std::uint16_t kTypeAaaa = 28;
constexpr std::uint16_t kInternet = 1;

// A place in a message. What is not there fails, and all that is asked for after it.
class Cursor {
public:
    explicit Cursor(std::string_view message) : message_(message) {}

    std::size_t number(std::size_t size) {
        std::size_t value = 0;
        for (const char byte : take(size))
            value = value << 8U | static_cast<std::uint8_t>(byte);
        return value;
    }

    std::string_view take(std::size_t size) {
        if (failed_ || size > message_.size() - at_) {
            failed_ = true;
            return {};
        }
        const std::string_view taken = message_.substr(at_, size);
        at_ += size;
        return taken;
    }

    // Compressed ones lead back, and each time further: section 4.1.4.
    std::string name() {
        std::string text;
        std::optional<std::size_t> behind;  // the first that leads away
        std::size_t bound = at_;
        for (;;) {
            const std::size_t length = number(1);
            if (failed_ || length == 0) break;
            if ((length & kPointer) == kPointer) {
                const std::size_t to = (length & ~kPointer) << 8U | number(1);
                if (!behind) behind = at_;
                if (failed_ || to >= bound) return fail();
                at_ = bound = to;
                continue;
            }
            const std::string_view label = take(length);
            if ((length & kPointer) != 0 || label.contains('.')) return fail();
            text += (text.empty() ? "" : ".") + lower(label);
            if (text.size() > kLongestName) return fail();
        }
        if (behind) at_ = *behind;
        return text;
    }

    bool failed() const { return failed_; }

private:
    static constexpr std::size_t kPointer = 0xc0;

    std::string fail() {
        failed_ = true;
        return {};
    }

    std::string_view message_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

struct Record {
    std::string name = {};
    std::size_t type = 0;
    std::chrono::seconds valid{0};
    std::string data = {};  // of an address
    std::string other_name = {};
};

}  // namespace

static Record take_record(Cursor& cursor) {
    Record record{.name = cursor.name()};
    record.type = cursor.number(2);
    const bool is_of_internet = cursor.number(2) == kInternet;
    record.valid = std::chrono::seconds(cursor.number(4));
    const std::size_t size = cursor.number(2);
    if (!is_of_internet) record.type = 0;
    Cursor inside = cursor;
    record.data = cursor.take(size);
    if (record.type == kTypeCname) record.other_name = inside.name();
    return record;
}

static bool is_address(const Record& record) {
    return (record.type == kTypeA && record.data.size() == 4) ||
           (record.type == kTypeAaaa && record.data.size() == 16);
}

std::optional<DnsReply> parse_dns_reply(std::string_view message) {
    constexpr std::size_t kAnswer = 0x8000;
    constexpr std::size_t kWorkAndError = 0x780f;
    if (message.size() < kHeader) return std::nullopt;
    Cursor cursor(message);
    const auto id = static_cast<std::uint16_t>(cursor.number(2));
    const std::size_t flags = cursor.number(2);
    const std::size_t questions = cursor.number(2);
    const std::size_t answers = cursor.number(2);
    (void)cursor.number(4);
    if ((flags & kAnswer) == 0 || (flags & kWorkAndError) != 0 || questions != 1)
        return std::nullopt;
    DnsReply reply{.id = id, .name = cursor.name()};
    (void)cursor.number(4);
    std::vector<std::string> meant = {reply.name};
    for (std::size_t i = 0; i < answers && !cursor.failed(); ++i) {
        Record record = take_record(cursor);
        if (cursor.failed()) break;  // cut short: what was there before holds
        if (std::ranges::find(meant, record.name) == meant.end()) continue;
        if (record.type == kTypeCname) meant.push_back(std::move(record.other_name));
        if (is_address(record))
            reply.found.push_back(
                {.address = Address::of_bytes(record.data), .valid = record.valid});
    }
    if (cursor.failed() && reply.found.empty()) return std::nullopt;
    return reply;
}

}  // namespace sbx::network
