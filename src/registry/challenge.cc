#include "registry/challenge.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace sbx::registry {

static constexpr std::size_t kMostChallenges = 16;
static constexpr std::size_t kMostParameters = 16;

std::string_view Challenge::find(std::string_view name) const {
    for (const auto& [key, value] : parameters)
        if (key == name) return value;
    return {};
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
static bool in_token(char c) {
    return is_word(c) || std::string_view("!#$%&'*+-.^_`|~").contains(c);
}
static bool in_token68(char c) { return is_word(c) || std::string_view("-._~+/").contains(c); }
static bool in_quotes(char c) { return c == '\t' || (c >= ' ' && c != '\x7f'); }

namespace {

// A place in the field that only moves forward. Names are those of the grammar in RFC 9110.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}

    bool at_end() const { return at_ == text_.size(); }
    std::size_t offset() const { return at_; }
    bool is(char c) const { return !at_end() && text_[at_] == c; }
    bool skip(char c) {
        if (!is(c)) return false;
        ++at_;
        return true;
    }
    bool spaces() {
        const std::size_t before = at_;
        while (is(' ') || is('\t'))
            ++at_;
        return at_ != before;
    }
    std::string_view token() { return run(in_token); }
    std::optional<std::string_view> token68();
    std::optional<std::string> quoted_string();

private:
    std::string_view run(bool (*fits)(char)) {
        const std::size_t start = at_;
        while (!at_end() && fits(text_[at_]))
            ++at_;
        return text_.substr(start, at_ - start);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// A token68 looks like the name of a parameter until what follows it: the end, or a comma.
std::optional<std::string_view> Cursor::token68() {
    Cursor ahead = *this;
    if (ahead.run(in_token68).empty()) return std::nullopt;
    while (ahead.skip('=')) {
    }
    const std::string_view taken = text_.substr(at_, ahead.at_ - at_);
    ahead.spaces();
    if (!ahead.at_end() && !ahead.is(',')) return std::nullopt;
    *this = ahead;
    return taken;
}

std::optional<std::string> Cursor::quoted_string() {
    std::string value;
    while (!at_end()) {
        if (skip('"')) return value;
        skip('\\');
        if (at_end() || !in_quotes(text_[at_])) return std::nullopt;
        value += text_[at_++];
    }
    return std::nullopt;
}

class Parser {
public:
    explicit Parser(std::string_view field) : cursor_(field) {}

    Result<std::vector<Challenge>> parse() {
        std::vector<Challenge> challenges;
        for (skip_commas(); !cursor_.at_end(); skip_commas()) {
            if (challenges.size() == kMostChallenges) return bad("there are too many");
            challenges.push_back(TRY(challenge()));
        }
        return challenges;
    }

private:
    Error bad(std::string_view why) const {
        return Error(Error::Kind::failed,
                     "the registry's WWW-Authenticate cannot be read at offset {}: {}",
                     cursor_.offset(), why);
    }
    void skip_commas() {
        cursor_.spaces();
        while (cursor_.skip(','))
            cursor_.spaces();
    }

    Result<Challenge> challenge();
    Result<> parameters(Challenge& challenge);
    Result<> parameter(Challenge& challenge);
    bool at_parameter() const;

    Cursor cursor_;
};

Result<Challenge> Parser::challenge() {
    Challenge challenge{.scheme = lower(cursor_.token()), .token68 = {}};
    if (challenge.scheme.empty()) return bad("a scheme belongs here");
    const bool spaced = cursor_.spaces();
    if (cursor_.at_end() || cursor_.is(',')) return challenge;
    if (!spaced) return bad("a space belongs here");
    if (const std::optional<std::string_view> value = cursor_.token68())
        challenge.token68 = *value;
    else
        TRY(parameters(challenge));
    return challenge;
}

// "name =" begins a parameter; a word with anything else behind it begins the next challenge.
bool Parser::at_parameter() const {
    Cursor ahead = cursor_;
    if (ahead.token().empty()) return false;
    ahead.spaces();
    return ahead.is('=');
}

Result<> Parser::parameters(Challenge& challenge) {
    for (;;) {
        TRY(parameter(challenge));
        cursor_.spaces();
        if (cursor_.at_end()) return {};
        if (!cursor_.is(',')) return bad("a comma belongs here");
        skip_commas();
        if (!at_parameter()) return {};
    }
}

Result<> Parser::parameter(Challenge& challenge) {
    const std::string name = lower(cursor_.token());
    if (name.empty()) return bad("a parameter belongs here");
    cursor_.spaces();
    if (!cursor_.skip('=')) return bad("a '=' belongs here");
    cursor_.spaces();
    std::optional<std::string> value;
    if (cursor_.skip('"'))
        value = cursor_.quoted_string();
    else if (const std::string_view token = cursor_.token(); !token.empty())
        value = token;
    if (!value) return bad("a value belongs here");
    for (const auto& [known, ignored] : challenge.parameters)
        if (known == name) return bad("a parameter stands there twice");
    if (challenge.parameters.size() == kMostParameters) return bad("there are too many parameters");
    challenge.parameters.emplace_back(name, *std::move(value));
    return {};
}

}  // namespace

Result<std::vector<Challenge>> parse_challenges(std::string_view field) {
    return Parser(field).parse();
}

}  // namespace sbx::registry
