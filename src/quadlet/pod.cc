#include "quadlet/pod.h"

#include "quadlet/container.h"
#include "quadlet/keys.h"
#include "quadlet/references.h"
#include "quadlet/words.h"

namespace sbx::quadlet {

static constexpr std::string_view kSection = "Pod";

static constexpr Key kKeys[] = {
    {"AddHost", Takes::values, "--add-host"},
    {"DNS", Takes::values, "--dns"},
    {"DNSOption", Takes::values, "--dns-option"},
    {"DNSSearch", Takes::values, "--dns-search"},
    {"GlobalArgs"},
    {"HostName", Takes::value, "--hostname"},
    {"Label", Takes::words, "--label"},
    {"Network"},
    {"PodName"},
    {"PodmanArgs"},
    {"PublishPort", Takes::values, "--publish"},
    {"ServiceName"},
    {"UserNS", Takes::value, "--userns"},
    {"Volume"},
};

// They are started with it, and stopped before it.
static Result<> want_containers(const Unit& pod, const Units& units, Service& service) {
    for (const Unit& other : units.all()) {
        if (other.kind != Kind::container) continue;
        const auto entry = other.last("Pod");
        if (!entry || entry->value != pod.name) continue;
        if (const Result<bool> starts = starts_with_pod(other); !starts || !*starts) continue;
        service.add("Unit", "Wants", other.service());
        service.add("Unit", "Before", other.service());
    }
    return {};
}

Result<Service> pod_service(const Unit& unit, const Units& units, const Caller& caller) {
    TRY(check_keys(unit.file, kSection, kKeys));
    Service service = TRY(Service::begin(unit, units, caller));
    const std::string name = unit.object();
    std::vector<std::string> command = TRY(words_of_all(unit.file, kSection, "GlobalArgs"));
    const auto append = [&](const std::vector<std::string>& more) {
        command.insert(command.end(), more.begin(), more.end());
    };
    append({"pod", "create", "--name", name, "--replace"});
    append(TRY(options_for(unit.file, kSection, kKeys)));
    append(TRY(network_words(unit, units, service)));
    append(TRY(volume_words(unit, units, service)));
    append(TRY(words_of_all(unit.file, kSection, "PodmanArgs")));
    TRY(want_containers(unit, units, service));
    TRY(service.set_type("oneshot"));
    service.add_default("Service", "RemainAfterExit", "yes");
    service.add_command("ExecStart", command);
    service.add_command("ExecStop", {"pod", "stop", "--ignore", name});
    service.add_command("ExecStopPost", {"pod", "rm", "--force", "--ignore", name}, "-");
    return service;
}

}  // namespace sbx::quadlet
