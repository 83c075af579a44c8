// A parsed template: what template_parse.cc makes and template.cc executes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace sbx::cli::template_detail {

struct Pipeline;

struct Literal {
    Json value;
};
// ".Config.Labels", "$x.Name", "(pipeline).Name": from the dot, a variable, or another value.
struct Field {
    enum class From : std::uint8_t { dot, variable, pipeline };
    From from = From::dot;
    std::string variable = {};  // "$" or "$x"
    std::shared_ptr<Pipeline> pipeline = {};
    std::vector<std::string> names = {};
};
struct Function {
    std::string name;
};
using Operand = std::variant<Literal, Field, Function>;

struct Call {
    std::vector<Operand> operands;
};

struct Pipeline {
    std::vector<std::string> variables = {};  // "$x :=", of range "$i, $x :="
    std::vector<Call> calls = {};
};

// One node of a template: text, an action, or a block with its branches.
struct Node {
    enum class Kind : std::uint8_t { list, text, action, condition, range, with };
    Kind kind = Kind::list;
    std::string text = {};
    Pipeline pipeline = {};
    std::vector<std::unique_ptr<Node>> children = {};  // list
    std::unique_ptr<Node> body = {};                   // of a block
    std::unique_ptr<Node> otherwise = {};              // its else

    Node() = default;
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    // One by one: a chain of "else if" is longer than a stack is deep.
    ~Node() {
        while (otherwise)
            otherwise = std::move(otherwise->otherwise);
    }
};

Result<std::unique_ptr<Node>> parse(std::string_view text);

// Calls a function of --format templates by name.
Result<Json> call_function(const std::string& name, const std::vector<Json>& arguments);
bool is_function(std::string_view name);
bool truth(const Json& value);         // as Go: not zero, not empty
std::string print(const Json& value);  // as Go's %v

}  // namespace sbx::cli::template_detail
