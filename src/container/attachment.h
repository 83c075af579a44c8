// A network that a container shares with others, as it was asked for and is kept: --network NAME.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "network/members.h"
#include "store/networks.h"

namespace sbx::container {

struct Attachment {
    std::string network;         // its name
    std::string interface = {};  // of the device inside: "eth0"
    std::string v4 = {};         // addresses that it has to have; empty: any
    std::string v6 = {};
    std::string hardware = {};  // "02:42:0a:59:00:02"
    std::vector<std::string> aliases = {};

    friend bool operator==(const Attachment&, const Attachment&) = default;
};

Json to_json(const std::vector<Attachment>& attachments);
Result<std::vector<Attachment>> attachments_from(const Json& json);

// Of --network: a word with a meaning of its own, "host", "slirp:mtu=1500", or of another kind that
// is no name, "container:ID".
bool is_network_mode(std::string_view text);

// "NAME", "NAME:ip=10.89.0.5,ip6=fd00::5,mac=02:00:00:00:00:01,alias=db,interface_name=lan0".
// Several aliases may be there. Kind::usage.
Result<Attachment> parse_attachment(std::string_view text);

// What all of them may have besides, --ip, --ip6, --mac-address, --network-alias: the first three
// are for one network alone.
struct AttachmentWords {
    std::string v4 = {};
    std::string v6 = {};
    std::string hardware = {};
    std::vector<std::string> aliases = {};

    bool empty() const { return v4.empty() && v6.empty() && hardware.empty() && aliases.empty(); }
};
Result<std::vector<Attachment>> parse_attachments(const std::vector<std::string>& texts,
                                                  const AttachmentWords& words);

// Whether no two are of one network, or call their devices alike. Kind::usage.
Result<> check_apart(const std::vector<Attachment>& attachments);

// Whether the network can give what is asked for, as far as it is not a question of who is there.
Result<> check_attachment(const Attachment& attachment, const store::Network& network);

// A name for the device that none of the others has: "eth0", "eth1", ...
std::string free_interface(const std::vector<Attachment>& others);

// The container's words to the network.
network::Application application_of(const Attachment& attachment,
                                    const store::ContainerRecord& record);

}  // namespace sbx::container
