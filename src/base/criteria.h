// What --filter KEY=VALUE asks for, given any number of times: docker-ps(1), "--filter".
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"

namespace sbx {

// The two sides of "KEY=VALUE". Kind::usage where one of them is missing. A key may end with '!':
// "label!=x".
Result<Halves> parse_filter_pair(std::string_view text);

Error unknown_filter(std::string_view key, std::string_view value);

// Values: "true", "0"; "24h" ago, a time of RFC 3339, a day of it, or seconds since 1970:
// parse_moment(). Kind::usage for others.
Result<bool> parse_filter_truth(std::string_view key, std::string_view value);
Result<Instant> parse_filter_time(std::string_view key, std::string_view value, Instant now);

// `wanted` is KEY, with any value, or KEY=VALUE.
bool has_label(const std::map<std::string, std::string>& labels, std::string_view wanted);

// Labels hold all together; of the conditions of another key one has to.
template <class T>
class Criteria {
public:
    using Condition = std::function<bool(const T&)>;

    void add(std::string_view key, Condition condition) {
        auto group = std::ranges::find(groups_, key, &Group::key);
        if (group == groups_.end() || key.starts_with("label")) {
            groups_.push_back({.key = std::string(key)});
            group = groups_.end() - 1;
        }
        group->any.push_back(std::move(condition));
    }

    bool admit(const T& one) const {
        return std::ranges::all_of(groups_, [&](const Group& group) {
            return std::ranges::any_of(group.any,
                                       [&](const Condition& condition) { return condition(one); });
        });
    }

    bool ask_for(std::string_view key) const {
        return std::ranges::find(groups_, key, &Group::key) != groups_.end();
    }

private:
    struct Group {
        std::string key;
        std::vector<Condition> any = {};
    };

    std::vector<Group> groups_;
};

}  // namespace sbx
