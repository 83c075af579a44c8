#include "os/bus.h"

#include <gtest/gtest.h>

#include "support/results.h"

namespace sbx::os {
namespace {

using test::fails_saying;

TEST(BusAddress, GivesTheFirstUnixSocket) {
    EXPECT_EQ(parse_bus_address("unix:path=/run/user/1000/bus").value_or(BusPlace{}).path,
              "/run/user/1000/bus");
    EXPECT_EQ(parse_bus_address("tcp:host=a,port=1;unix:guid=00,path=/b").value_or(BusPlace{}).path,
              "/b");
    EXPECT_EQ(parse_bus_address("unix:abstract=/tmp/dbus-x,guid=1").value_or(BusPlace{}).path,
              "@/tmp/dbus-x");
    EXPECT_EQ(parse_bus_address("unix:path=/with%20space%2fand").value_or(BusPlace{}).path,
              "/with space/and");
}

TEST(BusAddress, WithoutOneIsRefused) {
    for (const char* address : {"", "unix:", "unix:path=", "tcp:path=/x", "unix:tmpdir=/tmp",
                                "/run/bus", "unix:path=%00", ";;;"})
        EXPECT_TRUE(fails_saying(parse_bus_address(address), "names no unix socket")) << address;
    for (const char* address : {"unix:path=/a%", "unix:path=/a%2", "unix:path=/a%zz"})
        EXPECT_TRUE(fails_saying(parse_bus_address(address), "without two digits")) << address;
}

}  // namespace
}  // namespace sbx::os
