// JSON documents, read as strictly as documents from strangers have to be.
//
// RFC 8259 with I-JSON's rule against duplicate names (RFC 7493 2.3), a limit on depth, no byte
// order mark, and nothing after the one value. Members are read with their type: what is missing or
// of another type is an error that names the member.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace sbx {

class Json {
public:
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;  // in the order of the text; objects here are small
    using Strings = std::vector<std::string>;
    using Map = std::map<std::string, std::string>;

    static constexpr int kDeepest = 64;

    // Errors say line and column, and what stands there.
    static Result<Json> parse(std::string_view text);

    Json() = default;                                             // null
    template <std::same_as<bool> T>                               // not from a pointer
    Json(T value) : value_(value) {}                              // NOLINT(google-explicit-*)
    Json(int value) : value_(std::int64_t{value}) {}              // NOLINT(google-explicit-*)
    Json(std::int64_t value) : value_(value) {}                   // NOLINT(google-explicit-*)
    Json(std::uint64_t value) : value_(value) {}                  // NOLINT(google-explicit-*)
    Json(std::uint32_t value) : value_(std::uint64_t{value}) {}   // NOLINT(google-explicit-*)
    Json(double value) : value_(value) {}                         // NOLINT(google-explicit-*)
    Json(std::string value) : value_(std::move(value)) {}         // NOLINT(google-explicit-*)
    Json(std::string_view value) : value_(std::string(value)) {}  // NOLINT(google-explicit-*)
    Json(const char* value) : value_(std::string(value)) {}       // NOLINT(google-explicit-*)
    Json(Array value) : value_(std::move(value)) {}               // NOLINT(google-explicit-*)
    Json(Object value) : value_(std::move(value)) {}              // NOLINT(google-explicit-*)
    Json(const Strings& values);                                  // NOLINT(google-explicit-*)
    Json(const Map& values);                                      // NOLINT(google-explicit-*)

    static Json object() { return Object{}; }
    static Json array() { return Array{}; }

    bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
    const bool* as_bool() const { return std::get_if<bool>(&value_); }
    const std::string* as_string() const { return std::get_if<std::string>(&value_); }
    const Array* as_array() const { return std::get_if<Array>(&value_); }
    const Object* as_object() const { return std::get_if<Object>(&value_); }
    std::optional<std::int64_t> as_integer() const;
    std::optional<std::uint64_t> as_unsigned() const;
    std::optional<double> as_double() const;

    const Json* find(std::string_view key) const;        // nothing where it is absent or null
    const Json& operator[](std::string_view key) const;  // null where it is absent
    const Array& items() const;                          // none where this is no array
    const Object& members() const;                       // none where this is no object

    // The member `key` as T: bool, std::int64_t, std::uint64_t, double, std::string, Strings, Map.
    template <class T>
    Result<T> get(std::string_view key) const;

    // The same, with `fallback` for a member that is absent or null. The wrong type still fails.
    template <class T>
    Result<T> get_or(std::string_view key, T fallback) const {
        if (!find(key)) return fallback;
        return get<T>(key);
    }
    template <class T>
    Result<std::optional<T>> get_optional(std::string_view key) const {
        if (!find(key)) return std::optional<T>{};
        Result<T> value = get<T>(key);
        if (!value) return std::move(value).error();
        return std::optional<T>(*std::move(value));
    }

    // The member `key` where it has to be an array (an object) if it is given: an empty one where
    // it is absent or null.
    Result<const Array*> array_at(std::string_view key) const;
    Result<const Json*> object_at(std::string_view key) const;

    Json& set(std::string_view key, Json value) &;  // replaces the member, or adds it last
    Json& push(Json value) &;
    Json&& set(std::string_view key, Json value) && {
        return std::move(set(key, std::move(value)));
    }
    Json&& push(Json value) && { return std::move(push(std::move(value))); }

    enum class Layout : std::uint8_t { compact, indented };
    std::string dump(Layout layout = Layout::compact) const;  // bytes that are not UTF-8: U+FFFD

private:
    friend struct JsonBuilder;

    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array,
                 Object>
        value_;
};

}  // namespace sbx
