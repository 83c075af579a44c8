#include "network/tap.h"

#include <cstring>

#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include "os/net_device.h"

namespace sbx::network {

static Result<os::Fd> open_device() {
    os::Fd device(::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK));
    if (device) return device;
    return Error::from_errno(errno, "open '/dev/net/tun'")
        .as(Error::Kind::unsupported)
        .hint("sudo modprobe tun && sudo chmod 666 /dev/net/tun");
}

Result<> check_tap() {
    (void)TRY(open_device());
    return {};
}

static std::vector<os::NetDeviceSetup::Place> places_of(const Settings& settings) {
    std::vector<os::NetDeviceSetup::Place> places = {{.address = settings.own().bytes(),
                                                      .prefix = settings.prefix,
                                                      .gateway = settings.gateway().bytes()}};
    if (settings.ipv6)
        places.push_back({.address = Settings::own6().bytes(),
                          .prefix = Settings::kPrefix6,
                          .gateway = Settings::gateway6().bytes()});
    return places;
}

Result<os::Fd> make_tap(const Settings& settings) {
    os::Fd device = TRY(open_device());
    ifreq request{};
    std::strncpy(request.ifr_name, kDeviceName, IFNAMSIZ - 1);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    if (::ioctl(device.get(), TUNSETIFF, &request) != 0)
        return Error::from_errno(errno, "make a device with '/dev/net/tun'");
    TRY(os::set_up_net_device({.name = kDeviceName,
                               .hardware = std::string(kHardwareAddress, 6),
                               .mtu = settings.mtu,
                               .places = places_of(settings)}));
    return device;
}

}  // namespace sbx::network
