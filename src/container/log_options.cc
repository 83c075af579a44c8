#include "container/log_options.h"

#include "base/text.h"
#include "container/journal_fields.h"

namespace sbx::container {

static Result<std::string> parse_driver(const std::string& name) {
    // One form of file serves all of docker's and podman's names for one.
    if (name.empty() || name == "k8s-file" || name == "json-file" || name == "local")
        return std::string("k8s-file");
    if (name == "none" || name == "passthrough" || name == "journald") return name;
    return Error(Error::Kind::unsupported,
                 "--log-driver {}: there are k8s-file, journald, none and passthrough",
                 excerpt(name));
}

static Result<> apply_to_journal(std::string_view key, std::string_view value, LogChoice& choice) {
    if (key != "tag" && key != "labels")
        return Error(Error::Kind::unsupported, "of the journal there are tag and labels");
    (key == "tag" ? choice.tag : choice.labels) = value;
    return {};
}

static Result<> apply_to_file(std::string_view key, std::string_view value, LogLimits& limits) {
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
        if (choice.in_journal())
            TRY(apply_to_journal(pair->before, pair->after, choice), "--log-opt {}",
                excerpt(option));
        else
            TRY(apply_to_file(pair->before, pair->after, choice.limits), "--log-opt {}",
                excerpt(option));
    }
    if (!choice.kept() && !options.empty())
        return Error(Error::Kind::usage, "--log-opt {}: with --log-driver {} nothing is kept",
                     excerpt(options.front()), choice.driver);
    TRY(check_journal_tag(choice.tag), "--log-opt tag={}", excerpt(choice.tag));
    return choice;
}

Json to_json(const LogChoice& choice) {
    return Json::object()
        .set("driver", choice.driver)
        .set("max_size", choice.limits.size)
        .set("max_files", choice.limits.files)
        .set("tag", choice.tag)
        .set("labels", choice.labels);
}

Result<LogChoice> log_choice_from(const Json& json) {
    LogChoice choice;
    if (json.is_null()) return choice;
    const std::string driver = TRY(json.get_or<std::string>("driver", ""));
    choice.driver = TRY(parse_driver(driver));
    choice.limits.size = TRY(json.get_or<std::uint64_t>("max_size", 0));
    const auto files = TRY(json.get_or<std::int64_t>("max_files", 1));
    choice.limits.files = static_cast<int>(files < 1 || files > 1000 ? 1 : files);
    choice.tag = TRY(json.get_or<std::string>("tag", ""));
    choice.labels = TRY(json.get_or<std::string>("labels", ""));
    return choice;
}

}  // namespace sbx::container
