#include "runtime/net_devices.h"

#include <sched.h>

#include "os/namespaces.h"
#include "os/net_device.h"

namespace sbx::runtime {

static Result<os::Fd> network_of(pid_t process) {
    return os::open_namespace(fmt::format("/proc/{}/ns/net", process),
                              {.flag = CLONE_NEWNET, .name = "network", .file = "net"});
}

Result<> move_net_devices(const NetDevices& devices, pid_t process) {
    if (devices.empty()) return {};
    const os::Fd network = TRY(network_of(process));
    for (const auto& [name, device] : devices)
        TRY(os::move_net_device(name, network, device.name.empty() ? name : device.name),
            "linux.netDevices");
    return {};
}

}  // namespace sbx::runtime
