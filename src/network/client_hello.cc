#include "network/client_hello.h"

#include <optional>

#include "base/text.h"
#include "network/host_name.h"

namespace sbx::network {

using What = Spoken::What;

namespace {

// Bytes that are taken off from the front. What is not there makes all that follows empty.
class Reader {
public:
    explicit Reader(std::string_view bytes) : left_(bytes) {}

    std::string_view take(std::size_t size) {
        if (size > left_.size()) {
            failed_ = true;
            left_ = {};
            return {};
        }
        const std::string_view taken = left_.substr(0, size);
        left_.remove_prefix(size);
        return taken;
    }
    // Of so many bytes, in the order of the network.
    std::size_t number(std::size_t size) {
        std::size_t value = 0;
        for (const char byte : take(size))
            value = value << 8U | static_cast<std::uint8_t>(byte);
        return value;
    }
    std::string_view counted(std::size_t size) { return take(number(size)); }

    bool failed() const { return failed_; }
    bool empty() const { return left_.empty(); }

private:
    std::string_view left_;
    bool failed_ = false;
};

constexpr std::size_t kHandshake = 22;
constexpr std::size_t kClientHello = 1;
constexpr std::size_t kServerName = 0;

}  // namespace

// The message that the records begin with, of which each may have a part. What has begun as one and
// does not go on so is nameless: the other side may make more of it.
static Spoken::What gather(std::string_view bytes, std::string& message) {
    constexpr std::size_t kLargest = 16384;
    constexpr std::size_t kHeader = 4;
    if (!bytes.empty() && static_cast<std::uint8_t>(bytes.front()) != kHandshake)
        return What::other;
    Reader records(bytes);
    for (;;) {
        if (message.size() >= kHeader) {
            Reader header(message);
            if (header.number(1) != kClientHello) return What::nameless;
            const std::size_t size = header.number(3);
            if (size > kLargest) return What::nameless;
            if (message.size() >= kHeader + size) {
                message = message.substr(kHeader, size);
                return What::named;
            }
        }
        if (records.empty()) return What::cut_short;
        const std::size_t type = records.number(1);
        const std::size_t version = records.number(1);
        (void)records.number(1);
        const std::size_t size = records.number(2);
        if (type != kHandshake) return What::nameless;
        if (!records.failed() && (version != 3 || size == 0 || size > kLargest))
            return What::nameless;
        const std::string_view part = records.take(size);
        if (records.failed()) return What::cut_short;
        message += part;
    }
}

static std::optional<std::string> name_in(std::string_view extension) {
    Reader list(Reader(extension).counted(2));
    std::optional<std::string> found;
    while (!list.empty()) {
        const std::size_t type = list.number(1);
        const std::string_view name = list.counted(2);
        if (list.failed() || type != 0 || found || !is_host_name(name)) return std::nullopt;
        found = lower(name);
    }
    return found;
}

Spoken name_in_client_hello(std::string_view bytes) {
    std::string message;
    if (const What what = gather(bytes, message); what != What::named) return {.what = what};
    Reader hello(message);
    (void)hello.take(2 + 32);  // its version, and what is random
    (void)hello.counted(1);    // the session
    (void)hello.counted(2);    // ciphers
    (void)hello.counted(1);    // compression
    Reader extensions(hello.counted(2));
    std::optional<std::string> name;
    while (!extensions.empty()) {
        const std::size_t type = extensions.number(2);
        const std::string_view extension = extensions.counted(2);
        if (extensions.failed()) return {.what = What::nameless};
        if (type != kServerName) continue;
        if (name) return {.what = What::nameless};
        name = name_in(extension);
        if (!name) return {.what = What::nameless};
    }
    if (hello.failed() || !name) return {.what = What::nameless};
    return {.what = What::named, .name = *std::move(name)};
}

}  // namespace sbx::network
