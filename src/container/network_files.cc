#include "container/network_files.h"

#include <algorithm>

#include <arpa/inet.h>

#include "base/text.h"
#include "network/gateway_names.h"
#include "network/host_name.h"
#include "network/pasta_options.h"

namespace sbx::container {

Result<> check_hostname(std::string_view name) {
    constexpr std::size_t kLongest = 64;  // HOST_NAME_MAX; hostname(7)
    if (network::is_host_name(name, kLongest)) return {};
    return Error(Error::Kind::usage, "'{}' is not a host name of at most {} characters",
                 excerpt(name), kLongest);
}

static bool is_address(std::string_view text) {
    const std::string address(text);
    char buffer[sizeof(in6_addr)];
    return ::inet_pton(AF_INET, address.c_str(), buffer) == 1 ||
           ::inet_pton(AF_INET6, address.c_str(), buffer) == 1;
}

// NAME[;NAME...]:ADDRESS, or with a '=' for the ':', the address perhaps in brackets.
static Result<std::string> hosts_line(const std::string& text, const NetworkFacts& facts) {
    const auto sides = halves(text, text.contains('=') ? '=' : ':');
    std::string_view address = sides ? sides->after : "";
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    const bool gateway = facts.slirp && facts.slirp->allow_host_loopback;
    if (address == "host-gateway" && !gateway)
        return Error(Error::Kind::unsupported, "--add-host {}: there is no gateway to the host",
                     excerpt(text))
            .hint("--network slirp:allow-host-loopback=true opens one");
    const std::string host = gateway ? facts.slirp->gateway().text() : "";
    if (address == "host-gateway") address = host;
    if (!sides || !is_address(address))
        return Error(Error::Kind::usage, "--add-host {}: NAME:ADDRESS belongs there",
                     excerpt(text));
    std::string line(address);
    for (const std::string_view name : split(sides->before, ';')) {
        if (!network::is_host_name(name))
            return Error(Error::Kind::usage, "--add-host {}: '{}' is not a host name",
                         excerpt(text), excerpt(name));
        line += fmt::format("{}{}", line.size() == address.size() ? '\t' : ' ', name);
    }
    return line + "\n";
}

static Result<std::string> compose_hosts(const Options& options, const NetworkFacts& facts) {
    std::string text;
    for (const std::string& wish : options.hosts)
        text += TRY(hosts_line(wish, facts));
    text += "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n";
    if (facts.shared) return text;
    const std::string own = facts.slirp ? facts.slirp->own().text() : "127.0.0.1";
    text += fmt::format("{}\t{} {}\n", own, facts.hostname, facts.name);
    if (facts.slirp && facts.slirp->allow_host_loopback)
        text += fmt::format("{}\t{} {}\n", facts.slirp->gateway().text(), network::kGatewayNames[0],
                            network::kGatewayNames[1]);
    return text;
}

static Result<> check_word(const char* flag, const std::string& text) {
    const bool plain = std::ranges::all_of(
        text, [](char c) { return c > ' ' && c != 0x7f && static_cast<unsigned char>(c) < 0x80; });
    if (!text.empty() && plain) return {};
    return Error(Error::Kind::usage, "{} '{}': one word belongs there", flag, excerpt(text));
}

static Result<std::string> chosen_resolv(const Options& options) {
    std::string text;
    for (const std::string& server : options.dns) {
        if (!is_address(server))
            return Error(Error::Kind::usage, "--dns {}: an address belongs there, or none",
                         excerpt(server));
        text += fmt::format("nameserver {}\n", server);
    }
    for (const std::string& option : options.dns_options) {
        TRY(check_word("--dns-option", option));
        text += fmt::format("options {}\n", option);
    }
    if (options.dns_search.empty()) return text;
    for (const std::string& domain : options.dns_search) {
        if (domain != "." && !network::is_host_name(domain))
            return Error(Error::Kind::usage, "--dns-search {}: not a domain", excerpt(domain));
    }
    return text + fmt::format("search {}\n", join(options.dns_search, " "));
}

static bool is_loopback(std::string_view server) {
    return server.starts_with("127.") || server == "::1" || server.starts_with("::1%");
}

static std::string_view server_in(std::string_view line) {
    constexpr std::string_view kWord = "nameserver";
    return line.starts_with(kWord) ? trim(line.substr(kWord.size())) : std::string_view();
}

namespace {

struct Families {
    bool v4 = false;
    bool v6 = false;
};

}  // namespace

static Families families_of_servers(const std::string& host_resolv) {
    Families any;
    for (const std::string_view line : split(host_resolv, '\n')) {
        const std::string_view server = server_in(trim(line));
        if (!server.empty()) (server.contains(':') ? any.v6 : any.v4) = true;
    }
    return any;
}

// Those that stand for the host's first one of each family.
static std::string slirp_servers(const network::Settings& slirp, const std::string& host_resolv) {
    const Families any = families_of_servers(host_resolv);
    std::string text;
    if (any.v4 || !any.v6) text += fmt::format("nameserver {}\n", slirp.names().text());
    if (any.v6 && slirp.ipv6)
        text += fmt::format("nameserver {}\n", network::Settings::names6().text());
    return text;
}

// The lines of the host's that mean something in the container, and that hold nothing else.
static std::string inherited(const Options& options, const NetworkFacts& facts) {
    std::string text;
    for (const std::string_view line : split(facts.host_resolv, '\n')) {
        std::string clean(trim(line.substr(0, line.find_first_of("#;"))));
        std::ranges::replace(clean, '\t', ' ');
        if (clean.empty() || printable(clean) != clean) continue;
        const std::string_view server = server_in(clean);
        if (!server.empty() && (facts.slirp || facts.shared || !options.dns.empty())) continue;
        if (!server.empty() && facts.own_network && is_loopback(server)) continue;
        if (clean.starts_with("search") && !options.dns_search.empty()) continue;
        if (clean.starts_with("options") && !options.dns_options.empty()) continue;
        text += clean + "\n";
    }
    return text;
}

Result<NetworkFiles> compose_network_files(const Options& options, const NetworkFacts& facts) {
    TRY(check_hostname(facts.hostname));
    NetworkFiles files{.hostname = facts.hostname + "\n",
                       .asked = {.dns = options.dns,
                                 .dns_search = options.dns_search,
                                 .dns_options = options.dns_options,
                                 .hosts = options.hosts}};
    if (!options.no_hosts) files.hosts = TRY(compose_hosts(options, facts));
    if (options.dns == std::vector<std::string>{"none"}) return files;
    std::string resolv = TRY(chosen_resolv(options));
    if (facts.slirp && options.dns.empty())
        resolv += slirp_servers(*facts.slirp, facts.host_resolv);
    if (facts.pasta && options.dns.empty() && families_of_servers(facts.host_resolv).v4)
        resolv += fmt::format("nameserver {}\n", network::kPastaNames);
    files.resolv = resolv + inherited(options, facts);
    return files;
}

// --- of shared networks --------------------------------------------------------------------------

std::string hosts_lines(const Connection& connection, const std::string& hostname,
                        const std::string& name) {
    std::string lines = fmt::format("{}\t{} {}\n", connection.v4, hostname, name);
    if (!connection.v6.empty()) lines += fmt::format("{}\t{} {}\n", connection.v6, hostname, name);
    return lines;
}

std::string server_line(const std::vector<Connection>& connections) {
    const Connection* one = name_server(connections);
    return one ? fmt::format("nameserver {}\n", one->server) : "";
}

NetworkFiles with_connections(NetworkFiles files, const std::vector<Connection>& connections,
                              const std::string& name) {
    const std::string hostname(trim(files.hostname));
    if (!files.hosts.empty())
        for (const Connection& one : connections)
            files.hosts += hosts_lines(one, hostname, name);
    const bool chosen = files.resolv && files.resolv->contains("nameserver ");
    if (files.resolv && !chosen) files.resolv = server_line(connections) + *files.resolv;
    return files;
}

}  // namespace sbx::container
