#include "registry/environment.h"

#include <optional>

#include <fmt/core.h>
#include <unistd.h>

#include "base/text.h"

namespace sbx::registry {

Environment Environment::current() {
    Environment environment;
    for (char** line = ::environ; line && *line; ++line)
        if (const std::optional<Halves> parts = halves(*line, '='))
            environment.variables_.emplace(parts->before, parts->after);
    return environment;
}

std::string Environment::get(const std::string& name) const {
    const auto variable = variables_.find(name);
    return variable == variables_.end() ? "" : variable->second;
}

std::string Environment::config_home() const {
    std::string configured = get("XDG_CONFIG_HOME");
    if (configured.starts_with('/')) return configured;
    return home().empty() ? "" : home() + "/.config";
}

std::vector<std::string> Environment::lines() const {
    std::vector<std::string> lines;
    lines.reserve(variables_.size());
    for (const auto& [name, value] : variables_)
        lines.push_back(fmt::format("{}={}", name, value));
    return lines;
}

}  // namespace sbx::registry
