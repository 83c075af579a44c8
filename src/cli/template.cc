#include "cli/template.h"

#include <map>

#include "base/text.h"
#include "cli/template_nodes.h"

namespace sbx::cli {

using namespace template_detail;

// Go's names for what JSON calls `dns_enabled`: .DNSEnabled.
static bool means(std::string_view key, std::string_view name) {
    std::string plain = lower(key);
    std::erase(plain, '_');
    return plain == lower(name);
}

// An exported name of Go's also finds the key that its field has in JSON.
static const Json* find_member(const Json& value, const std::string& name) {
    for (const auto& [key, member] : value.members())
        if (key == name) return &member;
    const bool exported = !name.empty() && name[0] >= 'A' && name[0] <= 'Z';
    if (!exported) return nullptr;
    for (const auto& [key, member] : value.members())
        if (means(key, name)) return &member;
    return nullptr;
}

namespace {

class Execution {
public:
    explicit Execution(const Json& data) : data_(data) { variables_["$"] = data; }

    Result<> run(const Node& node, const Json& dot) {
        switch (node.kind) {
            case Node::Kind::text: out_ += node.text; return {};
            case Node::Kind::list:
                for (const auto& child : node.children)
                    TRY(run(*child, dot));
                return {};
            case Node::Kind::action: return action(node, dot);
            case Node::Kind::condition: return branch(node, dot);
            case Node::Kind::with: return with(node, dot);
            case Node::Kind::range: return range(node, dot);
        }
        std::unreachable();
    }

    std::string take() && { return std::move(out_); }

private:
    Result<> action(const Node& node, const Json& dot) {
        const Json value = TRY(evaluate(node.pipeline, dot));
        declare(node, value);
        if (node.pipeline.variables.empty()) out_ += print(value);
        return {};
    }

    void declare(const Node& node, const Json& value) {
        if (!node.pipeline.variables.empty()) variables_[node.pipeline.variables.front()] = value;
    }

    // Along a chain of "else if", however long it is.
    Result<> branch(const Node& first, const Json& dot) {
        const Node* node = &first;
        for (; node && node->kind == Node::Kind::condition; node = node->otherwise.get()) {
            const Json value = TRY(evaluate(node->pipeline, dot));
            declare(*node, value);
            if (truth(value)) return run(*node->body, dot);
        }
        return node ? run(*node, dot) : Result<>();
    }

    Result<> with(const Node& node, const Json& dot) {
        const Json value = TRY(evaluate(node.pipeline, dot));
        declare(node, value);
        if (truth(value)) return run(*node.body, value);
        return node.otherwise ? run(*node.otherwise, dot) : Result<>();
    }

    Result<> range(const Node& node, const Json& dot) {
        const Json value = TRY(evaluate(node.pipeline, dot));
        if (!truth(value)) return node.otherwise ? run(*node.otherwise, dot) : Result<>();
        std::int64_t number = 0;
        for (const Json& item : value.items())
            TRY(turn(node, number++, item));
        for (const auto& [key, item] : value.members())
            TRY(turn(node, key, item));
        return {};
    }

    Result<> turn(const Node& node, const Json& key, const Json& item) {
        const std::vector<std::string>& names = node.pipeline.variables;
        if (names.size() == 1) variables_[names[0]] = item;
        if (names.size() == 2) {
            variables_[names[0]] = key;
            variables_[names[1]] = item;
        }
        return run(*node.body, item);
    }

    Result<Json> evaluate(const Pipeline& pipeline, const Json& dot) {
        Json value;
        for (std::size_t i = 0; i < pipeline.calls.size(); ++i)
            value = TRY(call(pipeline.calls[i], dot, i > 0 ? &value : nullptr));
        return value;
    }

    // A function takes what the pipe brings as its last value.
    Result<Json> call(const Call& call, const Json& dot, const Json* piped) {
        const auto* function = std::get_if<Function>(&call.operands.front());
        if (!function && call.operands.size() == 2 && !piped) return member(call, dot);
        if (!function) {
            if (call.operands.size() > 1 || piped)
                return Error(Error::Kind::usage, "--format: a value is called like a function");
            return operand(call.operands.front(), dot);
        }
        std::vector<Json> arguments;
        for (std::size_t i = 1; i < call.operands.size(); ++i)
            arguments.push_back(TRY(operand(call.operands[i], dot)));
        if (piped) arguments.push_back(*piped);
        return call_function(function->name, arguments);
    }

    // '.Label "x"', a method of docker's: what a map has under a name.
    Result<Json> member(const Call& call, const Json& dot) {
        const Json map = TRY(operand(call.operands[0], dot));
        const Json key = TRY(operand(call.operands[1], dot));
        if (!map.as_object() || !key.as_string())
            return Error(Error::Kind::usage, "--format: a value is called like a function");
        return call_function("index", {map, key});
    }

    Result<Json> operand(const Operand& operand, const Json& dot) {
        if (const auto* literal = std::get_if<Literal>(&operand)) return Json(literal->value);
        if (const auto* function = std::get_if<Function>(&operand))
            return call_function(function->name, {});
        return field(std::get<Field>(operand), dot);
    }

    Result<Json> field(const Field& field, const Json& dot) {
        Json value;
        switch (field.from) {
            case Field::From::dot: value = dot; break;
            case Field::From::variable: value = TRY(variable(field.variable)); break;
            case Field::From::pipeline: value = TRY(evaluate(*field.pipeline, dot)); break;
        }
        const bool at_top = &dot == &data_ && field.from == Field::From::dot;
        for (std::size_t i = 0; i < field.names.size(); ++i) {
            const Json* found = find_member(value, field.names[i]);
            if (!found && i == 0 && at_top) return unknown_field(field.names[0]);
            value = found ? Json(*found) : Json();
        }
        return value;
    }

    Result<Json> variable(const std::string& name) const {
        const auto found = variables_.find(name);
        if (found != variables_.end()) return Json(found->second);
        return Error(Error::Kind::usage, "--format: there is no variable '{}'", excerpt(name));
    }

    Error unknown_field(const std::string& name) const {
        std::vector<std::string> names;
        for (const auto& [key, member] : data_.members())
            names.push_back(key);
        return Error(Error::Kind::usage, "--format: there is no field '{}'", excerpt(name))
            .hint("the fields are " + join(names, ", "));
    }

    const Json& data_;
    std::map<std::string, Json> variables_ = {};
    std::string out_ = {};
};

}  // namespace

Template::Template(std::unique_ptr<Node> root) : root_(std::move(root)) {}
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;
Template::~Template() = default;

static std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view two = text.substr(i, 2);
        if (two == "\\t" || two == "\\n") {
            out += two == "\\t" ? '\t' : '\n';
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

Result<Template> Template::parse(std::string_view text) {
    return Template(TRY(template_detail::parse(unescape(text))));
}

Result<std::string> Template::execute(const Json& data) const {
    Execution execution(data);
    TRY(execution.run(*root_, data));
    return std::move(execution).take();
}

}  // namespace sbx::cli
