#include "container/ports.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"

namespace sbx::container {

using network::ContainerPort;
using network::PortMapping;

static void expose_those_of_image(const oci::ImageDefaults& defaults, std::set<ContainerPort>& into,
                                  std::vector<std::string>& warnings) {
    for (const std::string& text : defaults.exposed_ports) {
        const Result<std::vector<ContainerPort>> ports = network::parse_expose(text);
        if (ports)
            into.insert(ports->begin(), ports->end());
        else
            warnings.push_back("an exposed port of the image is left out: " + ports.error().text());
    }
}

static Result<std::vector<PortMapping>> published_by(const Options& options) {
    std::vector<PortMapping> all;
    for (const std::string& text : options.publish) {
        const auto ports = TRY(network::parse_publish(text, options.publish_address), "--publish");
        all.insert(all.end(), ports.begin(), ports.end());
    }
    return all;
}

Result<> compose_ports(const Options& options, const oci::ImageDefaults& defaults,
                       Blueprint& blueprint) {
    std::vector<PortMapping> ports = TRY(published_by(options));
    std::set<ContainerPort> exposed;
    std::vector<std::string> warnings;
    expose_those_of_image(defaults, exposed, warnings);
    for (const std::string& text : options.expose) {
        const auto more = TRY(network::parse_expose(text), "--expose");
        exposed.insert(more.begin(), more.end());
    }
    if (options.publish_all) {
        const std::vector<PortMapping> more =
            network::publish_all({exposed.begin(), exposed.end()}, ports, options.publish_address);
        ports.insert(ports.end(), more.begin(), more.end());
        std::ranges::copy(warnings, std::back_inserter(blueprint.warnings));
    }
    TRY(network::check_distinct(ports), "--publish");
    for (const PortMapping& port : ports)
        exposed.insert(port.container);
    blueprint.exposed.assign(exposed.begin(), exposed.end());
    if (blueprint.request.spec.find_namespace("network"))
        blueprint.ports = std::move(ports);
    else if (!ports.empty())
        blueprint.warnings.emplace_back(
            "--publish has no effect with --network host: the container's ports are the host's");
    return {};
}

Result<std::vector<ContainerPort>> parse_exposed(const std::vector<std::string>& texts) {
    std::vector<ContainerPort> all;
    for (const std::string& text : texts) {
        const auto ports = TRY(network::parse_expose(text));
        all.insert(all.end(), ports.begin(), ports.end());
    }
    return all;
}

// An image may expose all there are: neighbours are kept as a range.
std::vector<std::string> words_of(const std::vector<ContainerPort>& ports) {
    std::vector<std::string> words;
    for (const network::Protocol protocol : {network::Protocol::tcp, network::Protocol::udp}) {
        std::optional<ContainerPort> first;
        std::uint32_t next = 0;
        const auto end_range = [&] {
            if (!first) return;
            const bool one = next == first->number + 1U;
            words.push_back(
                one ? network::to_text(*first)
                    : fmt::format(
                          "{}-{}", first->number,
                          network::to_text({static_cast<std::uint16_t>(next - 1), protocol})));
        };
        for (const ContainerPort port : ports) {
            if (port.protocol != protocol) continue;
            if (!first || port.number != next) {
                end_range();
                first = port;
            }
            next = port.number + 1U;
        }
        end_range();
    }
    return words;
}

std::vector<PortMapping> ports_of(const store::LiveState& live) {
    return network::port_mappings_from(live.ports).value_or(std::vector<PortMapping>());
}

// What the host's side of a port is called that is yet to be found: "" or "8000-8010".
static std::string host_port_text(const PortMapping& port) {
    if (port.host_port == 0) return "";
    if (port.last_choice == 0) return fmt::format("{}", port.host_port);
    return fmt::format("{}-{}", port.host_port, port.last_choice);
}

static std::map<ContainerPort, Json> bindings_of(const std::vector<PortMapping>& ports) {
    std::map<ContainerPort, Json> all;
    for (const PortMapping& port : ports) {
        Json& bindings = all.try_emplace(port.container, Json::array()).first->second;
        bindings.push(
            Json::object().set("HostIp", port.address).set("HostPort", host_port_text(port)));
    }
    return all;
}

static bool collide(const network::PortMapping& one, const network::PortMapping& other) {
    return one.host_port != 0 && one.host_port == other.host_port &&
           one.container.protocol == other.container.protocol;
}

std::string holder_of(const store::Containers& containers,
                      const std::vector<network::PortMapping>& wanted) {
    const Result<std::vector<store::ContainerRecord>> records = containers.all();
    if (!records) return {};
    for (const store::ContainerRecord& record : *records) {
        const std::optional<store::LiveState> live = containers.live(record.id);
        if (!live) continue;
        for (const network::PortMapping& had : ports_of(*live))
            if (std::ranges::any_of(wanted, [&](const auto& one) { return collide(one, had); }))
                return record.name;
    }
    return {};
}

Json port_bindings_of(const std::vector<PortMapping>& ports) {
    Json::Object all;
    for (auto& [port, bindings] : bindings_of(ports))
        all.emplace_back(network::to_text(port), bindings);
    return all;
}

Json network_ports_of(const std::vector<PortMapping>& ports,
                      const std::vector<ContainerPort>& exposed) {
    const std::map<ContainerPort, Json> bindings = bindings_of(ports);
    Json::Object all;
    for (const ContainerPort port : exposed) {
        const auto published = bindings.find(port);
        all.emplace_back(network::to_text(port),
                         published == bindings.end() ? Json() : published->second);
    }
    return all;
}

Json exposed_ports_of(const std::vector<ContainerPort>& exposed) {
    Json::Object all;
    for (const ContainerPort port : exposed)
        all.emplace_back(network::to_text(port), Json::object());
    return all;
}

}  // namespace sbx::container
