#include "os/bus.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"
#include "os/bus_reader.h"
#include "os/file.h"

namespace sbx::os {

static constexpr const char* kBusName = "org.freedesktop.DBus";
static constexpr const char* kBusPath = "/org/freedesktop/DBus";

// --- addresses -----------------------------------------------------------------------------------

static int hex_digit(char c) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::size_t at = kDigits.find(lower(std::string_view(&c, 1)));
    return at == kDigits.npos ? -1 : static_cast<int>(at);
}

// "%20" for what an address may not hold as it is.
static Result<std::string> unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            return Error(Error::Kind::usage, "'{}' has a '%' without two digits", excerpt(text));
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

Result<BusPlace> parse_bus_address(std::string_view address) {
    for (const std::string_view one : split(address, ';')) {
        if (!one.starts_with("unix:")) continue;
        for (const std::string_view pair : split(one.substr(5), ',')) {
            const auto sides = halves(pair, '=');
            if (!sides || (sides->before != "path" && sides->before != "abstract")) continue;
            const std::string path = TRY(unescape(sides->after), "the address of a bus");
            if (path.empty() || path.contains('\0')) continue;
            return BusPlace{.path = (sides->before == "path" ? "" : "@") + path};
        }
    }
    return Error(Error::Kind::usage, "'{}' names no unix socket of a bus", excerpt(address));
}

Result<std::uint32_t> uid_outside() {
    const std::uint32_t inside = ::geteuid();
    const std::string map = TRY(read_proc("/proc/self/uid_map"));
    for (const std::string_view line : split(trim(map), '\n')) {
        std::array<std::uint32_t, 3> fields{};
        std::size_t count = 0;
        for (const std::string_view word : split(line, ' '))
            if (!word.empty() && count < fields.size())
                fields[count++] =
                    static_cast<std::uint32_t>(TRY(parse_number(word, 0, UINT32_MAX), "uid_map"));
        if (count == 3 && inside >= fields[0] && inside - fields[0] < fields[2])
            return fields[1] + (inside - fields[0]);
    }
    return Error(Error::Kind::not_found, "user {} does not exist outside", inside);
}

// --- the connection ------------------------------------------------------------------------------

static Result<Fd> connect_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return Error(Error::Kind::usage, "'{}' is too long for the path of a socket", path);
    std::memcpy(address.sun_path, path.data(), path.size());
    socklen_t size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
    if (path.starts_with('@')) {  // unix(7): the name has no end but its size
        address.sun_path[0] = '\0';
        --size;
    }
    Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return Error::from_errno(errno, "open a socket");
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0)
        return Error::from_errno(errno, "connect to '{}'", path);
    return socket;
}

Result<> Bus::await(short events) const {
    using std::chrono::milliseconds;
    for (;;) {
        const auto left =
            std::chrono::ceil<milliseconds>(deadline_ - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            return Error(Error::Kind::busy, "the other side of the bus does not answer in time");
        pollfd one{.fd = socket_.get(), .events = events, .revents = 0};
        const int count = ::poll(&one, 1, static_cast<int>(left.count()));
        if (count > 0) return {};
        if (count < 0 && errno != EINTR) return Error::from_errno(errno, "wait for the bus");
    }
}

Result<> Bus::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        TRY(await(POLLOUT));
        const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN && errno != EINTR)
            return Error::from_errno(errno, "write to the bus");
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<std::string> Bus::receive(std::size_t most) const {
    std::string bytes(most, '\0');
    for (;;) {
        TRY(await(POLLIN));
        const ssize_t count = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        if (count == 0) return Error(Error::Kind::failed, "the bus has closed the connection");
        if (count < 0 && errno != EAGAIN && errno != EINTR)
            return Error::from_errno(errno, "read from the bus");
        if (count < 0) continue;
        bytes.resize(static_cast<std::size_t>(count));
        return bytes;
    }
}

Result<std::string> Bus::receive_exactly(std::size_t count) {
    constexpr std::size_t kAtOnce = 16384;
    while (received_.size() < count)
        received_ += TRY(receive(kAtOnce));
    std::string bytes = received_.substr(0, count);
    received_.erase(0, count);
    return bytes;
}

Result<std::string> Bus::receive_line() {
    constexpr std::size_t kLongestLine = 1024;
    std::string line;
    while (!line.ends_with("\r\n")) {
        if (line.size() >= kLongestLine)
            return Error(Error::Kind::failed, "the bus sends a line without an end");
        line += TRY(receive_exactly(1));
    }
    return line.substr(0, line.size() - 2);
}

// EXTERNAL: the kernel tells the other side who this is, and it compares.
Result<> Bus::authenticate(std::uint32_t uid) {
    std::string digits;
    for (const char digit : fmt::format("{}", uid))
        digits += fmt::format("{:02x}", digit);
    TRY(send(std::string(1, '\0') + "AUTH EXTERNAL " + digits + "\r\n"));
    const std::string line = TRY(receive_line());
    if (!line.starts_with("OK "))
        return Error(Error::Kind::denied, "the bus does not take user {}: it says '{}'", uid,
                     excerpt(line));
    return send("BEGIN\r\n");
}

Result<Bus> Bus::open(const BusPlace& place, std::uint32_t uid, Deadline deadline) {
    Fd socket = TRY(connect_to(place.path));
    Bus bus(std::move(socket), place.kind, deadline);
    TRY(bus.authenticate(uid), "'{}'", place.path);
    if (place.kind == BusPlace::Kind::bus)
        TRY(bus.call({.destination = kBusName,
                      .path = kBusPath,
                      .interface = kBusName,
                      .member = "Hello"},
                     {}),
            "'{}'", place.path);
    return bus;
}

Result<BusMessage> Bus::next_message() {
    std::string bytes = TRY(receive_exactly(kBusPreamble));
    const std::size_t size = TRY(bus_message_size(bytes));
    bytes += TRY(receive_exactly(size - kBusPreamble));
    return parse_bus_message(bytes);
}

Result<> Bus::keep(BusMessage signal) {
    constexpr std::size_t kMostKept = 1024;
    if (signals_.size() >= kMostKept)
        return Error(Error::Kind::failed, "the bus sends signals without an end");
    signals_.push_back(std::move(signal));
    return {};
}

// The last word of the name of an error sorts it: org.freedesktop.DBus.Error.AccessDenied.
static Error error_of(const BusMessage& message) {
    std::string words = message.header.error_name;
    if (message.signature.starts_with('s'))
        if (const Result<std::string> text = BusReader(message.body).text())
            words = fmt::format("{} ({})", *text, words);
    const std::string& name = message.header.error_name;
    const auto kind = name.ends_with("AccessDenied") || name.ends_with("AuthRequired") ||
                              name.ends_with("InteractiveAuthorizationRequired")
                          ? Error::Kind::denied
                      : name.ends_with("UnitExists") ? Error::Kind::exists
                      : name.ends_with("NoSuchUnit") || name.ends_with("NotFound") ||
                              name.ends_with("ServiceUnknown")
                          ? Error::Kind::not_found
                          : Error::Kind::failed;
    return {kind, "{}", excerpt(words, 400)};
}

Result<BusMessage> Bus::call(BusHeader header, const BusBody& body) {
    header.type = BusMessageType::call;
    header.serial = ++last_serial_;
    if (kind_ == BusPlace::Kind::peer) header.destination.clear();
    const std::string member = header.member;
    TRY(send(bus_message(header, body)), "{}", member);
    for (;;) {
        BusMessage message = TRY(next_message(), "{}", member);
        if (message.header.type == BusMessageType::signal) {
            TRY(keep(std::move(message)));
            continue;
        }
        if (message.header.reply_to != header.serial) continue;  // nobody here waits for it
        if (message.header.type == BusMessageType::answer) return message;
        if (message.header.type == BusMessageType::error) return error_of(message).context(member);
    }
}

Result<> Bus::subscribe(const std::string& rule) {
    if (kind_ == BusPlace::Kind::peer) return {};
    BusBody body;
    body.add_text(rule);
    TRY(call(
        {.destination = kBusName, .path = kBusPath, .interface = kBusName, .member = "AddMatch"},
        body));
    return {};
}

Result<BusMessage> Bus::wait_for_signal(const std::function<bool(const BusMessage&)>& fits) {
    const auto kept = std::ranges::find_if(signals_, fits);
    if (kept != signals_.end()) {
        BusMessage message = std::move(*kept);
        signals_.erase(kept);
        return message;
    }
    for (;;) {
        BusMessage message = TRY(next_message());
        if (message.header.type == BusMessageType::signal && fits(message)) return message;
    }
}

}  // namespace sbx::os
