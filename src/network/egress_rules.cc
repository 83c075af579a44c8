#include "network/egress_rules.h"

#include <algorithm>

#include "base/text.h"
#include "network/host_name.h"

namespace sbx::network {

using Kind = EgressRule::Kind;

static bool ends_below(std::string_view name, std::string_view parent) {
    return name.size() > parent.size() + 1 && name.ends_with(parent) &&
           name[name.size() - parent.size() - 1] == '.';
}

bool EgressRule::is_for(std::string_view other_name) const {
    switch (kind) {
        case Kind::name: return other_name == name;
        case Kind::names_below: return ends_below(other_name, name);
        case Kind::addresses: return false;
        case Kind::anything: return true;
    }
    std::unreachable();
}

bool EgressRule::is_for(const Address& address) const {
    if (kind == Kind::anything) return true;
    return kind == Kind::addresses && address.is_v6() == network.is_v6() &&
           address.is_in(network, bits);
}

bool EgressRule::has(ContainerPort port) const {
    const bool is_of_protocol = port.protocol == Protocol::udp ? udp : tcp;
    const auto fits = [&](const Ports& range) { return range.have(port.number); };
    return is_of_protocol && (ports.empty() || std::ranges::any_of(ports, fits));
}

static Error unreadable(std::string_view text, std::string_view why) {
    return Error(Error::Kind::usage, "'{}': {}", excerpt(text), why)
        .hint("NAME, *.NAME, ADDRESS or NETWORK/BITS, and then perhaps :PORT");
}

static Result<EgressRule::Ports> parse_ports(std::string_view text) {
    constexpr std::int64_t kLast = 65535;
    const Halves ends = halves(text, '-').value_or(Halves{text, text});
    const auto first = static_cast<std::uint16_t>(TRY(parse_number(ends.before, 1, kLast)));
    const auto last = static_cast<std::uint16_t>(TRY(parse_number(ends.after, 1, kLast)));
    if (first <= last) return EgressRule::Ports{.first = first, .last = last};
    return Error(Error::Kind::usage, "the range '{}' is empty", text);
}

// Takes "/udp" off the end; a number there belongs to an address.
static void take_protocol(std::string_view& text, EgressRule& rule) {
    for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
        const std::string end = fmt::format("/{}", name_of(protocol));
        if (!text.ends_with(end)) continue;
        text.remove_suffix(end.size());
        rule.tcp = protocol == Protocol::tcp;
        rule.udp = protocol == Protocol::udp;
    }
}

// Takes ":443" off the end. Colons are in addresses of IPv6, too, where no bracket is.
static Result<> take_ports(std::string_view& text, EgressRule& rule) {
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) return {};
    const std::size_t bracket = text.rfind(']');
    const bool is_within = bracket == text.npos ? text.find(':') != colon : bracket > colon;
    if (is_within) return {};
    rule.ports.push_back(TRY(parse_ports(text.substr(colon + 1)), "'{}'", excerpt(text)));
    text = text.substr(0, colon);
    return {};
}

static Result<bool> take_addresses(std::string_view text, EgressRule& rule) {
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    const std::optional<Halves> parts = halves(text, '/');
    const std::optional<Address> address = Address::parse(parts ? parts->before : text);
    if (!address) return false;
    const unsigned most = address->is_v6() ? 128 : 32;
    rule.kind = Kind::addresses;
    rule.network = *address;
    rule.bits = parts ? static_cast<unsigned>(TRY(parse_number(parts->after, 0, most))) : most;
    return true;
}

static Result<> take_name(std::string_view text, EgressRule& rule) {
    const bool below = text.starts_with("*.");
    std::string_view name = below ? text.substr(2) : text;
    if (name.ends_with('.')) name.remove_suffix(1);
    if (!is_host_name(name)) return unreadable(rule.text, "it is neither a name nor an address");
    rule.kind = below ? Kind::names_below : Kind::name;
    rule.name = lower(name);
    return {};
}

// What is spoken to a name that is allowed without a word about how.
static void limit_to_web(EgressRule& rule, bool says_protocol) {
    constexpr std::uint16_t kHttp = 80;
    constexpr std::uint16_t kHttps = 443;
    if (!says_protocol) rule.udp = false;
    if (rule.ports.empty())
        rule.ports = {{.first = kHttp, .last = kHttp}, {.first = kHttps, .last = kHttps}};
}

Result<EgressRule> parse_egress_rule(std::string_view text, EgressUse use) {
    EgressRule rule{.text = std::string(text)};
    std::string_view left = text;
    take_protocol(left, rule);
    const bool says_protocol = left.size() != text.size();
    TRY(take_ports(left, rule));
    if (left == "*") return rule;
    if (TRY(take_addresses(left, rule), "'{}'", excerpt(text))) return rule;
    TRY(take_name(left, rule));
    if (use == EgressUse::allow) limit_to_web(rule, says_protocol);
    return rule;
}

std::string_view EgressRules::against(std::string_view name) const {
    // A rule that denies some ports alone lets the name be asked for.
    for (const EgressRule& rule : denied)
        if (rule.is_for(name) && rule.has_all()) return rule.text;
    const auto fits = [&](const EgressRule& rule) { return rule.is_for(name); };
    return allowed.empty() || std::ranges::any_of(allowed, fits) ? "" : kNotAllowed;
}

std::string_view EgressRules::against(std::string_view name, ContainerPort port) const {
    const auto fits = [&](const EgressRule& rule) { return rule.is_for(name) && rule.has(port); };
    if (const auto rule = std::ranges::find_if(denied, fits); rule != denied.end())
        return rule->text;
    return allowed.empty() || std::ranges::any_of(allowed, fits) ? "" : kNotAllowed;
}

std::string_view EgressRules::against(const Address& address, ContainerPort port) const {
    const auto fits = [&](const EgressRule& rule) {
        return rule.is_for(address) && rule.has(port);
    };
    if (const auto rule = std::ranges::find_if(denied, fits); rule != denied.end())
        return rule->text;
    return allowed.empty() || std::ranges::any_of(allowed, fits) ? "" : kNotAllowed;
}

std::string_view EgressRules::against(const Address& address) const {
    for (const EgressRule& rule : denied)
        if (rule.is_for(address) && rule.has_all()) return rule.text;
    const auto fits = [&](const EgressRule& rule) { return rule.is_for(address); };
    return allowed.empty() || std::ranges::any_of(allowed, fits) ? "" : kNotAllowed;
}

bool EgressRules::name_address(const Address& address, ContainerPort port) const {
    return std::ranges::any_of(allowed, [&](const EgressRule& rule) {
        return !rule.ports.empty() && rule.is_for(address) && rule.has(port);
    });
}

bool EgressRules::are_about_names() const {
    const auto is = [](const EgressRule& rule) { return rule.is_about_names(); };
    return std::ranges::any_of(allowed, is) || std::ranges::any_of(denied, is);
}

}  // namespace sbx::network
