#include "fuzz.h"

#include "network/dns_reply.h"

using namespace sbx::network;

void sbx::fuzz::one(std::string_view text) {
    const std::optional<DnsReply> reply = parse_dns_reply(text);
    if (!reply) return;
    must(reply->name.size() < 256 && !reply->name.ends_with('.'));
    must(reply->id ==
         (static_cast<unsigned char>(text[0]) << 8U | static_cast<unsigned char>(text[1])));
    for (const DnsReply::Found& found : reply->found)
        must(text.contains(found.address.bytes()) && found.valid.count() >= 0);
}
