// Go templates (text/template), the part of them that people give to --format, over JSON.
//
// Actions: {{pipeline}}, if/else, range/else, with, variables, comments, trim markers. Functions:
// json join lower upper title split println print printf len index slice truncate pad, and
// eq ne lt le gt ge and or not.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace sbx::cli {

namespace template_detail {
struct Node;
}

class Template {
public:
    // "\t" and "\n" written out stand for a tab and a line break, as docker has it.
    static Result<Template> parse(std::string_view text);

    Template(Template&&) noexcept;
    Template& operator=(Template&&) noexcept;
    ~Template();

    // A field that `data` does not have at its top is an error that names those it has; below that
    // it is "<no value>".
    Result<std::string> execute(const Json& data) const;

private:
    explicit Template(std::unique_ptr<template_detail::Node> root);

    std::unique_ptr<template_detail::Node> root_;
};

}  // namespace sbx::cli
