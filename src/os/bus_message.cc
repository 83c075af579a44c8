#include "os/bus_message.h"

#include "base/utf8.h"

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

static Error malformed(std::string_view why) {
    return Error(Error::Kind::failed, "a message of D-Bus is malformed: {}", why);
}

Result<std::string_view> BusReader::take(std::size_t count) {
    if (count > bytes_.size() - position_) return malformed("it is cut short");
    const std::string_view taken = bytes_.substr(position_, count);
    position_ += count;
    return taken;
}

Result<> BusReader::align(std::size_t bytes) {
    const std::string_view padding = TRY(take((bytes - position_ % bytes) % bytes));
    if (padding.find_first_not_of('\0') != padding.npos) return malformed("padding is not zero");
    return {};
}

Result<std::uint8_t> BusReader::byte() {
    const std::string_view taken = TRY(take(1));
    return static_cast<std::uint8_t>(taken.front());
}

Result<std::uint32_t> BusReader::number() {
    TRY(align(4));
    const std::string_view taken = TRY(take(4));
    std::uint32_t number = 0;
    for (unsigned i = 0; i < 4; ++i)
        number |= std::uint32_t{static_cast<std::uint8_t>(taken[i])} << (8 * i);
    return number;
}

Result<std::string> BusReader::terminated(std::size_t size) {
    const std::string_view text = TRY(take(size));
    const std::string_view end = TRY(take(1));
    if (end.front() != '\0' || text.contains('\0')) return malformed("a text has no end");
    if (!utf8::valid(text)) return malformed("a text is not UTF-8");
    return std::string(text);
}

Result<std::string> BusReader::text() {
    const std::uint32_t size = TRY(number());
    return terminated(size);
}

Result<std::string> BusReader::signature() {
    const std::uint8_t size = TRY(byte());
    return terminated(size);
}

// The size of the first complete type of `types`, whose parentheses may nest in each other.
static Result<std::size_t> length_of_type(std::string_view types) {
    std::size_t at = 0;
    while (at < types.size() && types[at] == 'a')
        ++at;
    int open = 0;
    for (; at < types.size(); ++at) {
        if (types[at] == '(' || types[at] == '{') ++open;
        if (types[at] == ')' || types[at] == '}') --open;
        if (open == 0) return at + 1;
        if (open < 0) break;
    }
    return malformed("a signature is none");
}

// 0 for what is none.
static std::size_t alignment_of(char type) {
    switch (type) {
        case 'y':
        case 'g':
        case 'v': return 1;
        case 'n':
        case 'q': return 2;
        case 'b':
        case 'i':
        case 'u':
        case 'h':
        case 's':
        case 'o':
        case 'a': return 4;
        case 'x':
        case 't':
        case 'd':
        case '(':
        case '{': return 8;
        default: return 0;
    }
}

Result<> BusReader::skip(std::string_view type) {
    if (type.empty() || TRY(length_of_type(type)) != type.size())
        return malformed("a signature is not of one type");
    return skip_one(type, 0);
}

Result<> BusReader::skip_some(std::string_view types, unsigned depth) {
    while (!types.empty()) {
        const std::size_t length = TRY(length_of_type(types));
        TRY(skip_one(types.substr(0, length), depth));
        types.remove_prefix(length);
    }
    return {};
}

Result<> BusReader::skip_array(std::string_view element, unsigned depth) {
    const std::size_t size = TRY(number());
    const std::size_t alignment = element.empty() ? 0 : alignment_of(element.front());
    if (alignment == 0) return malformed("a signature has a type that there is not");
    TRY(align(alignment));
    const std::size_t end = position_ + size;
    if (size > bytes_.size() - position_) return malformed("it is cut short");
    while (position_ < end)
        TRY(skip_one(element, depth));
    if (position_ != end) return malformed("an array is longer than it says");
    return {};
}

Result<> BusReader::skip_one(std::string_view type, unsigned depth) {
    constexpr unsigned kDeepest = 64;  // "Valid Signatures", and variants beside
    if (depth > kDeepest) return malformed("its values nest too deeply");
    const char first = type.front();
    const std::size_t alignment = alignment_of(first);
    if (alignment == 0) return malformed("a signature has a type that there is not");
    TRY(align(alignment));
    switch (first) {
        case 's':
        case 'o': TRY(text()); return {};
        case 'g': TRY(signature()); return {};
        case 'a': return skip_array(type.substr(1), depth + 1);
        case '(':
        case '{':
            if (type.size() < 3) return malformed("a signature has an empty type");
            return skip_some(type.substr(1, type.size() - 2), depth + 1);
        case 'v': {
            const std::string inner = TRY(signature());
            if (inner.empty() || TRY(length_of_type(inner)) != inner.size())
                return malformed("a variant is not of one type");
            return skip_one(inner, depth + 1);
        }
        default: TRY(take(alignment)); return {};  // as large as it is aligned
    }
}

// "Message Format": endianness, type, flags, version, size of the body, serial, size of the fields.
Result<std::size_t> bus_message_size(std::string_view preamble) {
    BusReader reader(preamble);
    if (TRY(reader.byte()) != 'l') return malformed("it is not little-endian");
    const std::uint8_t type = TRY(reader.byte());
    if (type < 1 || type > 4) return malformed("it has a type that there is not");
    (void)TRY(reader.byte());  // flags
    if (TRY(reader.byte()) != kVersion) return malformed("it has another version than 1");
    const std::size_t body = TRY(reader.number());
    if (TRY(reader.number()) == 0) return malformed("its serial is 0");
    const std::size_t fields = TRY(reader.number());
    if (fields > kLargestFields || body > kLargestBusMessage) return malformed("it is too large");
    const std::size_t size = kBusPreamble + (fields + 7) / 8 * 8 + body;
    if (size > kLargestBusMessage) return malformed("it is too large");
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
        if (type != expected) return malformed("a field of its header has a wrong type");
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
    if (size != bytes.size()) return malformed("it is not as long as it says");
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
    if (reader.position() != fields_end) return malformed("its header is longer than it says");
    TRY(reader.align(8));
    if (body > 0 && message.signature.empty()) return malformed("its body has no signature");
    message.body = bytes.substr(reader.position());
    return message;
}

}  // namespace sbx::os
