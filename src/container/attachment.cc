#include "container/attachment.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "container/networks.h"

namespace sbx::container {

static constexpr std::size_t kMost = 8;

// --- records -------------------------------------------------------------------------------------

Json to_json(const std::vector<Attachment>& attachments) {
    Json json = Json::array();
    for (const Attachment& one : attachments)
        json.push(Json::object()
                      .set("network", one.network)
                      .set("interface", one.interface)
                      .set("v4", one.v4)
                      .set("v6", one.v6)
                      .set("hardware", one.hardware)
                      .set("aliases", one.aliases));
    return json;
}

static Result<Attachment> attachment_from(const Json& json) {
    Attachment one{.network = TRY(json.get<std::string>("network"))};
    one.interface = TRY(json.get<std::string>("interface"));
    one.v4 = TRY(json.get_or<std::string>("v4", ""));
    one.v6 = TRY(json.get_or<std::string>("v6", ""));
    one.hardware = TRY(json.get_or<std::string>("hardware", ""));
    one.aliases = TRY(json.get_or<Json::Strings>("aliases", {}));
    return one;
}

Result<std::vector<Attachment>> attachments_from(const Json& json) {
    std::vector<Attachment> attachments;
    for (const Json& one : json.items())
        attachments.push_back(TRY(attachment_from(one)));
    return attachments;
}

// --- words ---------------------------------------------------------------------------------------

bool is_network_mode(std::string_view text) {
    constexpr std::array<std::string_view, 10> kModes = {
        "",       "none",    "host",  "slirp",     "slirp4netns",
        "bridge", "default", "pasta", "container", "ns"};
    const std::string_view kind = text.substr(0, text.find(':'));
    return kind == "private" || std::ranges::find(kModes, kind) != kModes.end();
}

static bool is_alias(std::string_view text) {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return !text.empty() && text.size() <= 253 && text.front() != '.' && text.back() != '.' &&
           !text.contains("..") && text.find_first_not_of(kLetters) == text.npos;
}

static Result<> check_alias(std::string_view text) {
    if (is_alias(text)) return {};
    return Error(Error::Kind::usage, "'{}' is no name for a container in a network", excerpt(text));
}

// netdevice(7): IFNAMSIZ; and neither a path nor more than one word.
static Result<> check_interface(std::string_view text) {
    constexpr std::size_t kLongest = 15;
    const bool plain = !text.empty() && text.size() <= kLongest && text != "." && text != ".." &&
                       text != "lo" && text.find_first_of("/: %") == text.npos &&
                       printable(text) == text;
    if (plain) return {};
    return Error(Error::Kind::usage, "'{}' is no name for a network device", excerpt(text));
}

enum class Family : std::uint8_t { v4, v6 };
static Result<> check_address(const char* what, std::string_view text, Family family) {
    const std::optional<network::Address> address = network::Address::parse(text);
    if (address && address->is_v6() == (family == Family::v6)) return {};
    return Error(Error::Kind::usage, "{} '{}': an address of IPv{} belongs there", what,
                 excerpt(text), family == Family::v6 ? 6 : 4);
}

static Result<> check_hardware(const char* what, std::string_view text) {
    if (network::parse_hardware(text)) return {};
    return Error(Error::Kind::usage, "{} '{}': a MAC address belongs there, 02:00:00:00:00:01",
                 what, excerpt(text));
}

static Result<> apply(std::string_view key, std::string_view value, Attachment& into) {
    if (key == "ip") {
        TRY(check_address("ip", value, Family::v4));
        into.v4 = value;
    } else if (key == "ip6") {
        TRY(check_address("ip6", value, Family::v6));
        into.v6 = value;
    } else if (key == "mac") {
        TRY(check_hardware("mac", value));
        into.hardware = lower(value);
    } else if (key == "alias") {
        TRY(check_alias(value));
        into.aliases.emplace_back(value);
    } else if (key == "interface_name") {
        TRY(check_interface(value));
        into.interface = value;
    } else {
        return Error(Error::Kind::usage,
                     "there is no '{}': ip=, ip6=, mac=, alias= and interface_name= belong there",
                     excerpt(key));
    }
    return {};
}

Result<Attachment> parse_attachment(std::string_view text) {
    const auto sides = halves(text, ':');
    Attachment attachment{.network = std::string(sides ? sides->before : text)};
    TRY(store::check_object_name("network", attachment.network));
    if (!sides) return attachment;
    for (const std::string_view field : split(sides->after, ',')) {
        const auto pair = halves(field, '=');
        TRY(apply(pair ? pair->before : field, pair ? pair->after : "", attachment), "network '{}'",
            attachment.network);
    }
    return attachment;
}

// "a,b" is two; "a:ip=10.0.0.2,alias=x" is one.
static std::vector<std::string_view> names_in(std::string_view text) {
    return text.contains(':') ? std::vector{text} : split(text, ',');
}

std::string free_interface(const std::vector<Attachment>& others) {
    for (int number = 0;; ++number) {
        std::string name = fmt::format("eth{}", number);
        if (std::ranges::find(others, name, &Attachment::interface) == others.end()) return name;
    }
}

static Result<> apply_words(const AttachmentWords& words, std::vector<Attachment>& attachments) {
    const bool of_one = !words.v4.empty() || !words.v6.empty() || !words.hardware.empty();
    if (of_one && attachments.size() > 1)
        return Error(Error::Kind::usage, "--ip, --ip6 and --mac-address are for one network")
            .hint("with several: --network NAME:ip=...,mac=...");
    if (!words.v4.empty()) TRY(apply("ip", words.v4, attachments[0]), "--ip");
    if (!words.v6.empty()) TRY(apply("ip6", words.v6, attachments[0]), "--ip6");
    if (!words.hardware.empty()) TRY(apply("mac", words.hardware, attachments[0]), "--mac-address");
    for (Attachment& one : attachments)
        for (const std::string& alias : words.aliases)
            TRY(apply("alias", alias, one), "--network-alias");
    return {};
}

Result<> check_apart(const std::vector<Attachment>& attachments) {
    for (std::size_t i = 0; i < attachments.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const Attachment& one = attachments[i];
            if (one.network == attachments[j].network)
                return Error(Error::Kind::usage, "network '{}' is there twice", one.network);
            if (one.interface == attachments[j].interface)
                return Error(Error::Kind::usage, "two devices are called '{}'", one.interface);
        }
    if (attachments.size() <= kMost) return {};
    return Error(Error::Kind::usage, "a container can be on {} networks at most", kMost);
}

Result<std::vector<Attachment>> parse_attachments(const std::vector<std::string>& texts,
                                                  const AttachmentWords& words) {
    std::vector<Attachment> attachments;
    for (const std::string& text : texts)
        for (const std::string_view one : names_in(text))
            attachments.push_back(TRY(parse_attachment(one), "--network {}", excerpt(text)));
    TRY(apply_words(words, attachments));
    for (Attachment& one : attachments)
        if (one.interface.empty()) one.interface = free_interface(attachments);
    TRY(check_apart(attachments));
    return attachments;
}

// --- meaning -------------------------------------------------------------------------------------

Result<> check_attachment(const Attachment& attachment, const store::Network& network) {
    const network::SharedNetwork shared = TRY(shared_network(network));
    for (const std::string* text : {&attachment.v4, &attachment.v6})
        if (const auto address = network::Address::parse(*text))
            TRY(network::check_place(shared, *address));
    return {};
}

network::Application application_of(const Attachment& attachment,
                                    const store::ContainerRecord& record) {
    network::Application who{.id = record.id, .name = record.name, .aliases = attachment.aliases};
    who.v4 = network::Address::parse(attachment.v4);
    who.v6 = network::Address::parse(attachment.v6);
    who.hardware = network::parse_hardware(attachment.hardware).value_or("");
    return who;
}

}  // namespace sbx::container
