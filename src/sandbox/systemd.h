// Asking systemd for a cgroup: org.freedesktop.systemd1(5), and systemd's "The New Control Group
// Interfaces". A scope is a unit around processes that somebody else has started.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/bus.h"

namespace sbx::sandbox {

struct ScopeRequest {
    std::string unit;   // "sbx-1234.scope"
    std::string slice;  // "user.slice"
    std::string description = {};
    std::vector<os::BusProperty> properties = {};  // over sbx's own
};

// The properties of a transient scope around process `pid`, whose cgroup is ours to divide.
std::vector<os::BusProperty> scope_properties(const ScopeRequest& request, std::uint32_t pid);

// Annotations "org.systemd.property.NAME", whose values are in GVariant's text format (the part of
// it that units need): true, 'text', 5, uint64 5, ['a', 'b'], @as []. "NameSec" becomes
// "NameUSec", in microseconds, as systemd's own files have it.
Result<std::vector<os::BusProperty>> properties_of(
    const std::map<std::string, std::string>& annotations);
Result<os::BusValue> parse_gvariant(std::string_view text);

// A conversation with one systemd, of the user or of the machine.
class Systemd {
public:
    static Result<Systemd> open(const os::BusPlace& place);

    // Makes the scope and moves process `pid` into it; returns once it is there.
    Result<> start_scope(const ScopeRequest& request, std::uint32_t pid);

    // Moves a process of this user into a unit that is delegated: into its cgroup `below`, which is
    // there, "/a", or the unit's own where that is empty.
    Result<> attach(const std::string& unit, const std::string& below, std::uint32_t pid);

private:
    explicit Systemd(os::Bus bus) : bus_(std::move(bus)) {}
    Result<os::BusMessage> call(const char* member, const os::BusBody& body);
    Result<> wait_for_job(const os::BusMessage& answer, const std::string& unit);

    os::Bus bus_;
};

}  // namespace sbx::sandbox
