// The words of -v, --mount, --tmpfs and --device, taken apart. Pure: what a name stands for is
// found out later.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sbx::container {

struct MountWish {
    enum class Kind : std::uint8_t { bind, volume, tmpfs, image, devpts };

    Kind kind = Kind::bind;
    std::string source = {};  // a path, a volume's name ("" for an anonymous one), an image
    std::string target = {};
    std::vector<std::string> options = {};  // in the words of sandbox/mount_options.h
    bool make_source = false;               // -v ...:create, bind-create
    bool no_copy = false;                   // a new volume begins empty
    bool give = false;                      // to the user of the container
    bool overlay = false;                   // what is written is not written to the source
    std::string upper = {};                 // where it goes instead, and stays; else it goes with
    std::string work = {};                  // the container's life
};

// [SOURCE:]TARGET[:OPTIONS]; SOURCE is a path where it has a '/', "." or "..", else a volume.
Result<MountWish> parse_volume(std::string_view text);

// type=bind|volume|tmpfs|image|devpts,src=...,dst=...,ro,...: keys as docker and podman name them.
Result<MountWish> parse_mount(std::string_view text);

Result<MountWish> parse_tmpfs(std::string_view text);  // TARGET[:OPTIONS]

// CONTAINER[:OPTIONS] of --volumes-from.
struct InheritWish {
    std::string container;
    std::string access = {};  // "ro", "rw", or empty: as the other has it
};
Result<InheritWish> parse_volumes_from(std::string_view text);

struct DeviceWish {
    std::string source;
    std::string target;
    std::string permissions = "rwm";
};
Result<DeviceWish> parse_device(std::string_view text);  // HOST[:CONTAINER][:rwm]

}  // namespace sbx::container
