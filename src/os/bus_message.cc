#include "os/bus_message.h"

#include "os/bus_reader.h"

namespace sbx::os {

// Sizes of the fields of a message, all from the specification.
static constexpr std::uint8_t kVersion = 1;
static constexpr std::size_t kLargestFields = 65536;

enum class Field : std::uint8_t {
    path = 1,
    interface = 2,
    member = 3,
    error_name = 4,
    reply_serial = 5,
    destination = 6,
    sender = 7,
    signature = 8,
};

// --- to bytes ------------------------------------------------------------------------------------

static void pad(std::string& out, std::size_t alignment) {
    out.append((alignment - out.size() % alignment) % alignment, '\0');
}

template <class T>
static void put_number(std::string& out, T number) {
    pad(out, sizeof number);
    for (std::size_t i = 0; i < sizeof number; ++i)
        out.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i)));
}

static void put_text(std::string& out, std::string_view text) {
    put_number(out, static_cast<std::uint32_t>(text.size()));
    out.append(text);
    out.push_back('\0');
}

static void put_signature(std::string& out, std::string_view text) {
    out.push_back(static_cast<char>(text.size()));
    out.append(text);
    out.push_back('\0');
}

// An array: its size counts neither itself nor the padding before the first element.
template <class Elements>
static void put_array(std::string& out, std::size_t alignment, const Elements& elements) {
    put_number(out, std::uint32_t{0});
    const std::size_t size_at = out.size() - sizeof(std::uint32_t);
    pad(out, alignment);
    const std::size_t first = out.size();
    elements();
    std::string size;
    put_number(size, static_cast<std::uint32_t>(out.size() - first));
    out.replace(size_at, size.size(), size);
}

static void put(std::string& out, bool value) { put_number(out, std::uint32_t{value}); }
static void put(std::string& out, std::int32_t value) { put_number(out, value); }
static void put(std::string& out, std::uint32_t value) { put_number(out, value); }
static void put(std::string& out, std::int64_t value) { put_number(out, value); }
static void put(std::string& out, std::uint64_t value) { put_number(out, value); }
static void put(std::string& out, const std::string& value) { put_text(out, value); }

static void put(std::string& out, const std::vector<std::string>& values) {
    put_array(out, 4, [&] {
        for (const std::string& value : values)
            put_text(out, value);
    });
}
static void put(std::string& out, const BusNumbers& values) {
    put_array(out, 4, [&] {
        for (const std::uint32_t value : values)
            put_number(out, value);
    });
}

// In the order of BusValue.
static std::string_view signature_of(const BusValue& value) {
    constexpr std::string_view kSignatures[] = {"b", "i", "u", "x", "t", "s", "as", "au"};
    static_assert(std::size(kSignatures) == std::variant_size_v<BusValue>);
    return kSignatures[value.index()];
}

static void put_variant(std::string& out, const BusValue& value) {
    put_signature(out, signature_of(value));
    std::visit([&](const auto& v) { put(out, v); }, value);
}

BusBody& BusBody::add_text(std::string_view text) & {
    put_text(bytes_, text);
    signature_ += 's';
    return *this;
}

BusBody& BusBody::add_number(std::uint32_t number) & {
    put_number(bytes_, number);
    signature_ += 'u';
    return *this;
}

BusBody& BusBody::add_numbers(const BusNumbers& numbers) & {
    put(bytes_, numbers);
    signature_ += "au";
    return *this;
}

BusBody& BusBody::add_properties(const std::vector<BusProperty>& values) & {
    put_array(bytes_, 8, [&] {
        for (const BusProperty& property : values) {
            pad(bytes_, 8);
            put_text(bytes_, property.name);
            put_variant(bytes_, property.value);
        }
    });
    signature_ += "a(sv)";
    return *this;
}

BusBody& BusBody::add_no_units() & {
    put_array(bytes_, 8, [] {});
    signature_ += "a(sa(sv))";
    return *this;
}

static void put_field(std::string& out, Field field, std::string_view type,
                      const std::string& text) {
    if (text.empty()) return;
    pad(out, 8);
    out.push_back(static_cast<char>(field));
    put_signature(out, type);
    if (type == "g")
        put_signature(out, text);
    else
        put_text(out, text);
}

static void put_fields(std::string& out, const BusHeader& header, const std::string& signature) {
    put_field(out, Field::path, "o", header.path);
    put_field(out, Field::interface, "s", header.interface);
    put_field(out, Field::member, "s", header.member);
    put_field(out, Field::error_name, "s", header.error_name);
    if (header.reply_to != 0) {
        pad(out, 8);
        out.push_back(static_cast<char>(Field::reply_serial));
        put_signature(out, "u");
        put_number(out, header.reply_to);
    }
    put_field(out, Field::destination, "s", header.destination);
    put_field(out, Field::signature, "g", signature);
}

std::string bus_message(const BusHeader& header, const BusBody& body) {
    std::string out = "l";
    out.push_back(static_cast<char>(header.type));
    out.push_back('\0');  // no flags: an answer is expected
    out.push_back(static_cast<char>(kVersion));
    put_number(out, static_cast<std::uint32_t>(body.bytes().size()));
    put_number(out, header.serial);
    put_array(out, 8, [&] { put_fields(out, header, body.signature()); });
    pad(out, 8);
    return out + body.bytes();
}

// --- from bytes ----------------------------------------------------------------------------------

// "Message Format": endianness, type, flags, version, size of the body, serial, size of the fields.
Result<std::size_t> bus_message_size(std::string_view preamble) {
    BusReader reader(preamble);
    if (TRY(reader.byte()) != 'l') return malformed_bus_message("it is not little-endian");
    const std::uint8_t type = TRY(reader.byte());
    if (type < 1 || type > 4) return malformed_bus_message("it has a type that there is not");
    (void)TRY(reader.byte());  // flags
    if (TRY(reader.byte()) != kVersion)
        return malformed_bus_message("it has another version than 1");
    const std::size_t body = TRY(reader.number());
    if (TRY(reader.number()) == 0) return malformed_bus_message("its serial is 0");
    const std::size_t fields = TRY(reader.number());
    if (fields > kLargestFields || body > kLargestBusMessage)
        return malformed_bus_message("it is too large");
    const std::size_t size = kBusPreamble + (fields + 7) / 8 * 8 + body;
    if (size > kLargestBusMessage) return malformed_bus_message("it is too large");
    return size;
}

namespace {

// What the header of a message says, field by field.
class FieldReader {
public:
    FieldReader(BusReader& reader, BusMessage& message) : reader_(reader), message_(message) {}

    Result<> read_one() {
        TRY(reader_.align(8));
        const auto field = static_cast<Field>(TRY(reader_.byte()));
        const std::string type = TRY(reader_.signature());
        if (field == Field::reply_serial) {
            TRY(expect(type, "u"));
            message_.header.reply_to = TRY(reader_.number());
            return {};
        }
        if (field == Field::signature) {
            TRY(expect(type, "g"));
            message_.signature = TRY(reader_.signature());
            return {};
        }
        return read_text(field, type);
    }

private:
    static Result<> expect(std::string_view type, std::string_view expected) {
        if (type != expected)
            return malformed_bus_message("a field of its header has a wrong type");
        return {};
    }

    // Fields that are not known have to be ignored: "Header Fields".
    Result<> read_text(Field field, std::string_view type) {
        if (field > Field::signature) return reader_.skip(type);
        TRY(expect(type, field == Field::path ? "o" : "s"));
        std::string text = TRY(reader_.text());
        if (std::string* place = place_of(field)) *place = std::move(text);
        return {};
    }

    std::string* place_of(Field field) {
        switch (field) {
            case Field::path: return &message_.header.path;
            case Field::interface: return &message_.header.interface;
            case Field::member: return &message_.header.member;
            case Field::error_name: return &message_.header.error_name;
            case Field::destination: return &message_.header.destination;
            case Field::sender: return &message_.header.sender;
            default: return nullptr;
        }
    }

    BusReader& reader_;
    BusMessage& message_;
};

}  // namespace

Result<BusMessage> parse_bus_message(std::string_view bytes) {
    const std::size_t size = TRY(bus_message_size(bytes.substr(0, kBusPreamble)));
    if (size != bytes.size()) return malformed_bus_message("it is not as long as it says");
    BusReader reader(bytes);
    BusMessage message;
    (void)TRY(reader.byte());
    message.header.type = static_cast<BusMessageType>(TRY(reader.byte()));
    (void)TRY(reader.byte());
    (void)TRY(reader.byte());
    const std::size_t body = TRY(reader.number());
    message.header.serial = TRY(reader.number());
    const std::size_t fields_end = kBusPreamble + TRY(reader.number());
    FieldReader fields(reader, message);
    while (reader.position() < fields_end)
        TRY(fields.read_one());
    if (reader.position() != fields_end)
        return malformed_bus_message("its header is longer than it says");
    TRY(reader.align(8));
    if (body > 0 && message.signature.empty())
        return malformed_bus_message("its body has no signature");
    message.body = bytes.substr(reader.position());
    return message;
}

}  // namespace sbx::os
