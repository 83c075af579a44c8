#include "network/tap.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

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

static os::NetDeviceSetup setup_of(const Settings& settings) {
    os::NetDeviceSetup setup{
        .name = kDeviceName, .hardware = std::string(kHardwareAddress, 6), .mtu = settings.mtu};
    setup.places.push_back({.address = settings.own().bytes(),
                            .prefix = settings.prefix,
                            .gateway = settings.gateway().bytes()});
    if (settings.ipv6)
        setup.places.push_back({.address = Settings::own6().bytes(),
                                .prefix = Settings::kPrefix6,
                                .gateway = Settings::gateway6().bytes()});
    return setup;
}

Result<os::Fd> make_tap(const Settings& settings) { return make_tap(setup_of(settings)); }

Result<os::Fd> make_tap(const os::NetDeviceSetup& setup) {
    os::Fd device = TRY(open_device());
    ifreq request{};
    setup.name.copy(request.ifr_name, IFNAMSIZ - 1);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    if (::ioctl(device.get(), TUNSETIFF, &request) != 0)
        return Error::from_errno(errno, "make a device with '/dev/net/tun'");
    TRY(os::set_up_net_device(setup));
    return device;
}

}  // namespace sbx::network
