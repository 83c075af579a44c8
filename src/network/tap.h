// The device through which a container's packets leave it: tun.rst of the kernel's documentation.
#pragma once

#include "base/error.h"
#include "network/settings.h"
#include "os/fd.h"
#include "os/net_device.h"

namespace sbx::network {

// Why no such device can be made, and what to do about it; nothing where it can. A container's own
// namespaces are as good as any, so it is the file of the device that decides.
Result<> check_tap();

// Makes it in the network namespace that this process is in, as root of the user namespace that
// has it, with the addresses and routes of `settings`. What is returned is its other side: frames
// are read from and written to it, without waiting. Kind::unsupported where there is no
// /dev/net/tun.
Result<os::Fd> make_tap(const Settings& settings);
Result<os::Fd> make_tap(const os::NetDeviceSetup& setup);

}  // namespace sbx::network
