#include "sandbox/systemd.h"

#include <algorithm>

#include "base/text.h"
#include "os/bus_reader.h"

namespace sbx::sandbox {

static constexpr const char* kName = "org.freedesktop.systemd1";
static constexpr const char* kPath = "/org/freedesktop/systemd1";
static constexpr const char* kManager = "org.freedesktop.systemd1.Manager";

// --- properties ----------------------------------------------------------------------------------

std::vector<os::BusProperty> scope_properties(const ScopeRequest& request, std::uint32_t pid) {
    std::vector<os::BusProperty> properties = {
        {.name = "Description", .value = request.description},
        {.name = "Slice", .value = request.slice},
        {.name = "Delegate", .value = true},
        {.name = "PIDs", .value = os::BusNumbers{pid}},
        // One that failed would stand in the way of the next of its name.
        {.name = "CollectMode", .value = std::string("inactive-or-failed")}};
    for (const os::BusProperty& wish : request.properties) {
        std::erase_if(properties, [&](const os::BusProperty& p) { return p.name == wish.name; });
        properties.push_back(wish);
    }
    return properties;
}

namespace {

// GVariant's text format, as far as the properties of units need it.
class GVariantReader {
public:
    explicit GVariantReader(std::string_view text) : text_(trim(text)) {}

    Result<os::BusValue> value() {
        if (text_ == "true") return os::BusValue(true);
        if (text_ == "false") return os::BusValue(false);
        if (text_.starts_with("@as ")) text_ = trim(text_.substr(4));
        if (text_.starts_with('[')) return texts();
        if (text_.starts_with('\'') || text_.starts_with('"')) {
            const std::string text = TRY(quoted());
            TRY(expect_end());
            return os::BusValue(text);
        }
        return number();
    }

private:
    Error refusal() const {
        return {Error::Kind::usage, "'{}' is no value that sbx can give to systemd",
                excerpt(text_)};
    }

    Result<> expect_end() const {
        if (!trim(text_).empty()) return refusal();
        return {};
    }

    Result<std::string> quoted() {
        const char quote = text_.front();
        std::string out;
        for (std::size_t i = 1; i < text_.size(); ++i) {
            if (text_[i] == quote) {
                text_ = text_.substr(i + 1);
                return out;
            }
            if (text_[i] == '\\' && i + 1 < text_.size()) ++i;
            out += text_[i];
        }
        return refusal();
    }

    Result<os::BusValue> texts() {
        std::vector<std::string> out;
        text_ = trim(text_.substr(1));
        while (!text_.starts_with(']')) {
            if (!text_.starts_with('\'') && !text_.starts_with('"')) return refusal();
            out.push_back(TRY(quoted()));
            text_ = trim(text_);
            if (text_.starts_with(','))
                text_ = trim(text_.substr(1));
            else if (!text_.starts_with(']'))
                return refusal();
        }
        text_ = text_.substr(1);
        TRY(expect_end());
        return os::BusValue(std::move(out));
    }

    // Without a type it is an int32.
    Result<os::BusValue> number() {
        const auto sides = halves(text_, ' ');
        const std::string_view type = sides ? sides->before : "int32";
        const std::string_view digits = sides ? trim(sides->after) : text_;
        constexpr std::int64_t kMost = INT64_MAX;
        if (type == "uint64" || type == "t")
            return os::BusValue(static_cast<std::uint64_t>(TRY(parse_number(digits, 0, kMost))));
        if (type == "int64" || type == "x")
            return os::BusValue(TRY(parse_number(digits, INT64_MIN, kMost)));
        if (type == "uint32" || type == "u")
            return os::BusValue(
                static_cast<std::uint32_t>(TRY(parse_number(digits, 0, UINT32_MAX))));
        if (type != "int32" && type != "i") return refusal();
        const Result<std::int64_t> plain = parse_number(digits, INT32_MIN, INT32_MAX);
        if (!plain) return refusal();
        return os::BusValue(static_cast<std::int32_t>(*plain));
    }

    std::string_view text_;
};

}  // namespace

Result<os::BusValue> parse_gvariant(std::string_view text) { return GVariantReader(text).value(); }

// As systemd's own unit files have it: TimeoutStopSec= is the property TimeoutStopUSec.
static Result<os::BusProperty> in_microseconds(std::string name, const os::BusValue& value) {
    constexpr std::uint64_t kMicroseconds = 1'000'000;
    name.replace(name.size() - 3, 3, "USec");
    std::uint64_t seconds = 0;
    if (const auto* plain = std::get_if<std::int32_t>(&value); plain && *plain >= 0)
        seconds = static_cast<std::uint64_t>(*plain);
    else if (const auto* wide = std::get_if<std::uint64_t>(&value))
        seconds = *wide;
    else if (const auto* unsigned_value = std::get_if<std::uint32_t>(&value))
        seconds = *unsigned_value;
    else
        return Error(Error::Kind::usage, "'{}' takes a number of seconds", name);
    if (seconds > UINT64_MAX / kMicroseconds)
        return Error(Error::Kind::usage, "'{}' is too long", name);
    return os::BusProperty{.name = std::move(name), .value = seconds * kMicroseconds};
}

Result<std::vector<os::BusProperty>> properties_of(
    const std::map<std::string, std::string>& annotations) {
    constexpr std::string_view kPrefix = "org.systemd.property.";
    std::vector<os::BusProperty> properties;
    for (const auto& [key, text] : annotations) {
        if (!key.starts_with(kPrefix)) continue;
        std::string name = key.substr(kPrefix.size());
        const bool letters =
            !name.empty() &&
            name.find_first_not_of(
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") == name.npos;
        if (!letters)
            return Error(Error::Kind::usage, "'{}' names no property of systemd", excerpt(key));
        os::BusValue value = TRY(parse_gvariant(text), "annotation '{}'", key);
        if (name.ends_with("Sec") && !name.ends_with("USec"))
            properties.push_back(TRY(in_microseconds(std::move(name), value), "'{}'", key));
        else
            properties.push_back({.name = std::move(name), .value = std::move(value)});
    }
    return properties;
}

// --- the conversation ----------------------------------------------------------------------------

Result<Systemd> Systemd::open(const os::BusPlace& place) {
    constexpr std::chrono::seconds kPatience(30);
    const std::uint32_t uid = TRY(os::uid_outside());
    os::Bus bus = TRY(os::Bus::open(place, uid, std::chrono::steady_clock::now() + kPatience),
                      "asking systemd");
    return Systemd(std::move(bus));
}

Result<os::BusMessage> Systemd::call(const char* member, const os::BusBody& body) {
    return bus_.call({.destination = kName, .path = kPath, .interface = kManager, .member = member},
                     body);
}

// On a bus anybody may send such a signal; that the sender is who it says is the bus's word. On a
// connection to systemd alone there are no senders.
static bool is_job_removed(const os::BusMessage& message, std::string_view sender) {
    const os::BusHeader& header = message.header;
    return header.type == os::BusMessageType::signal && header.sender == sender &&
           header.path == kPath && header.interface == kManager && header.member == "JobRemoved" &&
           message.signature == "uoss";
}

// JobRemoved: number and path of the job, the unit, how it went.
Result<> Systemd::wait_for_job(const os::BusMessage& answer, const std::string& unit) {
    if (answer.signature != "o")
        return Error(Error::Kind::failed, "systemd answers with '{}' where a job belongs",
                     excerpt(answer.signature));
    const std::string job = TRY(os::BusReader(answer.body).text());
    std::string outcome;
    const auto is_its_end = [&](const os::BusMessage& message) {
        if (!is_job_removed(message, answer.header.sender)) return false;
        os::BusReader reader(message.body);
        if (!reader.number() || reader.text().value_or("") != job) return false;
        if (!reader.text()) return false;
        outcome = reader.text().value_or("");
        return true;
    };
    TRY(bus_.wait_for_signal(is_its_end), "waiting for unit '{}'", unit);
    if (outcome == "done") return {};
    return Error(Error::Kind::failed, "systemd does not make or end unit '{}': {}", unit,
                 excerpt(outcome));
}

Result<> Systemd::start_scope(const ScopeRequest& request, std::uint32_t pid) {
    // To everybody who listens it tells about jobs only if somebody has asked it to.
    if (bus_.kind() == os::BusPlace::Kind::bus) {
        TRY(bus_.subscribe(fmt::format("type='signal',interface='{}',member='JobRemoved',path='{}'",
                                       kManager, kPath)));
        TRY(call("Subscribe", {}));
    }
    os::BusBody body;
    body.add_text(request.unit).add_text("fail");
    body.add_properties(scope_properties(request, pid)).add_no_units();
    const os::BusMessage answer =
        TRY(call("StartTransientUnit", body), "making the scope '{}'", request.unit);
    return wait_for_job(answer, request.unit);
}

Result<> Systemd::attach(const std::string& unit, const std::string& below, std::uint32_t pid) {
    os::BusBody body;
    body.add_text(unit).add_text(below).add_numbers({pid});
    TRY(call("AttachProcessesToUnit", body), "unit '{}'", unit);
    return {};
}

}  // namespace sbx::sandbox
