// The links that a container's own /dev has: "Default Devices" of the runtime specification
// (config-linux.md) and its "Dev symbolic links" (runtime-linux.md).
#pragma once

namespace sbx::sandbox {

struct DevLink {
    const char* name;
    const char* to;
};

inline constexpr DevLink kDevLinks[] = {
    {"fd", "/proc/self/fd"},       {"stdin", "/proc/self/fd/0"}, {"stdout", "/proc/self/fd/1"},
    {"stderr", "/proc/self/fd/2"}, {"ptmx", "pts/ptmx"},         {"core", "/proc/kcore"}};

}  // namespace sbx::sandbox
