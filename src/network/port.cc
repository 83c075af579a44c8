#include "network/port.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace sbx::network {

static constexpr std::uint16_t kLastPort = 65535;

const char* name_of(Protocol protocol) { return protocol == Protocol::udp ? "udp" : "tcp"; }

std::string to_text(ContainerPort port) {
    return fmt::format("{}/{}", port.number, name_of(port.protocol));
}

Endpoint PortMapping::host() const {
    return Endpoint::parse(address, host_port).value_or(Endpoint());
}

namespace {

struct Range {
    std::uint16_t first = 0;
    std::uint16_t last = 0;

    std::size_t size() const { return std::size_t{last} - first + 1U; }
};

}  // namespace

static Result<std::uint16_t> parse_port(std::string_view text) {
    const Result<std::int64_t> number = parse_number(text, 0, kLastPort);
    if (number) return static_cast<std::uint16_t>(*number);
    return Error(Error::Kind::usage, "'{}' is not a port from 1 to {}", excerpt(text), kLastPort);
}

static Result<Range> parse_range(std::string_view text) {
    const auto sides = halves(text, '-');
    if (!sides) {
        const std::uint16_t port = TRY(parse_port(text));
        return Range{.first = port, .last = port};
    }
    const std::uint16_t first = TRY(parse_port(sides->before));
    const std::uint16_t last = TRY(parse_port(sides->after));
    if (first > 0 && first <= last) return Range{.first = first, .last = last};
    return Error(Error::Kind::usage, "the range '{}' is empty", excerpt(text));
}

static Result<Range> parse_container_range(std::string_view text) {
    if (text.empty()) return Error(Error::Kind::usage, "the container's port is missing");
    const Range range = TRY(parse_range(text));
    if (range.first > 0) return range;
    return Error(Error::Kind::usage, "a container has no port 0");
}

// Takes "/udp" off the end of `text`.
static Result<Protocol> take_protocol(std::string_view& text) {
    const std::size_t slash = text.find('/');
    if (slash == text.npos) return Protocol::tcp;
    const std::string word = lower(text.substr(slash + 1));
    text = text.substr(0, slash);
    if (word == "tcp") return Protocol::tcp;
    if (word == "udp") return Protocol::udp;
    if (word == "sctp")
        return Error(Error::Kind::unsupported, "sctp cannot be published; tcp and udp can");
    return Error(Error::Kind::usage, "'{}' is not a protocol; tcp and udp are", excerpt(word));
}

namespace {

// The parts of [[ADDRESS:][HOST]:]CONTAINER.
struct Parts {
    std::string address = {};
    std::string_view host = {};
    std::string_view container = {};
};

}  // namespace

static Result<Parts> take_apart(std::string_view text) {
    Parts parts;
    if (text.starts_with('[')) {
        const std::size_t end = text.find("]:");
        if (end == text.npos)
            return Error(Error::Kind::usage, "']:' belongs behind the address and before a port");
        parts.address = text.substr(1, end - 1);
        const auto sides = halves(text.substr(end + 2), ':');
        if (!sides) return Error(Error::Kind::usage, "the container's port is missing");
        parts.host = sides->before;
        parts.container = sides->after;
        return parts;
    }
    const std::vector<std::string_view> words = split(text, ':');
    if (words.size() > 3)
        return Error(Error::Kind::usage,
                     "there are too many ':'; [::1]:8080:80 is how an IPv6 "
                     "address is written");
    parts.container = words.back();
    if (words.size() > 1) parts.host = words[words.size() - 2];
    if (words.size() == 3) parts.address = words.front();
    if (words.size() == 3 && parts.address.empty())
        return Error(Error::Kind::usage, "the host's address is missing");
    return parts;
}

static Result<std::vector<PortMapping>> expand(const Parts& parts, Protocol protocol) {
    const std::optional<Endpoint> address = Endpoint::parse(parts.address, 0);
    if (!address)
        return Error(Error::Kind::usage, "'{}' is not an IP address", excerpt(parts.address));
    const Range container = TRY(parse_container_range(parts.container));
    Range host;
    if (!parts.host.empty()) host = TRY(parse_range(parts.host));
    const bool any = host.first == 0;
    const bool choice = container.size() == 1 && host.size() > 1;
    if (!any && !choice && host.size() != container.size())
        return Error(Error::Kind::usage, "{} ports of the host for {} of the container",
                     host.size(), container.size());
    std::vector<PortMapping> ports;
    ports.reserve(container.size());
    for (std::size_t i = 0; i < container.size(); ++i)
        ports.push_back({.address = address->address(),
                         .host_port = any ? host.first : static_cast<std::uint16_t>(host.first + i),
                         .last_choice = choice ? host.last : std::uint16_t{0},
                         .container = {.number = static_cast<std::uint16_t>(container.first + i),
                                       .protocol = protocol}});
    return ports;
}

static Result<std::vector<PortMapping>> parse(std::string_view text, const std::string& address) {
    const Protocol protocol = TRY(take_protocol(text));
    Parts parts = TRY(take_apart(text));
    if (parts.address.empty()) parts.address = address;
    return expand(parts, protocol);
}

Result<std::vector<PortMapping>> parse_publish(std::string_view text, const std::string& address) {
    return TRY(parse(text, address), "'{}'", excerpt(text));
}

static Result<std::vector<ContainerPort>> exposed_by(std::string_view text) {
    const Protocol protocol = TRY(take_protocol(text));
    const Range range = TRY(parse_container_range(text));
    std::vector<ContainerPort> ports;
    for (std::uint32_t number = range.first; number <= range.last; ++number)
        ports.push_back({.number = static_cast<std::uint16_t>(number), .protocol = protocol});
    return ports;
}

Result<std::vector<ContainerPort>> parse_expose(std::string_view text) {
    return TRY(exposed_by(text), "'{}'", excerpt(text));
}

std::vector<PortMapping> publish_all(const std::vector<ContainerPort>& exposed,
                                     const std::vector<PortMapping>& published,
                                     const std::string& address) {
    std::vector<PortMapping> ports;
    for (const ContainerPort port : exposed)
        if (std::ranges::find(published, port, &PortMapping::container) == published.end())
            ports.push_back({.address = address, .container = port});
    return ports;
}

Result<> check_distinct(const std::vector<PortMapping>& ports) {
    std::map<std::pair<Endpoint, Protocol>, ContainerPort> taken;
    for (const PortMapping& port : ports) {
        if (port.host_port == 0 || port.last_choice != 0) continue;
        const Endpoint host = port.host();
        const auto [entry, is_new] =
            taken.try_emplace({host, port.container.protocol}, port.container);
        if (!is_new)
            return Error(Error::Kind::usage, "{} of the host is asked for twice, for {} and {}",
                         to_text(host), to_text(entry->second), to_text(port.container));
    }
    return {};
}

namespace {

// Neighbours on both sides.
struct Run {
    PortMapping first;
    std::uint16_t more = 0;

    bool goes_on_with(const PortMapping& next) const {
        const int steps = more + 1;
        return next.address == first.address &&
               next.container.protocol == first.container.protocol &&
               next.host_port == first.host_port + steps &&
               next.container.number == first.container.number + steps;
    }
};

}  // namespace

static std::string range_text(std::uint16_t first, std::uint16_t more) {
    return more == 0 ? fmt::format("{}", first) : fmt::format("{}-{}", first, first + more);
}

static std::string to_text(const Run& run) {
    const ContainerPort port = run.first.container;
    const bool v6 = run.first.address.contains(':');
    return fmt::format("{}{}{}:{}->{}/{}", v6 ? "[" : "", run.first.address, v6 ? "]" : "",
                       range_text(run.first.host_port, run.more), range_text(port.number, run.more),
                       name_of(port.protocol));
}

std::string to_text(const std::vector<PortMapping>& ports) {
    std::vector<Run> runs;
    for (const PortMapping& port : ports) {
        if (!runs.empty() && runs.back().goes_on_with(port))
            ++runs.back().more;
        else
            runs.push_back({.first = port});
    }
    std::vector<std::string> words;
    words.reserve(runs.size());
    for (const Run& run : runs)
        words.push_back(to_text(run));
    return join(words, ", ");
}

Json to_json(const std::vector<PortMapping>& ports) {
    Json json = Json::array();
    for (const PortMapping& port : ports)
        json.push(Json::object()
                      .set("address", port.address)
                      .set("host_port", std::uint32_t{port.host_port})
                      .set("last_choice", std::uint32_t{port.last_choice})
                      .set("container_port", std::uint32_t{port.container.number})
                      .set("protocol", name_of(port.container.protocol)));
    return json;
}

static Result<std::uint16_t> port_at(const Json& json, std::string_view key) {
    const auto number = TRY(json.get<std::int64_t>(key));
    if (number >= 0 && number <= kLastPort) return static_cast<std::uint16_t>(number);
    return Error(Error::Kind::failed, "'{}' is {}, which is no port", key, number);
}

static Result<PortMapping> port_mapping_from(const Json& json) {
    PortMapping port{.address = TRY(json.get<std::string>("address"))};
    port.host_port = TRY(port_at(json, "host_port"));
    port.last_choice = TRY(port_at(json, "last_choice"));
    port.container.number = TRY(port_at(json, "container_port"));
    const std::string protocol = TRY(json.get<std::string>("protocol"));
    if (protocol == "udp") port.container.protocol = Protocol::udp;
    if (protocol != name_of(port.container.protocol) || !Endpoint::parse(port.address, 0))
        return Error(Error::Kind::failed, "'{}' of '{}' cannot be published", excerpt(protocol),
                     excerpt(port.address));
    return port;
}

Result<std::vector<PortMapping>> port_mappings_from(const Json& json) {
    std::vector<PortMapping> ports;
    for (const Json& item : json.items())
        ports.push_back(TRY(port_mapping_from(item)));
    return ports;
}

}  // namespace sbx::network
