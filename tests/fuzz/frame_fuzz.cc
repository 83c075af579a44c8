#include "fuzz.h"

#include "network/bridge.h"

using namespace sbx::network;
using Way = Bridge::Decision::Way;

static SharedNetwork app() {
    SharedNetwork network{.id = "a", .name = "app"};
    network.layout.v4 = {.subnet = Subnet::parse("10.89.0.0/24").value(),
                         .gateway = Address::known("10.89.0.1"),
                         .names = Address::known("10.89.0.254")};
    network.layout.v6 = {.subnet = Subnet::parse("fd00::/64").value(),
                         .gateway = Address::known("fd00::1"),
                         .names = Address::known("fd00::fe")};
    network.range = network.layout.v4.subnet;
    return network;
}

// A frame of a member whose device is 02:42:0a:59:00:02.
void sbx::fuzz::one(std::string_view text) {
    static Members members(app());
    static const Member* const own = members.admit(1, {.id = "b", .name = "web"}).value();
    static const Member* const other = members.admit(2, {.id = "c", .name = "db"}).value();
    static const Bridge bridge(members, [](const Address&) { return false; });
    const Bridge::Decision decision = bridge.judge(*own, text);
    (void)bridge.judge_from_stack(text);
    if (decision.way == Way::name) must(bridge.judge_unknown(text).way != Way::drop);
    if (decision.way == Way::answer)
        must(decision.answer.substr(0, 6) == own->place.hardware && decision.answer.size() < 2000);
    if (decision.way != Way::member && decision.way != Way::stack) return;
    const std::optional<Ends> ends = parse_ends(text);
    must(ends && (ends->source == own->place.v4 || ends->source == own->place.v6));
    if (decision.way == Way::member)
        must(decision.port == other->port &&
             (ends->destination == other->place.v4 || ends->destination == other->place.v6));
    else
        must(!members.with(ends->destination));
}
