#include "oci/healthcheck.h"

#include <algorithm>
#include <climits>

#include "base/text.h"

namespace sbx::oci {

using std::chrono::nanoseconds;

std::vector<std::string> Healthcheck::command() const {
    std::vector<std::string> words(test.begin() + 1, test.end());
    if (test.front() == "CMD-SHELL") words.insert(words.begin(), {"/bin/sh", "-c"});
    return words;
}

Result<> check_test(const std::vector<std::string>& test) {
    if (test.empty() || (test.front() == "NONE" && test.size() == 1)) return {};
    if (test.front() != "CMD" && test.front() != "CMD-SHELL")
        return Error(Error::Kind::usage, "'{}' is not CMD, CMD-SHELL or NONE",
                     excerpt(test.front()));
    if (test.size() < 2 || test[1].empty())
        return Error(Error::Kind::usage, "'{}' is without a command", test.front());
    if (std::ranges::any_of(test, [](const std::string& word) { return word.contains('\0'); }))
        return Error(Error::Kind::usage, "a word has a byte 0");
    return {};
}

static Result<std::int64_t> amount_at(const Json& json, std::string_view key, std::int64_t most) {
    const auto amount = TRY(json.get_or<std::int64_t>(key, 0));
    if (amount >= 0 && amount <= most) return amount;
    return Error(Error::Kind::usage, "'{}' is {}, where 0 to {} belongs", key, amount, most);
}

static Result<nanoseconds> time_at(const Json& json, std::string_view key) {
    return nanoseconds(TRY(amount_at(json, key, INT64_MAX)));
}

Result<Healthcheck> Healthcheck::from_json(const Json& json) {
    if (!json.as_object()) return Error(Error::Kind::usage, "it is not an object");
    Healthcheck check{.test = TRY(json.get_or<Json::Strings>("Test", {}))};
    TRY(check_test(check.test), "'Test'");
    check.interval = TRY(time_at(json, "Interval"));
    check.timeout = TRY(time_at(json, "Timeout"));
    check.start_period = TRY(time_at(json, "StartPeriod"));
    check.start_interval = TRY(time_at(json, "StartInterval"));
    check.retries = static_cast<int>(TRY(amount_at(json, "Retries", INT_MAX)));
    return check;
}

Json Healthcheck::to_json() const {
    Json json = Json::object();
    if (!test.empty()) json.set("Test", test);
    const auto set = [&](const char* key, std::int64_t amount) {
        if (amount != 0) json.set(key, amount);
    };
    set("Interval", interval.count());
    set("Timeout", timeout.count());
    set("StartPeriod", start_period.count());
    set("StartInterval", start_interval.count());
    set("Retries", retries);
    return json;
}

}  // namespace sbx::oci
