#include "oci/reference.h"

#include <algorithm>

#include "base/text.h"

namespace sbx::oci {

static constexpr std::string_view kDefaultDomain = "docker.io";
static constexpr std::string_view kOfficial = "library/";
static constexpr std::size_t kLongestName = 255;
static constexpr std::size_t kLongestTag = 128;

static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_word(char c) { return is_lower(c) || is_upper(c) || is_digit(c); }

template <class... Args>
static Error bad(std::string_view text, fmt::format_string<Args...> why, Args&&... args) {
    return Error(Error::Kind::usage, "'{}' is not an image name: {}", excerpt(text),
                 fmt::format(why, std::forward<Args>(args)...));
}

// An id of an image on this machine; taken for a name, it would be asked of docker.io.
static bool is_image_id(std::string_view text) {
    constexpr std::string_view kAlgorithm = "sha256:";
    if (text.starts_with(kAlgorithm)) text.remove_prefix(kAlgorithm.size());
    return Digest::from_hex(text).has_value();
}

static Result<> check_characters(std::string_view text) {
    if (text.empty()) return bad(text, "it is empty");
    if (text.contains("://")) return bad(text, "write it without a scheme, as host/name");
    for (std::size_t i = 0; i < text.size(); ++i)
        if (!is_word(text[i]) && !std::string_view(".-_/:@[]").contains(text[i]))
            return bad(text, "the character '{}' at offset {} does not belong in one",
                       printable(text.substr(i, 1)), i);
    return {};
}

bool has_domain(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == text.npos) return false;
    const std::string_view first = text.substr(0, slash);
    return first.find_first_of(".:") != first.npos || first == "localhost" ||
           std::ranges::any_of(first, is_upper);
}

static Result<> check_port(std::string_view whole, std::string_view port) {
    if (!parse_number(port, 1, 65535)) return bad(whole, "'{}' is not a port", excerpt(port));
    return {};
}

static Result<> check_domain(std::string_view whole, std::string_view domain) {
    if (domain.starts_with('[')) {
        const std::size_t end = domain.find(']');
        if (end == domain.npos || end < 3 ||
            domain.substr(1, end - 1).find_first_not_of("0123456789abcdefABCDEF:") != domain.npos)
            return bad(whole, "'{}' is not an IPv6 address in brackets", excerpt(domain));
        if (end + 1 == domain.size()) return {};
        if (domain[end + 1] != ':') return bad(whole, "a ':' belongs behind the ']'");
        return check_port(whole, domain.substr(end + 2));
    }
    const std::optional<Halves> parts = halves(domain, ':');
    if (parts) TRY(check_port(whole, parts->after));
    for (const std::string_view label : split(parts ? parts->before : domain, '.')) {
        const bool plain =
            std::ranges::all_of(label, [](char c) { return is_word(c) || c == '-'; });
        if (label.empty() || !plain || label.starts_with('-') || label.ends_with('-'))
            return bad(whole, "'{}' is not a host name", excerpt(domain));
    }
    return {};
}

// [a-z0-9]+ joined by single '.', one or two '_', or any number of '-'.
static bool is_component(std::string_view part) {
    if (part.empty()) return false;
    const auto alphanumeric = [](char c) { return is_lower(c) || is_digit(c); };
    if (!alphanumeric(part.front()) || !alphanumeric(part.back())) return false;
    for (std::size_t i = 0; i < part.size();) {
        if (alphanumeric(part[i])) {
            ++i;
            continue;
        }
        const std::size_t end = std::min(part.find_first_not_of(part[i], i), part.size());
        const std::size_t run = end - i;
        const bool fits =
            (part[i] == '.' && run == 1) || (part[i] == '_' && run <= 2) || part[i] == '-';
        if (!fits || !alphanumeric(part[end])) return false;
        i = end;
    }
    return true;
}

static Result<> check_path(std::string_view whole, std::string_view path) {
    if (path.empty()) return bad(whole, "the name is empty");
    if (std::ranges::any_of(path, is_upper))
        return bad(whole, "a repository is lower-case; did you mean '{}'?", lower(path));
    for (const std::string_view part : split(path, '/'))
        if (!is_component(part)) return bad(whole, "'{}' cannot be a part of it", excerpt(part));
    return {};
}

static Result<> check_tag(std::string_view whole, std::string_view tag) {
    const auto fits = [](char c) { return is_word(c) || c == '.' || c == '_' || c == '-'; };
    if (tag.empty()) return bad(whole, "the tag is empty");
    if (tag.size() > kLongestTag) return bad(whole, "the tag is longer than {}", kLongestTag);
    if (!std::ranges::all_of(tag, fits) || tag.front() == '.' || tag.front() == '-')
        return bad(whole, "'{}' is not a tag", excerpt(tag));
    return {};
}

Result<Reference> Reference::parse(std::string_view text) {
    TRY(check_characters(text));
    if (is_image_id(text)) return bad(text, "it is an image id");
    Reference reference;
    std::string_view name = text;
    if (const auto parts = halves(text, '@')) {
        reference.digest_ =
            TRY(Digest::parse(parts->after), "'{}' is not an image name", excerpt(text));
        name = parts->before;
    }
    const std::size_t colon = name.rfind(':');
    if (colon != name.npos && (name.rfind('/') == name.npos || name.rfind('/') < colon) &&
        !name.substr(colon).contains(']')) {
        reference.tag_ = name.substr(colon + 1);
        TRY(check_tag(text, reference.tag_));
        name = name.substr(0, colon);
    }
    if (reference.tag_.empty() && !reference.digest_) reference.tag_ = "latest";

    reference.domain_ = kDefaultDomain;
    if (has_domain(name)) {
        const std::size_t slash = name.find('/');
        reference.domain_ = name.substr(0, slash);
        TRY(check_domain(text, reference.domain_));
        name = name.substr(slash + 1);
    }
    if (reference.domain_ == "index.docker.io") reference.domain_ = kDefaultDomain;
    TRY(check_path(text, name));
    const bool official = reference.domain_ == kDefaultDomain && !name.contains('/');
    reference.path_ = official ? std::string(kOfficial) + std::string(name) : std::string(name);
    if (reference.repository().size() > kLongestName)
        return bad(text, "it is longer than {}", kLongestName);
    return reference;
}

static std::string suffix_of(const Reference& reference) {
    std::string suffix;
    if (!reference.tag().empty()) suffix += ":" + reference.tag();
    if (const auto& digest = reference.digest()) suffix += "@" + digest->text();
    return suffix;
}

std::string Reference::text() const { return repository() + suffix_of(*this); }

std::string Reference::familiar() const {
    if (domain_ != kDefaultDomain || has_domain(path_)) return text();
    std::string name = path_ + suffix_of(*this);
    const bool official = path_.starts_with(kOfficial) && std::ranges::count(path_, '/') == 1;
    if (!official || is_image_id(std::string_view(name).substr(kOfficial.size()))) return name;
    return name.substr(kOfficial.size());
}

Reference Reference::with_digest(Digest digest) const {
    Reference other = *this;
    other.digest_ = std::move(digest);
    return other;
}

}  // namespace sbx::oci
