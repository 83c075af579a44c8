#include "container/environment.h"

#include <algorithm>

#include "base/text.h"
#include "os/file.h"

namespace sbx::container {

static constexpr std::size_t kLargestFile = std::size_t{16} << 20;

static std::string_view name_of(std::string_view entry) { return entry.substr(0, entry.find('=')); }

void Variables::set(std::string_view entry) {
    for (std::string& known : entries_)
        if (name_of(known) == name_of(entry)) {
            known = entry;
            return;
        }
    entries_.emplace_back(entry);
}

void Variables::set_default(std::string_view entry) {
    const auto has_it = [&](const std::string& known) { return name_of(known) == name_of(entry); };
    if (std::ranges::none_of(entries_, has_it)) entries_.emplace_back(entry);
}

void Variables::unset(std::string_view name) {
    std::erase_if(entries_, [&](const std::string& entry) { return name_of(entry) == name; });
}

std::vector<std::string> own_variables(const std::string& hostname) {
    return {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "container=sbx",
            "HOSTNAME=" + hostname};
}

Result<> apply_env(const std::string& text, const std::vector<std::string>& own, Variables& into) {
    const std::string_view name = name_of(text);
    if (name.empty())
        return Error(Error::Kind::usage, "environment '{}': NAME=VALUE belongs there, or NAME",
                     excerpt(text));
    if (name.size() < text.size()) {
        into.set(text);
        return {};
    }
    const bool prefix = name.ends_with('*');
    for (const std::string& entry : own)
        if (prefix ? entry.starts_with(name.substr(0, name.size() - 1)) : name_of(entry) == name)
            into.set(entry);
    return {};
}

Result<std::vector<FileLine>> lines_of_file(const std::string& path) {
    const std::string text = TRY(os::read_input(path, kLargestFile));
    std::string_view rest = text;
    if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
    std::vector<FileLine> lines;
    unsigned number = 0;
    for (std::string_view line : split(rest, '\n')) {
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        while (line.starts_with(' ') || line.starts_with('\t'))
            line.remove_prefix(1);
        if (line.contains('\0'))
            return Error(Error::Kind::usage, "{}:{}: the line holds a NUL byte", path, number);
        if (!line.empty() && !line.starts_with('#'))
            lines.push_back({.text = std::string(line), .number = number});
    }
    return lines;
}

Result<> apply_env_file(const std::string& path, const std::vector<std::string>& own,
                        Variables& into) {
    for (const FileLine& line : TRY(lines_of_file(path), "environment file")) {
        const std::string_view name = name_of(line.text);
        if (name.empty())
            return Error(Error::Kind::usage, "{}:{}: the variable has no name", path, line.number);
        if (name.find_first_of(" \t") != name.npos)
            return Error(Error::Kind::usage, "{}:{}: the variable's name has a space: '{}'", path,
                         line.number, excerpt(name))
                .hint("lines are NAME=VALUE, without 'export' and without quotes");
        // The file may be somebody else's, who is not to have all of the person's variables.
        if (name.ends_with('*') && name.size() == line.text.size())
            return Error(Error::Kind::usage, "{}:{}: '{}' would take all that begin so", path,
                         line.number, excerpt(name))
                .hint("--env may say so, a file may not");
        TRY(apply_env(line.text, own, into), "{}:{}", path, line.number);
    }
    return {};
}

static Result<> add_label(std::string_view text, std::map<std::string, std::string>& labels) {
    const std::string_view key = name_of(text);
    if (key.empty())
        return Error(Error::Kind::usage, "label '{}': KEY=VALUE belongs there, or KEY",
                     excerpt(text));
    labels[std::string(key)] = key.size() < text.size() ? text.substr(key.size() + 1) : "";
    return {};
}

Result<std::map<std::string, std::string>> parse_labels(const std::vector<std::string>& texts,
                                                        const std::vector<std::string>& files) {
    std::map<std::string, std::string> labels;
    for (const std::string& path : files)
        for (const FileLine& line : TRY(lines_of_file(path), "label file"))
            TRY(add_label(line.text, labels), "{}:{}", path, line.number);
    for (const std::string& text : texts)
        TRY(add_label(text, labels));
    return labels;
}

}  // namespace sbx::container
