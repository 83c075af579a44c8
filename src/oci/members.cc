#include "oci/members.h"

#include <algorithm>
#include <cctype>

#include "base/sha256.h"
#include "base/text.h"
#include "base/utf8.h"

namespace sbx::oci {

static bool is_plain(std::string_view key) {
    return !key.empty() && std::ranges::all_of(key, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_';
    });
}

std::string Members::path() const {
    std::string text;
    for (const Step& step : path_) {
        const auto* key = std::get_if<std::string_view>(&step);
        if (!key)
            text += fmt::format("[{}]", std::get<std::size_t>(step));
        else if (!is_plain(*key))
            text += fmt::format("['{}']", excerpt(*key));
        else
            text += (text.empty() ? "" : ".") + excerpt(*key);
    }
    return text;
}

void Members::fail(std::string_view why) {
    if (error_) return;
    const std::string where = path();
    error_ = Error(Error::Kind::usage, "{}{}{}", where, where.empty() ? "" : ": ", why);
}

void Members::fail_of(const Json& json, std::string_view why) {
    fail(fmt::format("{} is not {}", excerpt(json.dump()), why));
}

void Members::refuse(std::string_view key, std::string_view why) {
    if (!object_) return;
    within(key, {}, [&] {
        const Json* value = object_->find(key);
        fail(value ? fmt::format("{} {}", excerpt(value->dump()), why) : std::string(why));
    });
}

void Members::take(const Json& json, bool& field) {
    if (const bool* value = json.as_bool())
        field = *value;
    else
        fail_of(json, "true or false");
}

static Result<std::string> text_of(const Json& json) {
    if (const std::string* text = json.as_string()) return *text;
    if (!json.as_object())
        return Error(Error::Kind::usage, "{} is not a string", excerpt(json.dump()));
    return unbase64(TRY(json.get<std::string>("base64")));
}

// The kernel's strings end at a NUL byte: what follows one would be seen here and not there.
void Members::take(const Json& json, std::string& field) {
    Result<std::string> text = text_of(json);
    if (!text) return fail(text.error().text());
    if (text->contains('\0')) return fail("a NUL byte is in it");
    if (!rule_.words.empty() && std::ranges::find(rule_.words, *text) == rule_.words.end()) {
        const std::vector<std::string> words(rule_.words.begin(), rule_.words.end());
        return fail(fmt::format("'{}' is none of {}", excerpt(*text), join(words, ", ")));
    }
    field = *std::move(text);
}

std::uint64_t Members::number(const Json& json, std::int64_t least, std::uint64_t most) {
    least = std::max(least, rule_.least);
    most = std::min(most, rule_.most);
    const std::optional<std::int64_t> integer = json.as_integer();
    const std::optional<std::uint64_t> natural = json.as_unsigned();
    if (natural && *natural <= most && std::cmp_greater_equal(*natural, least)) return *natural;
    if (!natural && integer && *integer >= least) return static_cast<std::uint64_t>(*integer);
    fail_of(json, fmt::format("a number from {} to {}", least, most));
    return 0;
}

Json Members::json_of(std::string& field) {
    if (utf8::valid(field)) return field;
    return Json::object().set("base64", base64(field));
}

}  // namespace sbx::oci
