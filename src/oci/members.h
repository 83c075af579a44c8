// The members of a struct and those of a JSON object, told once for both directions.
//
// A struct of a document has a function beside it that names its members:
//
//     void describe(Members& members, Rlimit& limit) {
//         members.required("type", limit.type);
//         members.required("hard", limit.hard);
//     }
//
// and read_document<Rlimit>(json) and write_document(limit) follow from it. A field may be a bool,
// a number, a string, a struct, and an optional, a vector or a map (by strings) of these. Members
// that nobody named are passed over, as the specifications ask. An error gives the path to what is
// wrong: "process.rlimits[2].hard: -1 is not a number from 0 to 18446744073709551615".
//
// JSON strings are UTF-8 and paths, arguments and environments are not: where a string is none, it
// is written as {"base64": "..."}, and is read from that, too.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace sbx::oci {

// What the values below a member have to be, beyond their type.
struct MemberRule {
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    std::span<const std::string_view> words = {};  // a string is one of them
};

class Members {
public:
    using Rule = MemberRule;

    // A document without the member (or with null there) is wrong.
    template <class T>
    void required(std::string_view key, T& field, const Rule& rule = {}) {
        if (!object_)
            made_.set(key, json_of(field));
        else if (const Json* value = object_->find(key))
            within(key, rule, [&] { take(*value, field); });
        else
            refuse(key, "is missing");
    }

    // Without the member (or with null there) the field stays as it is; what is empty, false, zero
    // or else as a T begins is not written.
    template <class T>
    void optional(std::string_view key, T& field, const Rule& rule = {}) {
        if (!object_) {
            if (field != T{}) made_.set(key, json_of(field));
        } else if (const Json* value = object_->find(key)) {
            within(key, rule, [&] { take(*value, field); });
        }
    }

    // An object that no struct stands for: `inner` names its members. Not written where it is
    // empty.
    template <class Inner>
    void object(std::string_view key, Inner inner) {
        if (!object_) {
            Json outer = std::exchange(made_, Json::object());
            inner();
            const Json made = std::exchange(made_, std::move(outer));
            if (!made.members().empty()) made_.set(key, made);
        } else if (const Json* value = object_->find(key)) {
            within(key, {}, [&] { enter(*value, inner); });
        }
    }

    // Fails the reading for what the member `key` is: "is not absolute".
    void refuse(std::string_view key, std::string_view why);
    void refuse_unless(bool holds, std::string_view key, std::string_view why) {
        if (!holds) refuse(key, why);
    }

    template <class T>
    static Result<T> read(const Json& json) {
        Members members;
        T value{};
        members.take(json, value);
        if (members.error_) return *std::move(members.error_);
        return value;
    }

    template <class T>
    static Json write(T value) {
        Members members;
        return members.json_of(value);
    }

private:
    using Step = std::variant<std::string_view, std::size_t>;  // a member, an item

    template <class Inner>
    void within(Step step, const Rule& rule, Inner inner) {
        const Rule outer = std::exchange(rule_, rule);
        path_.push_back(step);
        inner();
        path_.pop_back();
        rule_ = outer;
    }

    template <class Inner>
    void enter(const Json& json, Inner inner) {
        if (!json.as_object()) return fail_of(json, "an object");
        const Json* const outer = std::exchange(object_, &json);
        inner();
        object_ = outer;
    }

    std::string path() const;
    void fail(std::string_view why);
    void fail_of(const Json& json, std::string_view why);

    void take(const Json& json, bool& field);
    void take(const Json& json, std::string& field);
    std::uint64_t number(const Json& json, std::int64_t least, std::uint64_t most);

    template <std::integral T>
    void take(const Json& json, T& field) {
        using Limits = std::numeric_limits<T>;
        field = static_cast<T>(number(json, static_cast<std::int64_t>(Limits::min()),
                                      static_cast<std::uint64_t>(Limits::max())));
    }

    template <class T>
    void take(const Json& json, std::optional<T>& field) {
        take(json, field.emplace());
    }

    template <class T>
    void take(const Json& json, std::vector<T>& field) {
        if (!json.as_array()) return fail_of(json, "an array");
        field.clear();
        const Rule rule = rule_;
        for (std::size_t i = 0; i < json.items().size() && !error_; ++i)
            within(i, rule, [&] { take(json.items()[i], field.emplace_back()); });
    }

    template <class T>
    void take(const Json& json, std::map<std::string, T>& field) {
        if (!json.as_object()) return fail_of(json, "an object");
        const Rule rule = rule_;
        for (const auto& [key, value] : json.members())
            within(key, rule, [&] { take(value, field[key]); });
    }

    template <class T>
    void take(const Json& json, T& field) {
        enter(json, [&] { describe(*this, field); });
    }

    // Not const: describe() names the fields for both directions.
    static Json json_of(bool& field) { return field; }
    static Json json_of(std::string& field);

    template <std::integral T>
    static Json json_of(T& field) {
        if constexpr (std::unsigned_integral<T>)
            return static_cast<std::uint64_t>(field);
        else
            return static_cast<std::int64_t>(field);
    }

    template <class T>
    Json json_of(std::optional<T>& field) {
        return field ? json_of(*field) : Json();
    }

    template <class T>
    Json json_of(std::vector<T>& field) {
        Json array = Json::array();
        for (T& item : field)
            array.push(json_of(item));
        return array;
    }

    template <class T>
    Json json_of(std::map<std::string, T>& field) {
        Json object = Json::object();
        for (auto& [key, value] : field)
            object.set(key, json_of(value));
        return object;
    }

    template <class T>
    Json json_of(T& field) {
        Json outer = std::exchange(made_, Json::object());
        describe(*this, field);
        return std::exchange(made_, std::move(outer));
    }

    const Json* object_ = nullptr;  // what is read; nothing while writing
    Json made_ = {};                // what is written
    std::vector<Step> path_ = {};
    Rule rule_ = {};
    std::optional<Error> error_ = {};  // the first
};

template <class T>
Result<T> read_document(const Json& json) {
    return Members::read<T>(json);
}

template <class T>
Json write_document(T value) {
    return Members::write(std::move(value));
}

}  // namespace sbx::oci
