#include "image/shell_words.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::image {

static constexpr int kDeepest = 10;

static bool is_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static Error bad(std::string_view why) { return Error(Error::Kind::usage, "{}", why); }

namespace {

class Scanner {
public:
    Scanner(std::string_view text, const std::vector<std::string>& env, int depth = 0)
        : rest_(text), env_(env), depth_(depth) {}

    Result<std::vector<std::string>> words() {
        std::vector<std::string> words;
        for (;;) {
            rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
            if (rest_.empty()) return words;
            words.push_back(TRY(word(kBlanks)));
        }
    }

    // Up to one of `ends` that is not quoted.
    Result<std::string> word(std::string_view ends) {
        std::string word;
        char quote = 0;
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (quote == 0 && ends.contains(c)) break;
            rest_.remove_prefix(1);
            if (c == quote || (quote == 0 && (c == '"' || c == '\''))) {
                quote = quote == 0 ? c : '\0';
            } else if (c == '\\' && quote != '\'' && !rest_.empty()) {
                word += rest_.front();
                rest_.remove_prefix(1);
            } else if (c == '$' && quote != '\'') {
                word += TRY(variable());
            } else {
                word += c;
            }
        }
        if (quote != 0) return bad("a quote is not closed");
        return word;
    }

    static constexpr std::string_view kBlanks = " \t";

private:
    // What stands behind a '$'.
    Result<std::string> variable() {
        const bool braced = rest_.starts_with('{');
        if (braced) rest_.remove_prefix(1);
        const auto end = std::ranges::find_if_not(rest_, is_of_name);
        const auto size = static_cast<std::size_t>(end - rest_.begin());
        const std::string_view name = rest_.substr(0, size);
        rest_.remove_prefix(size);
        if (!braced) return name.empty() ? "$" : value_of(name);
        if (name.empty()) return bad("'${' wants a name");
        if (rest_.starts_with('}')) {
            rest_.remove_prefix(1);
            return value_of(name);
        }
        return alternative(name);
    }

    // ":-WORD}" or ":+WORD}".
    Result<std::string> alternative(std::string_view name) {
        const bool otherwise = rest_.starts_with(":-");
        if (!otherwise && !rest_.starts_with(":+"))
            return bad(fmt::format("'${{{}' wants a '}}', ':-' or ':+'", excerpt(name)));
        rest_.remove_prefix(2);
        if (depth_ == kDeepest) return bad("variables are too deep in one another");
        Scanner inner(rest_, env_, depth_ + 1);
        std::string word = TRY(inner.word("}"));
        rest_ = inner.rest_;
        if (rest_.empty()) return bad("a '${' is not closed");
        rest_.remove_prefix(1);
        std::string value = value_of(name);
        if (otherwise) return value.empty() ? word : value;
        return value.empty() ? "" : word;
    }

    std::string value_of(std::string_view name) const {
        for (const std::string& entry : env_)
            if (const auto parts = halves(entry, '='); parts && parts->before == name)
                return std::string(parts->after);
        return {};
    }

    std::string_view rest_;
    const std::vector<std::string>& env_;
    int depth_;
};

}  // namespace

Result<std::vector<std::string>> shell_words(std::string_view line,
                                             const std::vector<std::string>& env) {
    return Scanner(line, env).words();
}

Result<std::string> shell_word(std::string_view line, const std::vector<std::string>& env) {
    return Scanner(line, env).word("");
}

}  // namespace sbx::image
