#include <algorithm>

#include "base/text.h"
#include "cli/template_nodes.h"

namespace sbx::cli::template_detail {

namespace {

struct Token {
    enum class Kind : std::uint8_t { word, field, variable, text, symbol, end };
    Kind kind = Kind::end;
    std::string text = {};
};

Error bad(std::string_view why) { return Error(Error::Kind::usage, "--format: {}", why); }

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The tokens of one action.
class Lexer {
public:
    explicit Lexer(std::string_view text) : rest_(text) {}

    Result<std::vector<Token>> run() {
        std::vector<Token> tokens;
        for (;;) {
            rest_ = trim(rest_);
            if (rest_.empty()) return tokens;
            tokens.push_back(TRY(next()));
        }
    }

private:
    Result<Token> next() {
        const char c = rest_.front();
        if (c == '"' || c == '`' || c == '\'') return quoted(c);
        if (c == '.') return field();
        if (c == '$') return Token{.kind = Token::Kind::variable, .text = take_names(1)};
        if (rest_.starts_with(":=")) return symbol(2);
        if (std::string_view("()|,=").contains(c)) return symbol(1);
        if (is_name(c) || c == '-' || c == '+')
            return Token{.kind = Token::Kind::word, .text = take_names(1)};
        return bad(fmt::format("unexpected '{}'", excerpt(rest_, 20)));
    }

    Token symbol(std::size_t size) {
        Token token{.kind = Token::Kind::symbol, .text = std::string(rest_.substr(0, size))};
        rest_.remove_prefix(size);
        return token;
    }

    // ".", ".A" or ".A.B"; the dot stays in front.
    Token field() { return {.kind = Token::Kind::field, .text = take_names(1)}; }

    std::string take_names(std::size_t first) {
        std::size_t end = first;
        while (end < rest_.size() && (is_name(rest_[end]) || rest_[end] == '.'))
            ++end;
        std::string text(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return text;
    }

    Result<Token> quoted(char quote) {
        std::string text;
        std::size_t i = 1;
        for (; i < rest_.size() && rest_[i] != quote; ++i) {
            if (rest_[i] != '\\' || quote == '`' || i + 1 == rest_.size()) {
                text += rest_[i];
                continue;
            }
            const char escaped = rest_[++i];
            text += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
        }
        if (i == rest_.size()) return bad("a quote is not closed");
        rest_.remove_prefix(i + 1);
        return Token{.kind = Token::Kind::text, .text = std::move(text)};
    }

    std::string_view rest_;
};

// The tokens of one action, as a pipeline.
class PipelineParser {
public:
    explicit PipelineParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    Result<Pipeline> whole() {
        Pipeline pipeline = TRY(parse());
        if (at_ < tokens_.size()) return bad(fmt::format("unexpected '{}'", excerpt(peek().text)));
        return pipeline;
    }

private:
    const Token& peek(std::size_t ahead = 0) const {
        static const Token kEnd;
        return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : kEnd;
    }
    bool take_symbol(std::string_view symbol) {
        if (peek().kind != Token::Kind::symbol || peek().text != symbol) return false;
        ++at_;
        return true;
    }

    void declarations(Pipeline& pipeline) {
        const auto is = [&](std::size_t i, Token::Kind kind, std::string_view text) {
            return peek(i).kind == kind && (text.empty() || peek(i).text == text);
        };
        const bool one = is(0, Token::Kind::variable, "") && is(1, Token::Kind::symbol, ":=");
        const bool two = is(0, Token::Kind::variable, "") && is(1, Token::Kind::symbol, ",") &&
                         is(2, Token::Kind::variable, "") && is(3, Token::Kind::symbol, ":=");
        if (one || two) pipeline.variables.push_back(peek().text);
        if (two) pipeline.variables.push_back(peek(2).text);
        at_ += two ? 4 : one ? 2 : 0;
    }

    Result<Pipeline> parse() {
        Pipeline pipeline;
        declarations(pipeline);
        do
            pipeline.calls.push_back(TRY(call()));
        while (take_symbol("|"));
        return pipeline;
    }

    Result<Call> call() {
        Call call;
        for (;;) {
            const Token& token = peek();
            const bool stops = token.kind == Token::Kind::end ||
                               (token.kind == Token::Kind::symbol && token.text != "(");
            if (stops) break;
            call.operands.push_back(TRY(operand()));
        }
        if (call.operands.empty()) return bad("a value is missing");
        return call;
    }

    static std::vector<std::string> names_of(std::string_view chain) {
        std::vector<std::string> names;
        for (const std::string_view name : split(chain, '.'))
            if (!name.empty()) names.emplace_back(name);
        return names;
    }

    Result<Operand> operand() {
        const Token token = tokens_[at_++];
        switch (token.kind) {
            case Token::Kind::text: return Operand(Literal{token.text});
            case Token::Kind::field: return Operand(Field{.names = names_of(token.text)});
            case Token::Kind::variable: return variable(token.text);
            case Token::Kind::word: return word(token.text);
            case Token::Kind::symbol: return parenthesis();
            case Token::Kind::end: break;
        }
        std::unreachable();
    }

    static Result<Operand> variable(const std::string& text) {
        const std::size_t dot = std::min(text.find('.'), text.size());
        return Operand(Field{.from = Field::From::variable,
                             .variable = text.substr(0, dot),
                             .names = names_of(std::string_view(text).substr(dot))});
    }

    static Result<Operand> word(const std::string& text) {
        if (text == "true" || text == "false") return Operand(Literal{text == "true"});
        if (text == "nil") return Operand(Literal{Json()});
        if (is_function(text)) return Operand(Function{text});
        if (const Result<std::int64_t> number = parse_number(text, INT64_MIN, INT64_MAX))
            return Operand(Literal{*number});
        return bad(fmt::format("there is no function '{}'", excerpt(text)));
    }

    Result<Operand> parenthesis() {
        if (++depth_ > 32) return bad("parentheses nest too deep");
        auto inner = std::make_shared<Pipeline>(TRY(parse()));
        --depth_;
        if (!take_symbol(")")) return bad("a ')' is missing");
        Field field{.from = Field::From::pipeline, .pipeline = std::move(inner)};
        if (peek().kind == Token::Kind::field) field.names = names_of(tokens_[at_++].text);
        return Operand(std::move(field));
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

// The template as a whole: text and actions, blocks closed by {{end}}.
class Parser {
public:
    explicit Parser(std::string_view text) : rest_(text) {}

    Result<std::unique_ptr<Node>> run() {
        Ended ended = TRY(list());
        if (!ended.by.empty()) return bad(fmt::format("'{}' closes nothing", ended.by));
        return std::move(ended.node);
    }

private:
    struct Ended {
        std::unique_ptr<Node> node = {};
        std::string by = {};    // "end", "else", or nothing at the end of the text
        std::string rest = {};  // of "else if ..."
    };

    static std::unique_ptr<Node> node_of(Node::Kind kind) {
        auto node = std::make_unique<Node>();
        node->kind = kind;
        return node;
    }

    Result<Ended> list() {
        if (++depth_ > 32) return bad("blocks nest too deep");
        Ended ended{.node = node_of(Node::Kind::list)};
        while (!rest_.empty()) {
            take_text(*ended.node);
            if (rest_.empty()) break;
            const std::string action = TRY(take_action());
            const std::string_view word = std::string_view(action).substr(0, action.find(' '));
            if (word == "end" || word == "else") {
                ended.by = word;
                ended.rest = trim(std::string_view(action).substr(word.size()));
                break;
            }
            if (action.starts_with("/*")) continue;
            ended.node->children.push_back(TRY(statement(word, action)));
        }
        --depth_;
        return ended;
    }

    void take_text(Node& list) {
        const std::size_t open = std::min(rest_.find("{{"), rest_.size());
        std::string_view text = rest_.substr(0, open);
        rest_.remove_prefix(open);
        if (std::exchange(trim_next_, false))
            text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
        if (rest_.starts_with("{{- ")) text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
        if (text.empty()) return;
        auto node = node_of(Node::Kind::text);
        node->text = text;
        list.children.push_back(std::move(node));
    }

    // Where the action ends that the text begins with; a "}}" in a quote ends none.
    static std::size_t end_of_action(std::string_view text) {
        char quote = '\0';
        for (std::size_t i = 2; i < text.size(); ++i) {
            const char c = text[i];
            if (quote == '\0' && text.substr(i).starts_with("}}")) return i;
            if (quote == '\0' && std::string_view("\"`'").contains(c))
                quote = c;
            else if (c == quote)
                quote = '\0';
            else if (c == '\\' && quote != '\0' && quote != '`')
                ++i;
        }
        return quote == '\0' ? text.npos : text.find("}}");
    }

    Result<std::string> take_action() {
        const bool comment = rest_.starts_with("{{/*") || rest_.starts_with("{{- /*");
        const std::size_t close = comment ? rest_.find("}}") : end_of_action(rest_);
        if (close == rest_.npos) return bad("'{{' without '}}'");
        std::string_view action = rest_.substr(2, close - 2);
        rest_.remove_prefix(close + 2);
        if (action.starts_with("- ")) action.remove_prefix(1);
        if (action.ends_with(" -")) {
            action.remove_suffix(1);
            trim_next_ = true;
        }
        return std::string(trim(action));
    }

    static Result<Pipeline> pipeline_of(std::string_view text) {
        return PipelineParser(TRY(Lexer(text).run())).whole();
    }

    Result<std::unique_ptr<Node>> statement(std::string_view word, const std::string& action) {
        if (word == "if" || word == "range" || word == "with") {
            auto node = node_of(word == "if"      ? Node::Kind::condition
                                : word == "range" ? Node::Kind::range
                                                  : Node::Kind::with);
            return block(std::move(node), std::string_view(action).substr(word.size()));
        }
        auto node = node_of(Node::Kind::action);
        node->pipeline = TRY(pipeline_of(action));
        return node;
    }

    // A chain of "else if" is as long as it is, and each of them stands in the one before.
    Result<std::unique_ptr<Node>> block(std::unique_ptr<Node> node, std::string_view condition) {
        Node* last = node.get();
        last->pipeline = TRY(pipeline_of(condition));
        Ended body = TRY(list());
        while (body.by == "else" && body.rest.starts_with("if ")) {
            last->body = std::move(body.node);
            last->otherwise = node_of(Node::Kind::condition);
            last = last->otherwise.get();
            last->pipeline = TRY(pipeline_of(std::string_view(body.rest).substr(3)));
            body = TRY(list());
        }
        last->body = std::move(body.node);
        if (body.by == "else") {
            Ended otherwise = TRY(list());
            last->otherwise = std::move(otherwise.node);
            body.by = otherwise.by;
        }
        if (body.by != "end") return bad("a block is not closed with {{end}}");
        return node;
    }

    std::string_view rest_;
    bool trim_next_ = false;
    int depth_ = 0;
};

}  // namespace

Result<std::unique_ptr<Node>> parse(std::string_view text) { return Parser(text).run(); }

}  // namespace sbx::cli::template_detail
