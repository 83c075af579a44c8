// Words that several options take, for completion; each option's parser knows best.
#pragma once

#include <string_view>

namespace sbx::cli {

inline constexpr std::string_view kNetworkModes[] = {"none", "host", "slirp", "pasta",
                                                     "container:"};
inline constexpr std::string_view kNamespaceModes[] = {"private", "host", "container:"};
inline constexpr std::string_view kUserModes[] = {"host", "keep-id", "container:"};
inline constexpr std::string_view kRestartPolicies[] = {"no", "always", "unless-stopped",
                                                        "on-failure"};
inline constexpr std::string_view kPlatforms[] = {"linux/amd64",  "linux/arm64",   "linux/arm/v7",
                                                  "linux/386",    "linux/ppc64le", "linux/s390x",
                                                  "linux/riscv64"};

// Keys of --filter: container/filter.h and its neighbours.
inline constexpr std::string_view kContainerFilters[] = {
    "name=",    "id=",  "status=", "exited=", "health=", "label=",   "ancestor=", "volume=",
    "network=", "pod=", "since=",  "before=", "until=",  "publish=", "expose="};
inline constexpr std::string_view kImageFilters[] = {
    "dangling=", "reference=", "label=", "label!=", "id=",
    "digest=",   "before=",    "since=", "until="};
inline constexpr std::string_view kPodFilters[] = {
    "name=",      "id=",      "status=",     "label=",     "until=",
    "ctr-names=", "ctr-ids=", "ctr-status=", "ctr-number="};
inline constexpr std::string_view kNetworkFilters[] = {
    "name=", "id=", "driver=", "label=", "dangling=", "until="};
inline constexpr std::string_view kVolumeFilters[] = {
    "name=", "label=", "dangling=", "anonymous=", "since=", "until="};
inline constexpr std::string_view kEventFilters[] = {
    "container=", "image=", "volume=", "network=", "type=", "event=", "label="};
inline constexpr std::string_view kSecretFilters[] = {"name=", "id="};
inline constexpr std::string_view kPruneFilters[] = {"until=", "label=", "label!="};

}  // namespace sbx::cli
