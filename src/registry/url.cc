#include "registry/url.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace sbx::registry {

static constexpr std::size_t kLongest = std::size_t{16} * 1024;

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// RFC 3986, section 2: unreserved, reserved and '%', less '#', which ends what is sent.
static bool belongs_in_target(char c) {
    return is_letter(c) || is_digit(c) || std::string_view("-._~:/?@!$&'()*+,;=%[]").contains(c);
}

template <class... Args>
static Error bad(std::string_view text, fmt::format_string<Args...> why, Args&&... args) {
    return Error(Error::Kind::usage, "'{}' is not a URL that is followed: {}",
                 excerpt(text.substr(0, text.find('?'))),
                 fmt::format(why, std::forward<Args>(args)...));
}

std::string Origin::authority() const {
    const std::uint16_t usual = secure() ? 443 : 80;
    return port == usual ? host : fmt::format("{}:{}", host, port);
}

static bool is_host(std::string_view host) {
    if (host.starts_with('[')) {
        const std::string_view inside = host.substr(1, host.size() - 2);
        return host.ends_with(']') && inside.contains(':') &&
               std::ranges::all_of(inside,
                                   [](char c) { return is_hex(c) || c == ':' || c == '.'; });
    }
    const auto plain = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
    return std::ranges::all_of(split(host, '.'), [&](std::string_view label) {
        return !label.empty() && std::ranges::all_of(label, plain);
    });
}

static Result<Origin> parse_origin(std::string_view whole, std::string_view scheme,
                                   std::string_view authority) {
    Origin origin{.scheme = lower(scheme), .host = {}, .port = 0};
    if (origin.scheme != "http" && origin.scheme != "https")
        return bad(whole, "'{}' is neither http nor https", excerpt(scheme));
    if (authority.contains('@')) return bad(whole, "it carries user information");
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
    origin.host = lower(authority.substr(0, colon));
    if (!is_host(origin.host)) return bad(whole, "'{}' is not a host", excerpt(authority));
    origin.port = origin.secure() ? 443 : 80;
    if (colon != authority.npos) {
        const Result<std::int64_t> port = parse_number(authority.substr(colon + 1), 1, 65535);
        if (!port) return bad(whole, "'{}' has no port", excerpt(authority));
        origin.port = static_cast<std::uint16_t>(*port);
    }
    return origin;
}

static Result<std::string> parse_target(std::string_view whole, std::string_view target) {
    if (!std::ranges::all_of(target, belongs_in_target))
        return bad(whole, "it has a character that does not belong in one");
    for (std::size_t at = target.find('%'); at != target.npos; at = target.find('%', at + 1))
        if (at + 2 >= target.size() || !is_hex(target[at + 1]) || !is_hex(target[at + 2]))
            return bad(whole, "a '%' has no two hexadecimal digits behind it");
    return target.starts_with('/') ? std::string(target) : fmt::format("/{}", target);
}

Result<Url> Url::parse(std::string_view text) {
    if (text.size() > kLongest) return bad(text, "it is longer than {} bytes", kLongest);
    const std::string_view whole = text.substr(0, text.find('#'));
    const std::size_t colon = whole.find("://");
    if (colon == whole.npos) return bad(text, "it has no scheme and host");
    const std::size_t host = colon + 3;
    const std::size_t end = std::min(whole.find_first_of("/?\\", host), whole.size());
    Url url;
    url.origin_ = TRY(parse_origin(text, whole.substr(0, colon), whole.substr(host, end - host)));
    url.target_ = TRY(parse_target(text, whole.substr(end)));
    return url;
}

Result<Url> Url::of(std::string_view scheme, std::string_view authority) {
    return parse(fmt::format("{}://{}/", scheme, authority));
}

std::string Url::without_query() const {
    return origin_.text() + target_.substr(0, target_.find('?'));
}

Url Url::with_target(std::string target) const {
    Url other = *this;
    other.target_ = std::move(target);
    return other;
}

// RFC 3986, section 5.2.4. A path that climbs above its root stays there.
static std::string without_dot_segments(std::string_view path) {
    std::vector<std::string_view> kept;
    const std::vector<std::string_view> segments = split(path.substr(1), '/');
    for (const std::string_view segment : segments) {
        if (segment == ".." && !kept.empty()) kept.pop_back();
        if (segment != "." && segment != "..") kept.push_back(segment);
    }
    std::string out;
    for (const std::string_view segment : kept)
        out += fmt::format("/{}", segment);
    const bool open = segments.back() == "." || segments.back() == "..";
    return open || out.empty() ? out + "/" : out;
}

Result<Url> Url::resolve(std::string_view reference) const {
    const std::string_view relative = reference.substr(0, reference.find('#'));
    const std::size_t colon = relative.find(':');
    if (colon < relative.find_first_of("/?")) return parse(reference);
    if (relative.starts_with("//")) return parse(fmt::format("{}:{}", origin_.scheme, relative));
    if (relative.empty()) return *this;

    const std::string_view here = std::string_view(target_).substr(0, target_.find('?'));
    const std::size_t question = std::min(relative.find('?'), relative.size());
    std::string path(relative.substr(0, question));
    if (path.empty()) path = here;
    if (!path.starts_with('/'))
        path = fmt::format("{}{}", here.substr(0, here.rfind('/') + 1), path);
    return parse(fmt::format("{}{}{}", origin_.text(), without_dot_segments(path),
                             relative.substr(question)));
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (is_letter(c) || is_digit(c) || std::string_view("-._~").contains(c))
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

}  // namespace sbx::registry
