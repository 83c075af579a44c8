#include "base/json.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "base/utf8.h"

namespace sbx {

Json::Json(const Strings& values) : value_(Array(values.begin(), values.end())) {}

Json::Json(const Map& values) {
    Object members;
    for (const auto& [key, value] : values)
        members.emplace_back(key, value);
    value_ = std::move(members);
}

std::optional<std::int64_t> Json::as_integer() const {
    if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
    const auto* value = std::get_if<std::uint64_t>(&value_);
    if (value && *value <= static_cast<std::uint64_t>(INT64_MAX))
        return static_cast<std::int64_t>(*value);
    return std::nullopt;
}

std::optional<std::uint64_t> Json::as_unsigned() const {
    if (const auto* value = std::get_if<std::uint64_t>(&value_)) return *value;
    const auto* value = std::get_if<std::int64_t>(&value_);
    if (value && *value >= 0) return static_cast<std::uint64_t>(*value);
    return std::nullopt;
}

std::optional<double> Json::as_double() const {
    if (const auto* value = std::get_if<double>(&value_)) return *value;
    if (const auto integer = as_integer()) return static_cast<double>(*integer);
    if (const auto integer = as_unsigned()) return static_cast<double>(*integer);
    return std::nullopt;
}

const Json* Json::find(std::string_view key) const {
    for (const auto& [name, value] : members())
        if (name == key) return value.is_null() ? nullptr : &value;
    return nullptr;
}

const Json& Json::operator[](std::string_view key) const {
    static const Json kAbsent;
    const Json* value = find(key);
    return value ? *value : kAbsent;
}

const Json::Array& Json::items() const {
    static const Array kNone;
    const Array* array = as_array();
    return array ? *array : kNone;
}

const Json::Object& Json::members() const {
    static const Object kNone;
    const Object* object = as_object();
    return object ? *object : kNone;
}

static std::optional<bool> convert(const Json& json, bool*) {
    const bool* value = json.as_bool();
    return value ? std::optional(*value) : std::nullopt;
}

static std::optional<std::int64_t> convert(const Json& json, std::int64_t*) {
    return json.as_integer();
}

static std::optional<std::uint64_t> convert(const Json& json, std::uint64_t*) {
    return json.as_unsigned();
}

static std::optional<double> convert(const Json& json, double*) { return json.as_double(); }

static std::optional<std::string> convert(const Json& json, std::string*) {
    const std::string* value = json.as_string();
    return value ? std::optional(*value) : std::nullopt;
}

static std::optional<Json::Strings> convert(const Json& json, Json::Strings*) {
    if (!json.as_array()) return std::nullopt;
    Json::Strings strings;
    for (const Json& item : json.items()) {
        if (!item.as_string()) return std::nullopt;
        strings.push_back(*item.as_string());
    }
    return strings;
}

static std::optional<Json::Map> convert(const Json& json, Json::Map*) {
    if (!json.as_object()) return std::nullopt;
    Json::Map map;
    for (const auto& [key, value] : json.members()) {
        if (!value.as_string()) return std::nullopt;
        map.emplace(key, *value.as_string());
    }
    return map;
}

static const char* name_of(bool*) { return "true or false"; }
static const char* name_of(std::int64_t*) { return "an integer"; }
static const char* name_of(std::uint64_t*) { return "an integer from 0 up"; }
static const char* name_of(double*) { return "a number"; }
static const char* name_of(std::string*) { return "a string"; }
static const char* name_of(Json::Strings*) { return "an array of strings"; }
static const char* name_of(Json::Map*) { return "an object of strings"; }

static Error wrong_type(std::string_view key, const Json& member, std::string_view wanted) {
    return Error(Error::Kind::usage, "'{}' is {}, where {} belongs", excerpt(key),
                 excerpt(member.dump()), wanted);
}

template <class T>
Result<T> Json::get(std::string_view key) const {
    const Json* member = find(key);
    T* const type = nullptr;
    if (!member) return Error(Error::Kind::usage, "'{}' is missing", excerpt(key));
    if (std::optional<T> value = convert(*member, type)) return *std::move(value);
    return wrong_type(key, *member, name_of(type));
}

template Result<bool> Json::get(std::string_view) const;
template Result<std::int64_t> Json::get(std::string_view) const;
template Result<std::uint64_t> Json::get(std::string_view) const;
template Result<double> Json::get(std::string_view) const;
template Result<std::string> Json::get(std::string_view) const;
template Result<Json::Strings> Json::get(std::string_view) const;
template Result<Json::Map> Json::get(std::string_view) const;

Result<const Json::Array*> Json::array_at(std::string_view key) const {
    const Json* member = find(key);
    if (member && !member->as_array()) return wrong_type(key, *member, "an array");
    return &(*this)[key].items();
}

Result<const Json*> Json::object_at(std::string_view key) const {
    const Json* member = find(key);
    if (member && !member->as_object()) return wrong_type(key, *member, "an object");
    return &(*this)[key];
}

Json& Json::set(std::string_view key, Json value) & {
    if (is_null()) value_ = Object{};
    Object& members = std::get<Object>(value_);
    for (auto& [name, old] : members) {
        if (name != key) continue;
        old = std::move(value);
        return *this;
    }
    members.emplace_back(key, std::move(value));
    return *this;
}

Json& Json::push(Json value) & {
    if (is_null()) value_ = Array{};
    std::get<Array>(value_).push_back(std::move(value));
    return *this;
}

namespace {

class Writer {
public:
    explicit Writer(Json::Layout layout) : indented_(layout == Json::Layout::indented) {}

    void write(const Json& json) {
        if (const Json::Array* array = json.as_array())
            sequence('[', ']', *array, [this](const Json& item) { write(item); });
        else if (const Json::Object* object = json.as_object())
            sequence('{', '}', *object, [this](const Json::Member& member) {
                string(member.first);
                out_ += indented_ ? ": " : ":";
                write(member.second);
            });
        else
            scalar(json);
    }

    std::string take() && { return std::move(out_); }

private:
    template <class Items, class One>
    void sequence(char open, char close, const Items& items, One one) {
        out_ += open;
        ++depth_;
        for (const auto& item : items) {
            if (&item != items.data()) out_ += ',';
            new_line();
            one(item);
        }
        --depth_;
        if (!items.empty()) new_line();
        out_ += close;
    }

    void new_line() {
        if (!indented_) return;
        out_ += '\n';
        out_.append(depth_ * 4, ' ');
    }

    void scalar(const Json& json) {
        if (json.is_null())
            out_ += "null";
        else if (const bool* value = json.as_bool())
            out_ += *value ? "true" : "false";
        else if (const std::string* text = json.as_string())
            string(*text);
        else if (const auto integer = json.as_integer())
            out_ += fmt::format("{}", *integer);
        else if (const auto natural = json.as_unsigned())
            out_ += fmt::format("{}", *natural);
        else if (const auto real = json.as_double())
            number(*real);
    }

    // What is read as a double stays one: 1.0 and -0.0 are no integers.
    void number(double value) {
        const std::string text = std::isfinite(value) ? fmt::format("{}", value) : "null";
        const bool whole = text.find_first_not_of("-0123456789") == text.npos;
        (out_ += text) += whole ? ".0" : "";
    }

    void string(std::string_view text) {
        out_ += '"';
        for (;;) {
            const std::size_t plain = plain_prefix(text);
            out_ += text.substr(0, plain);
            text.remove_prefix(plain);
            if (text.empty()) break;
            const utf8::Rune rune = utf8::first(text);
            character(rune, text.substr(0, rune.size));
            text.remove_prefix(rune.size);
        }
        out_ += '"';
    }

    // How many bytes there are before one that may need more than being copied.
    static std::size_t plain_prefix(std::string_view text) {
        const auto special = [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; };
        return static_cast<std::size_t>(std::ranges::find_if(text, special) - text.begin());
    }

    void character(const utf8::Rune& rune, std::string_view bytes) {
        if (!rune.valid)
            out_ += "\xef\xbf\xbd";
        else if (rune.code == '"' || rune.code == '\\')
            (out_ += '\\') += bytes;
        else if (rune.code == '\n')
            out_ += "\\n";
        else if (rune.code == '\t')
            out_ += "\\t";
        else if (rune.code < 0x20 || printable(bytes) != bytes)  // safe on a terminal, still JSON
            out_ += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(rune.code));
        else
            out_ += bytes;
    }

    std::string out_;
    std::size_t depth_ = 0;
    bool indented_;
};

}  // namespace

std::string Json::dump(Layout layout) const {
    Writer writer(layout);
    writer.write(*this);
    return std::move(writer).take();
}

}  // namespace sbx
