// The health check that an image asks for. It is docker's, and in no specification of OCI's: the
// member "Healthcheck" of the image's configuration, which others keep as they find it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace sbx::oci {

struct Healthcheck {
    // "CMD" and the words of a command, "CMD-SHELL" and a text for the shell, or "NONE"; nothing:
    // it is said elsewhere.
    std::vector<std::string> test = {};

    // Zero: it is not given.
    std::chrono::nanoseconds interval{0};
    std::chrono::nanoseconds timeout{0};
    std::chrono::nanoseconds start_period{0};
    std::chrono::nanoseconds start_interval{0};
    int retries = 0;

    bool is_none() const { return test.empty() || test.front() == "NONE"; }

    // What is run in the container; the shell is its /bin/sh. Not of one that is none.
    std::vector<std::string> command() const;

    // {"Test": [...], "Interval": NANOSECONDS, ...}. Fails, naming the member, for what can mean
    // nothing: an unknown kind of test, a time below zero.
    static Result<Healthcheck> from_json(const Json& json);
    Json to_json() const;
};

// Of the words of a "Test". Kind::usage.
Result<> check_test(const std::vector<std::string>& test);

}  // namespace sbx::oci
