#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/utf8.h"
#include "cli/template_nodes.h"
#include "cli/template_printf.h"

namespace sbx::cli::template_detail {

bool truth(const Json& value) {
    if (value.is_null()) return false;
    if (const bool* flag = value.as_bool()) return *flag;
    if (const std::string* text = value.as_string()) return !text->empty();
    if (const auto number = value.as_double()) return *number != 0;
    return !value.items().empty() || !value.members().empty();
}

std::string print(const Json& value) {
    if (value.is_null()) return "<no value>";
    if (const std::string* text = value.as_string()) return *text;
    std::string out;
    if (const Json::Array* array = value.as_array()) {
        for (const Json& item : *array)
            out += (out.empty() ? "" : " ") + print(item);
        return "[" + out + "]";
    }
    if (const Json::Object* object = value.as_object()) {
        for (const auto& [key, member] : *object)
            out += fmt::format("{}{}:{}", out.empty() ? "" : " ", key, print(member));
        return "map[" + out + "]";
    }
    return value.dump();
}

namespace {

using Arguments = std::vector<Json>;

Error bad(std::string_view why) { return Error(Error::Kind::usage, "--format: {}", why); }

std::string title_case(std::string text) {
    bool first = true;
    for (char& c : text) {
        if (first && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        first = c == ' ';
    }
    return text;
}

std::string upper_case(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

Result<Json> to_json_text(const Arguments& a) { return Json(a[0].dump()); }
Result<Json> to_lower(const Arguments& a) { return Json(lower(print(a[0]))); }
Result<Json> to_upper(const Arguments& a) { return Json(upper_case(print(a[0]))); }
Result<Json> to_title(const Arguments& a) { return Json(title_case(print(a[0]))); }

Result<Json> join_items(const Arguments& a) {
    std::vector<std::string> words;
    for (const Json& item : a[0].items())
        words.push_back(print(item));
    return Json(join(words, print(a[1])));
}

Result<Json> split_text(const Arguments& a) {
    const std::string text = print(a[0]);
    const std::string separator = print(a[1]);
    if (separator.empty()) return bad("split: the separator is empty");
    Json parts = Json::array();
    for (std::size_t at = 0;;) {
        const std::size_t end = text.find(separator, at);
        parts.push(text.substr(at, end == text.npos ? text.npos : end - at));
        if (end == text.npos) return parts;
        at = end + separator.size();
    }
}

Result<Json> print_all(const Arguments& a) {
    std::string out;
    for (const Json& value : a)
        out += print(value);
    return Json(out);
}

Result<Json> print_line(const Arguments& a) {
    std::vector<std::string> words;
    for (const Json& value : a)
        words.push_back(print(value));
    return Json(join(words, " ") + "\n");
}

Result<Json> length(const Arguments& a) {
    if (const std::string* text = a[0].as_string())
        return Json(static_cast<std::int64_t>(text->size()));
    return Json(static_cast<std::int64_t>(a[0].items().size() + a[0].members().size()));
}

Result<Json> index(const Arguments& a) {
    Json value = a[0];
    for (std::size_t i = 1; i < a.size(); ++i) {
        if (const std::string* key = a[i].as_string()) {
            // As of a map of strings, such as labels: what is not there is empty.
            value = value.find(*key) ? Json(value[*key]) : Json("");
            continue;
        }
        const auto at = a[i].as_unsigned();
        if (!at || *at >= value.items().size())
            return bad(fmt::format("index {} is out of range", print(a[i])));
        value = Json(value.items()[*at]);
    }
    return value;
}

Result<Json> slice(const Arguments& a) {
    const std::string* text = a[0].as_string();
    const std::size_t size = text ? text->size() : a[0].items().size();
    const std::size_t from = a.size() > 1 ? a[1].as_unsigned().value_or(size + 1) : 0;
    const std::size_t to = a.size() > 2 ? a[2].as_unsigned().value_or(size + 1) : size;
    if (from > to || to > size) return bad("slice: the bounds are out of range");
    if (text) return Json(text->substr(from, to - from));
    const Json::Array& items = a[0].items();
    return Json(Json::Array(items.begin() + static_cast<std::ptrdiff_t>(from),
                            items.begin() + static_cast<std::ptrdiff_t>(to)));
}

Result<Json> truncate(const Arguments& a) {
    const std::string text = print(a[0]);
    std::size_t limit = a[1].as_unsigned().value_or(text.size());
    if (limit >= text.size()) return Json(text);
    while (limit > 0 && utf8::continues(text[limit]))
        --limit;
    return Json(text.substr(0, limit));
}

Result<Json> pad(const Arguments& a) {
    const std::string text = print(a[0]);
    if (text.empty()) return Json(text);
    const auto spaces = [](const Json& n) {
        return std::string(std::min<std::uint64_t>(n.as_unsigned().value_or(0), 1000), ' ');
    };
    return Json(spaces(a[1]) + text + spaces(a[2]));
}

// -1, 0, 1; numbers as numbers, all else as text.
int compare(const Json& a, const Json& b) {
    const auto x = a.as_double();
    const auto y = b.as_double();
    if (x && y) return *x < *y ? -1 : *x > *y ? 1 : 0;
    return std::clamp(print(a).compare(print(b)), -1, 1);
}

Result<Json> equal(const Arguments& a) {
    const bool any = std::any_of(a.begin() + 1, a.end(),
                                 [&](const Json& other) { return compare(a[0], other) == 0; });
    return Json(any);
}
Result<Json> not_equal(const Arguments& a) { return Json(compare(a[0], a[1]) != 0); }
Result<Json> less(const Arguments& a) { return Json(compare(a[0], a[1]) < 0); }
Result<Json> at_most(const Arguments& a) { return Json(compare(a[0], a[1]) <= 0); }
Result<Json> greater(const Arguments& a) { return Json(compare(a[0], a[1]) > 0); }
Result<Json> at_least(const Arguments& a) { return Json(compare(a[0], a[1]) >= 0); }
Result<Json> negate(const Arguments& a) { return Json(!truth(a[0])); }

Result<Json> conjunction(const Arguments& a) {
    const auto first = std::ranges::find_if_not(a, truth);
    return first == a.end() ? a.back() : *first;
}
Result<Json> disjunction(const Arguments& a) {
    const auto first = std::ranges::find_if(a, truth);
    return first == a.end() ? a.back() : *first;
}

struct Known {
    std::string_view name;
    std::size_t least;
    std::size_t most;
    Result<Json> (*call)(const Arguments&);
};

constexpr std::size_t kAny = 100;

constexpr std::array kFunctions = {
    Known{"and", 1, kAny, conjunction},
    Known{"eq", 2, kAny, equal},
    Known{"ge", 2, 2, at_least},
    Known{"gt", 2, 2, greater},
    Known{"index", 1, kAny, index},
    Known{"join", 2, 2, join_items},
    Known{"json", 1, 1, to_json_text},
    Known{"le", 2, 2, at_most},
    Known{"len", 1, 1, length},
    Known{"lower", 1, 1, to_lower},
    Known{"lt", 2, 2, less},
    Known{"ne", 2, 2, not_equal},
    Known{"not", 1, 1, negate},
    Known{"or", 1, kAny, disjunction},
    Known{"pad", 3, 3, pad},
    Known{"print", 0, kAny, print_all},
    Known{"printf", 1, kAny, print_formatted},
    Known{"println", 0, kAny, print_line},
    Known{"slice", 1, 3, slice},
    Known{"split", 2, 2, split_text},
    Known{"title", 1, 1, to_title},
    Known{"truncate", 2, 2, truncate},
    Known{"upper", 1, 1, to_upper},
};

}  // namespace

bool is_function(std::string_view name) {
    return std::ranges::find(kFunctions, name, &Known::name) != kFunctions.end();
}

Result<Json> call_function(const std::string& name, const std::vector<Json>& arguments) {
    const auto known = std::ranges::find(kFunctions, std::string_view(name), &Known::name);
    if (known == kFunctions.end()) return bad(fmt::format("there is no function '{}'", name));
    if (arguments.size() < known->least || arguments.size() > known->most)
        return bad(fmt::format("{} does not take {} values", name, arguments.size()));
    return known->call(arguments);
}

}  // namespace sbx::cli::template_detail
