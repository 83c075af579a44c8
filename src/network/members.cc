#include "network/members.h"

#include <algorithm>

#include "base/text.h"
#include "network/egress_words.h"

namespace sbx::network {

static constexpr std::size_t kHardware = 6;

std::string hardware_text(std::string_view hardware) {
    std::string text;
    for (const char byte : hardware)
        text += fmt::format("{}{:02x}", text.empty() ? "" : ":", static_cast<unsigned char>(byte));
    return text;
}

std::optional<std::string> parse_hardware(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::string words = lower(text);
    std::string bytes;
    for (const std::string_view part : split(words, ':')) {
        if (part.size() != 2) return std::nullopt;
        const std::size_t high = kDigits.find(part[0]);
        const std::size_t low = kDigits.find(part[1]);
        if (high == kDigits.npos || low == kDigits.npos) return std::nullopt;
        bytes += static_cast<char>(high << 4U | low);
    }
    constexpr unsigned kGroup = 1;
    const bool one = bytes.size() == kHardware && (static_cast<unsigned>(bytes[0]) & kGroup) == 0 &&
                     bytes != std::string(kHardware, '\0');
    return one ? std::optional(bytes) : std::nullopt;
}

// --- messages ------------------------------------------------------------------------------------

static std::string text_of(const std::optional<Address>& address) {
    return address ? address->text() : "";
}

static Result<std::optional<Address>> address_at(const Json& json, std::string_view key) {
    const std::string text = TRY(json.get_or<std::string>(key, ""));
    if (text.empty()) return std::optional<Address>();
    std::optional<Address> address = Address::parse(text);
    if (!address) return Error(Error::Kind::failed, "'{}' is no address", excerpt(text));
    return address;
}

static Result<std::string> hardware_at(const Json& json) {
    const std::string text = TRY(json.get_or<std::string>("hardware", ""));
    if (text.empty()) return std::string();
    std::optional<std::string> hardware = parse_hardware(text);
    if (!hardware) return Error(Error::Kind::failed, "'{}' is no MAC address", excerpt(text));
    return *std::move(hardware);
}

Json Application::to_json() const {
    Json json = Json::object();
    if (egress) json.set("egress", network::to_json(*egress));
    return std::move(json)
        .set("id", id)
        .set("name", name)
        .set("aliases", aliases)
        .set("v4", text_of(v4))
        .set("v6", text_of(v6))
        .set("hardware", hardware_text(hardware));
}

Result<Application> Application::from_json(const Json& json) {
    Application who{.id = TRY(json.get<std::string>("id")), .name = ""};
    who.name = TRY(json.get<std::string>("name"));
    who.aliases = TRY(json.get_or<Json::Strings>("aliases", {}));
    who.v4 = TRY(address_at(json, "v4"));
    who.v6 = TRY(address_at(json, "v6"));
    who.hardware = TRY(hardware_at(json));
    if (const Json* egress = json.find("egress")) who.egress = TRY(egress_rules_from(*egress));
    return who;
}

Json Place::to_json() const {
    return Json::object()
        .set("v4", v4.text())
        .set("v6", text_of(v6))
        .set("hardware", hardware_text(hardware));
}

Result<Place> Place::from_json(const Json& json) {
    const std::optional<Address> v4 = TRY(address_at(json, "v4"));
    if (!v4) return Error(Error::Kind::failed, "'v4' is missing");
    Place place{.v4 = *v4};
    place.v6 = TRY(address_at(json, "v6"));
    place.hardware = TRY(hardware_at(json));
    return place;
}

// --- addresses -----------------------------------------------------------------------------------

Result<> check_place(const SharedNetwork& network, const Address& address) {
    const Layout::Side* side = network.layout.side_with(address);
    if (!side)
        return Error(Error::Kind::usage, "network '{}' has no address {}", network.name,
                     address.text());
    const std::uint32_t number = side->subnet.number_of(address);
    const bool broadcast = !address.is_v6() && number == side->subnet.last();
    if (number != 0 && !broadcast && address != side->gateway && address != side->names) return {};
    return Error(Error::Kind::usage, "{} has a meaning of its own in network '{}'", address.text(),
                 network.name);
}

bool Members::is_taken(const Address& address) const { return with(address) != nullptr; }

Result<> Members::check_free(const Address& address) const {
    TRY(check_place(network_, address));
    const Member* other = with(address);
    if (!other) return {};
    return Error(Error::Kind::busy, "address {} of network '{}' is that of container '{}'",
                 address.text(), network_.name, other->who.name);
}

Result<Address> Members::choose_v4(const Application& who) const {
    if (who.v4) {
        TRY(check_free(*who.v4));
        return *who.v4;
    }
    const Subnet& range = network_.range;
    for (std::uint64_t number = 0; number <= range.last(); ++number) {
        const Address address = range.at(static_cast<std::uint32_t>(number));
        if (!is_taken(address) && check_place(network_, address)) return address;
    }
    return Error(Error::Kind::busy, "network '{}' has no address left of {}", network_.name,
                 range.text());
}

// With the number of the other one, so that people can tell whose it is.
Result<std::optional<Address>> Members::choose_v6(const Application& who, const Address& v4) const {
    const std::optional<Layout::Side>& side = network_.layout.v6;
    if (who.v6) {
        TRY(check_free(*who.v6));
        return who.v6;
    }
    if (!side) return std::optional<Address>();
    std::uint32_t number = network_.layout.v4.subnet.number_of(v4);
    while (is_taken(side->subnet.at(number)) || !check_place(network_, side->subnet.at(number)))
        ++number;
    return std::optional(side->subnet.at(number));
}

static std::string hardware_for(const Address& v4) { return "\x02\x42" + v4.bytes(); }

Result<const Member*> Members::admit(unsigned port, Application who) {
    Place place{.v4 = TRY(choose_v4(who))};
    place.v6 = TRY(choose_v6(who, place.v4));
    place.hardware = who.hardware.empty() ? hardware_for(place.v4) : who.hardware;
    Member& member = members_[port];
    member = {.port = port, .who = std::move(who), .place = std::move(place)};
    return &member;
}

// --- finding -------------------------------------------------------------------------------------

const Member* Members::at(unsigned port) const {
    const auto found = members_.find(port);
    return found == members_.end() ? nullptr : &found->second;
}

const Member* Members::with(const Address& address) const {
    for (const auto& [port, member] : members_)
        if (member.place.v4 == address || member.place.v6 == address) return &member;
    return nullptr;
}

std::vector<unsigned> Members::ports_of(std::string_view id) const {
    std::vector<unsigned> ports;
    for (const auto& [port, member] : members_)
        if (member.who.id == id) ports.push_back(port);
    return ports;
}

static bool answers_to(const Application& who, std::string_view name) {
    constexpr std::size_t kShort = 12;
    if (lower(who.name) == name || who.id.substr(0, kShort) == name) return true;
    return std::ranges::any_of(who.aliases,
                               [&](const std::string& alias) { return lower(alias) == name; });
}

std::vector<Address> Members::addresses_of(std::string_view name) const {
    std::vector<Address> addresses;
    for (const auto& [port, member] : members_) {
        if (!answers_to(member.who, name)) continue;
        addresses.push_back(member.place.v4);
        if (member.place.v6) addresses.push_back(*member.place.v6);
    }
    return addresses;
}

}  // namespace sbx::network
