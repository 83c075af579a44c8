#include "cli/template_printf.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"
#include "cli/template_nodes.h"

namespace sbx::cli::template_detail {

namespace {

constexpr std::size_t kWidest = 1000;

struct Verb {
    bool left = false;
    bool zeros = false;
    bool sign = false;
    std::size_t width = 0;
    std::optional<std::size_t> precision = {};
    char letter = 0;
};

// Takes what stands behind a '%' from the front of a pattern.
class Scanner {
public:
    explicit Scanner(std::string_view& rest) : rest_(rest) {}

    Verb verb() {
        Verb verb;
        for (; !rest_.empty() && std::string_view("-0+").contains(rest_.front());
             rest_.remove_prefix(1)) {
            verb.left = verb.left || rest_.front() == '-';
            verb.zeros = verb.zeros || rest_.front() == '0';
            verb.sign = verb.sign || rest_.front() == '+';
        }
        verb.width = number();
        if (take('.')) verb.precision = number();
        if (rest_.empty()) return verb;
        verb.letter = rest_.front();
        rest_.remove_prefix(1);
        return verb;
    }

private:
    bool take(char expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::size_t number() {
        std::size_t value = 0;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
             rest_.remove_prefix(1))
            value = std::min(value * 10 + static_cast<std::size_t>(rest_.front() - '0'), kWidest);
        return value;
    }

    std::string_view& rest_;
};

}  // namespace

static std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return !utf8::continues(c); }));
}

static std::string cut(const std::string& text, const std::optional<std::size_t>& most) {
    std::size_t left = most.value_or(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (utf8::continues(text[i])) continue;
        if (left == 0) return text.substr(0, i);
        --left;
    }
    return text;
}

// What is no number is printed as it is.
static std::string text_of(const Verb& verb, const Json& value) {
    const std::optional<double> number = value.as_double();
    const bool signs = verb.sign && number && *number >= 0;
    if (verb.letter == 'f' && number)
        return fmt::format("{}{:.{}f}", signs ? "+" : "", *number, verb.precision.value_or(6));
    if (verb.letter == 'd') return (signs ? "+" : "") + print(value);
    const std::string text = cut(print(value), verb.precision);
    return verb.letter == 'q' ? Json(text).dump() : text;
}

static std::string padded(const Verb& verb, std::string text, const Json& value) {
    const std::size_t size = characters(text);
    if (size >= verb.width) return text;
    const std::size_t missing = verb.width - size;
    if (verb.left) return text + std::string(missing, ' ');
    const bool zeros = verb.zeros && value.as_double();
    const bool signs = zeros && (text.starts_with('-') || text.starts_with('+'));
    return text.insert(signs ? 1 : 0, missing, zeros ? '0' : ' ');
}

static Error bad(std::string_view why) {
    return Error(Error::Kind::usage, "--format: printf: {}", why);
}

Result<Json> print_formatted(const std::vector<Json>& values) {
    const std::string pattern = print(values[0]);
    std::string_view rest = pattern;
    std::string out;
    for (std::size_t next = 1; !rest.empty();) {
        const std::size_t plain = std::min(rest.find('%'), rest.size());
        out += rest.substr(0, plain);
        rest.remove_prefix(plain);
        if (rest.empty()) break;
        rest.remove_prefix(1);
        const Verb verb = Scanner(rest).verb();
        if (verb.letter == '%') {
            out += '%';
            continue;
        }
        if (verb.letter == 0) return bad("the pattern ends in a '%'");
        if (!std::string_view("svdqft").contains(verb.letter))
            return bad(fmt::format("'%{}' is not supported", printable({&verb.letter, 1})));
        if (next == values.size()) return bad("there are fewer values than verbs");
        const Json& value = values[next++];
        out += padded(verb, text_of(verb, value), value);
    }
    return Json(out);
}

}  // namespace sbx::cli::template_detail
