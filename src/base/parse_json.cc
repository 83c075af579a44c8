// Json::parse, over nlohmann/json's tokenizer: the one file that sees that library.
#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/text.h"

namespace sbx {

// Receives the parser's events (nlohmann::json_sax) and builds the document without recursion.
struct JsonBuilder {
    Json document;
    std::vector<Json*> open;         // the arrays and objects around what comes next
    std::vector<std::string> names;  // the pending member name of each
    std::string refusal;             // why parsing stopped, if it was this builder that stopped it
    std::size_t failed_at = 0;

    bool place(Json value) {
        if (open.empty())
            document = std::move(value);
        else if (auto* array = std::get_if<Json::Array>(&open.back()->value_))
            array->push_back(std::move(value));
        else
            std::get<Json::Object>(open.back()->value_)
                .emplace_back(std::move(names.back()), std::move(value));
        return true;
    }

    bool enter(Json container) {
        if (open.size() == Json::kDeepest)
            return refuse(fmt::format("nested deeper than {}", Json::kDeepest));
        place(std::move(container));
        Json* here = &document;
        if (!open.empty()) {
            if (auto* array = std::get_if<Json::Array>(&open.back()->value_))
                here = &array->back();
            else
                here = &std::get<Json::Object>(open.back()->value_).back().second;
        }
        open.push_back(here);
        names.emplace_back();
        return true;
    }

    bool leave() {
        open.pop_back();
        names.pop_back();
        return true;
    }

    bool refuse(std::string why) {
        refusal = std::move(why);
        return false;
    }

    bool no_name_twice() {
        const auto& members = std::get<Json::Object>(open.back()->value_);
        std::set<std::string_view> seen;
        for (const auto& [name, value] : members)
            if (!seen.insert(name).second)
                return refuse(fmt::format("the member '{}' stands there twice", excerpt(name)));
        return true;
    }

    // nlohmann::json_sax
    bool null() { return place({}); }
    bool boolean(bool value) { return place(value); }
    bool number_integer(std::int64_t value) { return place(value); }
    bool number_unsigned(std::uint64_t value) { return place(value); }
    bool number_float(double value, const std::string&) { return place(value); }
    bool string(std::string& value) { return place(std::move(value)); }
    bool binary(std::vector<std::uint8_t>&) { return false; }
    bool start_object(std::size_t) { return enter(Json::object()); }
    bool end_object() { return no_name_twice() && leave(); }
    bool start_array(std::size_t) { return enter(Json::array()); }
    bool end_array() { return leave(); }
    bool key(std::string& name) {
        names.back() = std::move(name);
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const std::exception&) {
        failed_at = position;
        return false;
    }
};

static Error syntax_error(std::string_view text, std::size_t position) {
    const std::size_t at = std::min(position == 0 ? 0 : position - 1, text.size());
    const std::string_view before = text.substr(0, at);
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t column = at - (before.rfind('\n') + 1) + 1;
    const std::string here =
        at < text.size() ? fmt::format("'{}'", excerpt(text.substr(at), 20)) : "the end";
    return Error(Error::Kind::usage, "not valid JSON at line {}, column {}: {}", line, column,
                 here);
}

Result<Json> Json::parse(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf"))
        return Error(Error::Kind::usage, "not valid JSON: it begins with a byte order mark");
    // The tokenizer takes a NUL for the end of its input, and would not see what follows.
    if (const std::size_t nul = text.find('\0'); nul != text.npos)
        return syntax_error(text, nul + 1);
    JsonBuilder builder;
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
        return std::move(builder.document);
    if (!builder.refusal.empty())
        return Error(Error::Kind::usage, "not acceptable JSON: {}", builder.refusal);
    return syntax_error(text, builder.failed_at);
}

}  // namespace sbx
