#include "container/health_options.h"

#include <algorithm>
#include <climits>

#include "base/text.h"
#include "base/time.h"

namespace sbx::container {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

// An image is to cost the machine no more than a moment of each second, whatever it says: what
// enters a container to check it is not under the container's limits.
static constexpr nanoseconds kShortestOfImage = 1s;
static constexpr nanoseconds kShortest = 1ms;
static constexpr nanoseconds kLongest = 24h * 365;

nanoseconds HealthCheck::delay(Known known, nanoseconds age) const {
    const bool often = known == Known::starting && age < config.start_period;
    if (config.interval == 0ns || !often) return config.interval;
    return config.start_interval;
}

// "CMD-SHELL COMMAND" and "CMD WORD...": podman-run(1).
static std::optional<std::vector<std::string>> words_of_podman(std::string_view text) {
    constexpr std::string_view kShell = "CMD-SHELL ";
    constexpr std::string_view kWords = "CMD ";
    if (text.starts_with(kShell))
        return std::vector<std::string>{"CMD-SHELL", std::string(text.substr(kShell.size()))};
    if (!text.starts_with(kWords)) return std::nullopt;
    std::vector<std::string> words;
    for (const std::string_view word : split(text, ' '))
        if (!word.empty()) words.emplace_back(word);
    return words;
}

// "[ -f /ready ]" is for the shell, too.
static Result<std::vector<std::string>> parse_command(const std::string& text) {
    if (lower(text) == "none") return std::vector<std::string>{"NONE"};
    if (std::optional<std::vector<std::string>> words = words_of_podman(text))
        return *std::move(words);
    const Result<Json> json = text.starts_with('[') ? Json::parse(text) : Json();
    if (!json || !json->as_array()) return std::vector<std::string>{"CMD-SHELL", text};
    Result<oci::Healthcheck> check = oci::Healthcheck::from_json(Json::object().set("Test", *json));
    if (check && !check->test.empty()) return std::move(check->test);
    Json command = Json::array().push("CMD");
    for (const Json& word : json->items())
        command.push(word);
    return TRY(oci::Healthcheck::from_json(Json::object().set("Test", command))).test;
}

static Result<> apply_time(const char* option, const std::string& text, nanoseconds shortest,
                           nanoseconds& into) {
    if (text.empty()) return {};
    into = TRY(parse_duration(text), "{}", option);
    if (into >= shortest && into <= kLongest) return {};
    return Error(Error::Kind::usage, "{} {}: {} to 8760h belongs there", option, excerpt(text),
                 shortest == 0ns ? "0s" : "1ms");
}

static Result<HealthCheck::Action> parse_action(std::string_view text) {
    if (text.empty() || text == "none") return HealthCheck::Action::none;
    if (text == "kill") return HealthCheck::Action::kill;
    if (text == "stop") return HealthCheck::Action::stop;
    if (text == "restart") return HealthCheck::Action::restart;
    return Error(Error::Kind::usage, "'{}' is not none, kill, stop or restart", excerpt(text));
}

const char* name_of(HealthCheck::Action action) {
    switch (action) {
        case HealthCheck::Action::none: return "none";
        case HealthCheck::Action::kill: return "kill";
        case HealthCheck::Action::stop: return "stop";
        case HealthCheck::Action::restart: return "restart";
    }
    std::unreachable();
}

// What the image wants where that can be had, and docker's defaults for what it does not say.
static oci::Healthcheck start_from(const std::optional<oci::Healthcheck>& image) {
    oci::Healthcheck check = image.value_or(oci::Healthcheck());
    const auto complete = [](nanoseconds& time, nanoseconds fallback) {
        time = time == 0ns ? fallback : std::clamp(time, kShortestOfImage, kLongest);
    };
    complete(check.interval, 30s);
    complete(check.timeout, 30s);
    complete(check.start_interval, std::min<nanoseconds>(5s, check.interval));
    check.start_period = std::min(check.start_period, kLongest);
    if (check.retries == 0) check.retries = 3;
    return check;
}

// The first option that says how a container is checked.
static const char* first_given(const HealthOptions& o) {
    if (!o.interval.empty()) return "--health-interval";
    if (!o.timeout.empty()) return "--health-timeout";
    if (!o.start_period.empty()) return "--health-start-period";
    if (!o.start_interval.empty()) return "--health-start-interval";
    if (!o.retries.empty()) return "--health-retries";
    return o.on_failure.empty() ? nullptr : "--health-on-failure";
}

static Result<> apply_options(const HealthOptions& options, HealthCheck& check) {
    oci::Healthcheck& config = check.config;
    const bool disabled = options.interval == "disable";
    if (!options.command.empty()) config.test = TRY(parse_command(options.command), "--health-cmd");
    if (!disabled)
        TRY(apply_time("--health-interval", options.interval, kShortest, config.interval));
    TRY(apply_time("--health-timeout", options.timeout, kShortest, config.timeout));
    TRY(apply_time("--health-start-period", options.start_period, 0ns, config.start_period));
    if (!options.interval.empty())
        config.start_interval = std::min(config.start_interval, config.interval);
    TRY(apply_time("--health-start-interval", options.start_interval, kShortest,
                   config.start_interval));
    if (disabled) config.interval = 0ns;
    if (!options.retries.empty())
        config.retries =
            static_cast<int>(TRY(parse_number(options.retries, 1, INT_MAX), "--health-retries"));
    if (!options.on_failure.empty())
        check.on_failure = TRY(parse_action(options.on_failure), "--health-on-failure");
    return {};
}

Result<std::optional<HealthCheck>> compose_health(const HealthOptions& options,
                                                  const std::optional<oci::Healthcheck>& image) {
    return change_health(options, {.config = start_from(image)});
}

Result<std::optional<HealthCheck>> change_health(const HealthOptions& options, HealthCheck check) {
    const char* given = first_given(options);
    if (options.off && (given || !options.command.empty()))
        return Error(Error::Kind::usage, "--no-healthcheck and {} exclude each other",
                     options.command.empty() ? given : "--health-cmd");
    TRY(apply_options(options, check));
    if (options.off) return std::optional<HealthCheck>();
    if (!check.config.is_none()) return std::optional(std::move(check));
    if (given)
        return Error(Error::Kind::usage, "{}: there is no health check", given)
            .hint("--health-cmd names one");
    return std::optional<HealthCheck>();
}

Json to_json(const HealthCheck& check) {
    return check.config.to_json().set("OnFailure", name_of(check.on_failure));
}

Result<HealthCheck> health_check_from(const Json& json) {
    HealthCheck check{.config = TRY(oci::Healthcheck::from_json(json))};
    const std::string action = TRY(json.get_or<std::string>("OnFailure", ""));
    check.on_failure = TRY(parse_action(action), "'OnFailure'");
    if (!check.config.is_none()) return check;
    return Error(Error::Kind::failed, "'Test' names no check");
}

}  // namespace sbx::container
