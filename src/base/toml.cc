#include "base/toml.h"

// Distributions that ship it as a shared library as well say so in their flags.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
// Some of its assertions fail on malformed times, which the code behind them reports.
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "base/text.h"

namespace sbx {

std::string TomlDocument::place_of(std::string_view key) const {
    const auto place = places.find(std::string(key));
    if (place == places.end()) return fmt::format("{}: ", file);
    return fmt::format("{}:{}:{}: ", file, place->second.first, place->second.second);
}

static Json convert(const toml::node& node, const std::string& path, TomlDocument& document);

static std::string below(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

static Json convert_table(const toml::table& table, const std::string& path,
                          TomlDocument& document) {
    Json object = Json::object();
    for (const auto& [key, value] : table) {
        const std::string name = below(path, key.str());
        document.places[name] = {key.source().begin.line, key.source().begin.column};
        object.set(key.str(), convert(value, name, document));
    }
    return object;
}

static Json convert_array(const toml::array& array, const std::string& path,
                          TomlDocument& document) {
    Json items = Json::array();
    for (std::size_t i = 0; i < array.size(); ++i)
        items.push(convert(array[i], below(path, fmt::format("{}", i)), document));
    return items;
}

static Json convert(const toml::node& node, const std::string& path, TomlDocument& document) {
    if (const auto* table = node.as_table()) return convert_table(*table, path, document);
    if (const auto* array = node.as_array()) return convert_array(*array, path, document);
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return number->get();
    if (const auto* number = node.as_floating_point()) return number->get();
    if (const auto* flag = node.as_boolean()) return flag->get();
    return Json::array().push("a date or time");  // no key takes one; this fits no type either
}

// A dotted key makes a table for each of its parts, and toml++ recurses into them without a limit.
// The line of the first key that is too deep; 0 for none.
static unsigned too_deep_at(std::string_view text) {
    unsigned line = 1;
    int dots = 0;
    for (const char c : text) {
        if (c == '\n') ++line;
        if (c == '.') ++dots;
        if (std::string_view("\n=,#[]{}").contains(c)) dots = 0;
        if (dots > Json::kDeepest) return line;
    }
    return 0;
}

Result<TomlDocument> parse_toml(std::string_view text, std::string file) {
    if (const unsigned line = too_deep_at(text); line != 0)
        return Error(Error::Kind::usage, "{}:{}: nested deeper than {}", file, line,
                     Json::kDeepest);
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        return Error(Error::Kind::usage, "{}:{}:{}: {}", file, error.source().begin.line,
                     error.source().begin.column, printable(error.description()));
    }
    TomlDocument document{.file = std::move(file), .root = {}, .places = {}};
    document.root = convert_table(parsed.table(), "", document);
    return document;
}

}  // namespace sbx
