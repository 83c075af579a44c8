// The variables sbx was started with, as a value: where files are looked for is then a pure
// function of them.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sbx::registry {

class Environment {
public:
    Environment() = default;
    Environment(std::initializer_list<std::pair<const std::string, std::string>> variables)
        : variables_(variables) {}
    static Environment current();

    std::string get(const std::string& name) const;  // empty where it is not set
    std::string home() const { return get("HOME"); }
    std::string config_home() const;         // $XDG_CONFIG_HOME or ~/.config; empty without a home
    std::vector<std::string> lines() const;  // NAME=VALUE each, for a program

private:
    std::map<std::string, std::string> variables_;
};

}  // namespace sbx::registry
