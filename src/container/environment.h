// The environment of a container's program: docker's rules for -e and --env-file.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::container {

using Lookup = std::function<std::optional<std::string>(const std::string& name)>;

// NAME=VALUE entries where a later one takes the place of an earlier one of the same name.
class Variables {
public:
    void set(std::string_view entry);  // "NAME=VALUE"
    void set_default(std::string_view entry);
    void unset(std::string_view name);
    const std::vector<std::string>& entries() const { return entries_; }

private:
    std::vector<std::string> entries_;
};

// What a container has of its own where neither its image nor the person says anything.
std::vector<std::string> own_variables(const std::string& hostname);
constexpr const char* kOwnTerm = "TERM=xterm";  // and this, where it has a terminal

// -e: "NAME=VALUE", or "NAME" for the caller's own value, if there is one, or "NAME*" for all of
// the caller's that begin so.
Result<> apply_env(const std::string& text, const std::vector<std::string>& own, Variables& into);

// The lines of an --env-file or --label-file: blank lines and those that begin with '#' are passed
// over, quotes mean nothing. Errors name file and line.
struct FileLine {
    std::string text;
    unsigned number = 0;
};
Result<std::vector<FileLine>> lines_of_file(const std::string& path);
Result<> apply_env_file(const std::string& path, const std::vector<std::string>& own,
                        Variables& into);

// "KEY=VALUE" or "KEY", of --label, --annotation and --label-file.
Result<std::map<std::string, std::string>> parse_labels(const std::vector<std::string>& texts,
                                                        const std::vector<std::string>& files);

}  // namespace sbx::container
