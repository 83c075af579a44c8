#include "os/routes.h"

#include <netinet/in.h>
#include <sys/socket.h>

namespace sbx::os {

Result<Routes> Routes::open() { return Routes(TRY(RouteSocket::open())); }

static bool is_no_way(const Error& error) {
    return error.is(std::errc::network_unreachable) || error.is(std::errc::host_unreachable);
}

Result<bool> Routes::ends_here(std::string_view address) const {
    rtmsg about{};
    const bool version_6 = address.size() == sizeof(in6_addr);
    about.rtm_family = version_6 ? AF_INET6 : AF_INET;
    about.rtm_dst_len = static_cast<std::uint8_t>(address.size() * 8);
    RouteRequest request(RTM_GETROUTE, 0, about);
    request.add(RTA_DST, address);
    Result<std::string> answer = socket_.get(std::move(request));
    // "unreachable" comes as an error, as no route does.
    if (!answer && is_no_way(answer.error())) return false;
    if (!answer) return std::move(answer).error();
    const auto route = route_object<rtmsg>(*answer);
    // A namespace without routes answers a question about IPv6 with what rejects it.
    return route.about.rtm_type != RTN_UNICAST && route.about.rtm_type != RTN_UNREACHABLE &&
           route.about.rtm_type != RTN_BLACKHOLE && route.about.rtm_type != RTN_PROHIBIT;
}

Result<std::vector<Routes::Destination>> Routes::destinations() const {
    rtmsg about{};
    about.rtm_family = AF_INET;
    std::vector<Destination> all;
    for (const std::string& body :
         TRY(socket_.list(RouteRequest(RTM_GETROUTE, NLM_F_DUMP, about)))) {
        auto route = route_object<rtmsg>(body);
        for (RouteAttribute& attribute : route.attributes)
            if (attribute.type == RTA_DST && attribute.value.size() == sizeof(in_addr))
                all.push_back(
                    {.address = std::move(attribute.value), .bits = route.about.rtm_dst_len});
    }
    return all;
}

}  // namespace sbx::os
