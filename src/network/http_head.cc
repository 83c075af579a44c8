#include "network/http_head.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "network/host_name.h"

namespace sbx::network {

using What = Spoken::What;

// Of RFC 9110 and RFC 4918; what begins otherwise may be any protocol.
static constexpr std::string_view kMethods[] = {
    "GET",  "HEAD", "POST",  "PUT",  "DELETE", "CONNECT",  "OPTIONS", "TRACE",  "PATCH",
    "COPY", "MOVE", "MKCOL", "LOCK", "UNLOCK", "PROPFIND", "REPORT",  "SEARCH", "PROPPATCH",
};

// Whether the first word is one, in capitals or not; cut short where it may become one.
static What judge_method(std::string_view bytes) {
    constexpr std::size_t kLongest = 12;
    const std::size_t end = bytes.find_first_of(" \t\r\n");
    const std::string word = lower(bytes.substr(0, std::min(end, kLongest)));
    for (const std::string_view method : kMethods) {
        if (end != bytes.npos && word == lower(method)) return What::named;
        if (end == bytes.npos && lower(method).starts_with(word)) return What::cut_short;
    }
    return What::other;
}

// Without the port, where there is one.
static std::optional<std::string> host_in(std::string_view authority) {
    const std::string_view host = authority.substr(0, authority.find(':'));
    if (!is_host_name(host)) return std::nullopt;
    return lower(host);
}

// Whom the request line names, as a proxy is asked: "http://example.org/", "example.org:443".
static std::string_view authority_in(std::string_view method, std::string_view target) {
    if (method == "CONNECT") return target;
    const std::size_t scheme = target.find("://");
    if (target.starts_with('/') || scheme == target.npos) return {};
    const std::string_view rest = target.substr(scheme + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    return authority.substr(authority.rfind('@') + 1);
}

static Spoken name_in_lines(std::string_view head) {
    std::vector<std::string_view> lines = split(head, '\n');
    const std::vector<std::string_view> words = split(trim(lines.front()), ' ');
    std::optional<std::string> name;
    for (std::string_view line : std::span(lines).subspan(1)) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        // It may be a part of the line before, or two, to whoever reads it.
        if (line.starts_with(' ') || line.starts_with('\t') || line.contains('\r'))
            return {.what = What::nameless};
        const std::optional<Halves> field = halves(line, ':');
        if (!field || lower(trim(field->before)) != "host") continue;
        if (name) return {.what = What::nameless};
        name = host_in(trim(field->after));
        if (!name) return {.what = What::nameless};
    }
    if (const std::string_view authority = authority_in(words[0], words[1]); !authority.empty())
        if (host_in(authority) != name) return {.what = What::nameless};
    if (!name) return {.what = What::nameless};
    return {.what = What::named, .name = *std::move(name)};
}

// What has begun as a request and does not go on so is nameless: the other side may make more of
// it.
Spoken name_in_http_head(std::string_view bytes) {
    bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
    if (const What what = judge_method(bytes); what != What::named) return {.what = what};
    const std::size_t line = bytes.find('\n');
    if (line == bytes.npos) return {.what = What::cut_short};
    const std::vector<std::string_view> words = split(trim(bytes.substr(0, line)), ' ');
    if (words.size() != 3 || !words[2].starts_with("HTTP/1.")) return {.what = What::nameless};
    // The first line with nothing in it, however it ends: some read one, and some the other.
    const std::size_t end = std::min(bytes.find("\n\n"), bytes.find("\n\r\n"));
    if (end == bytes.npos) return {.what = What::cut_short};
    return name_in_lines(bytes.substr(0, end));
}

}  // namespace sbx::network
