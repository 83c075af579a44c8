#include "container/log_options.h"

#include "base/text.h"

namespace sbx::container {

static Result<std::string> parse_driver(const std::string& name) {
    // One form of file serves all of docker's and podman's names for one.
    if (name.empty() || name == "k8s-file" || name == "json-file" || name == "local")
        return std::string("k8s-file");
    if (name == "none" || name == "passthrough") return name;
    return Error(Error::Kind::unsupported,
                 "--log-driver {}: there are k8s-file, none and passthrough", excerpt(name));
}

static Result<> apply(std::string_view key, std::string_view value, LogLimits& limits) {
    constexpr int kMostFiles = 1000;
    if (key == "max-size") {
        limits.size = value == "-1" ? 0 : TRY(parse_size(value));
    } else if (key == "max-file") {
        limits.files = static_cast<int>(TRY(parse_number(value, 1, kMostFiles)));
    } else {
        return Error(Error::Kind::unsupported, "there are max-size and max-file");
    }
    return {};
}

Result<LogChoice> parse_log_options(const std::string& driver,
                                    const std::vector<std::string>& options) {
    LogChoice choice{.driver = TRY(parse_driver(driver))};
    for (const std::string& option : options) {
        const auto pair = halves(option, '=');
        if (!pair)
            return Error(Error::Kind::usage, "--log-opt {}: NAME=VALUE belongs there",
                         excerpt(option));
        TRY(apply(pair->before, pair->after, choice.limits), "--log-opt {}", excerpt(option));
    }
    if (!choice.kept() && !options.empty())
        return Error(Error::Kind::usage, "--log-opt {}: with --log-driver {} nothing is kept",
                     excerpt(options.front()), choice.driver);
    return choice;
}

Json to_json(const LogChoice& choice) {
    return Json::object()
        .set("driver", choice.driver)
        .set("max_size", choice.limits.size)
        .set("max_files", choice.limits.files);
}

Result<LogChoice> log_choice_from(const Json& json) {
    LogChoice choice;
    if (json.is_null()) return choice;
    const std::string driver = TRY(json.get_or<std::string>("driver", ""));
    choice.driver = TRY(parse_driver(driver));
    choice.limits.size = TRY(json.get_or<std::uint64_t>("max_size", 0));
    const auto files = TRY(json.get_or<std::int64_t>("max_files", 1));
    choice.limits.files = static_cast<int>(files < 1 || files > 1000 ? 1 : files);
    return choice;
}

}  // namespace sbx::container
