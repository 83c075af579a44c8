#include "sandbox/host.h"

#include <algorithm>

#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"
#include "sandbox/assumed_host.h"
#include "sandbox/probe.h"

namespace sbx::sandbox {

static constexpr std::size_t kLargestConfiguration = std::size_t{4} << 20;

std::string_view name_of(Driver driver) {
    switch (driver) {
        case Driver::overlay: return "overlay";
        case Driver::fuse_overlayfs: return "fuse-overlayfs";
        case Driver::copy: return "copy";
    }
    std::unreachable();
}

Result<Driver> parse_driver(std::string_view name) {
    for (const Driver driver : {Driver::overlay, Driver::fuse_overlayfs, Driver::copy})
        if (name == name_of(driver)) return driver;
    return Error(Error::Kind::usage, "'{}' is not a storage driver: overlay, fuse-overlayfs, copy",
                 excerpt(name));
}

Result<> check_namespaces(const Host& host) {
    if (host.no_namespaces.empty()) return {};
    return Error(Error::Kind::unsupported, "no container can be made here: {}", host.no_namespaces)
        .hint("`sbx doctor` says what this machine lacks, and what mends it");
}

bool has_id_range(const Host& host) {
    if (host.privileged) return true;
    return host.no_id_range.empty() && !host.subuids.empty() && !host.subgids.empty();
}

static std::vector<os::IdRange> identical(const std::vector<os::IdRange>& here) {
    std::vector<os::IdRange> ranges;
    ranges.reserve(here.size());
    for (const os::IdRange& r : here)
        ranges.push_back({.inside = r.inside, .outside = r.inside, .count = r.count});
    return ranges;
}

static std::vector<os::IdRange> root_and(std::uint32_t own,
                                         const std::vector<os::SubordinateRange>& subordinate) {
    std::vector<os::IdRange> ranges = {{.inside = 0, .outside = own}};
    std::uint32_t next = 1;
    for (const os::SubordinateRange& r : subordinate) {
        ranges.push_back({.inside = next, .outside = r.start, .count = r.count});
        next += r.count;
    }
    return ranges;
}

os::IdMap default_ids(const Host& host) {
    if (host.privileged)
        return {.uids = identical(host.uids_here),
                .gids = identical(host.gids_here),
                .writer = os::IdMap::Writer::privileged};
    if (!has_id_range(host))
        return {.uids = {{.inside = 0, .outside = host.uid}},
                .gids = {{.inside = 0, .outside = host.gid}},
                .writer = os::IdMap::Writer::self};
    return {.uids = root_and(host.uid, host.subuids),
            .gids = root_and(host.gid, host.subgids),
            .writer = os::IdMap::Writer::helpers};
}

// A file of the host that may be missing: then it grants nothing.
static std::string configuration(const char* path) {
    const Result<std::string> text = os::read_file(os::FdView::cwd(), path, kLargestConfiguration);
    return text ? *text : std::string();
}

// /proc/self/uid_map: what exists in this user namespace; user_namespaces(7).
static std::vector<os::IdRange> ids_here(const char* path) {
    std::vector<os::IdRange> ranges;
    const std::string text = os::read_proc(path).value_or("");
    for (const std::string_view line : split(text, '\n')) {
        std::vector<std::uint32_t> numbers;
        for (const std::string_view field : split(line, ' '))
            if (const Result<std::int64_t> n = parse_number(field, 0, UINT32_MAX))
                numbers.push_back(static_cast<std::uint32_t>(*n));
        if (numbers.size() == 3)
            ranges.push_back({.inside = numbers[0], .outside = numbers[1], .count = numbers[2]});
    }
    return ranges;
}

static Host who_we_are() {
    Host host{.uid = ::geteuid(), .gid = ::getegid()};
    host.privileged = host.uid == 0;
    host.cgroups = find_cgroups(os::environment());
    if (host.privileged) {
        host.uids_here = ids_here("/proc/self/uid_map");
        host.gids_here = ids_here("/proc/self/gid_map");
        return host;
    }
    if (const auto entry = os::find_user(configuration("/etc/passwd"), host.uid))
        host.user = entry->name;
    host.subuids = os::subordinate_ranges(configuration("/etc/subuid"), host.user, host.uid);
    host.subgids = os::subordinate_ranges(configuration("/etc/subgid"), host.user, host.uid);
    return host;
}

Host assumed_host() {
    Host host = who_we_are();
    host.pure_cgroup2 = is_pure_cgroup2();
    return host;
}

// What the answers hold for: this boot, these namespaces, this file system, these ids.
static std::string key_of(const Host& host, const HostQuery& query) {
    const Result<std::string> boot = os::read_proc("/proc/sys/kernel/random/boot_id");
    std::string key = boot ? std::string(trim(*boot)) : "";
    for (const std::string& path :
         {std::string("/proc/self/ns/mnt"), std::string("/proc/self/ns/user"), query.layers}) {
        struct stat status{};
        if (::stat(path.c_str(), &status) == 0)
            key += fmt::format(" {}:{}", status.st_dev, path == query.layers ? 0 : status.st_ino);
    }
    for (const auto* ranges : {&host.subuids, &host.subgids})
        for (const os::SubordinateRange& r : *ranges)
            key += fmt::format(" {}+{}", r.start, r.count);
    return key;
}

static constexpr const char* kCacheName = "host.json";

static Json remembered_form(const Host& host, const std::string& key) {
    return Json::object()
        .set("key", key)
        .set("no_namespaces", host.no_namespaces)
        .set("no_id_range", host.no_id_range)
        .set("own_proc", host.own_proc)
        .set("own_sysfs", host.own_sysfs)
        .set("pure_cgroup2", host.pure_cgroup2)
        .set("driver", name_of(host.driver))
        .set("fuse_program", host.fuse_program);
}

static Result<> recall(Host& host, const HostQuery& query) {
    constexpr std::size_t kLargest = 65536;
    const std::string text = TRY(os::read_file(query.cache, kCacheName, kLargest));
    const Json json = TRY(Json::parse(text));
    if (TRY(json.get<std::string>("key")) != key_of(host, query))
        return Error(Error::Kind::not_found, "the remembered answers are for another place");
    host.no_namespaces = TRY(json.get<std::string>("no_namespaces"));
    host.no_id_range = TRY(json.get<std::string>("no_id_range"));
    host.own_proc = TRY(json.get<bool>("own_proc"));
    host.own_sysfs = TRY(json.get<bool>("own_sysfs"));
    host.pure_cgroup2 = TRY(json.get<bool>("pure_cgroup2"));
    const std::string driver = TRY(json.get<std::string>("driver"));
    host.driver = TRY(parse_driver(driver));
    host.fuse_program = TRY(json.get<std::string>("fuse_program"));
    return {};
}

// With all the ids that are granted or, where the helpers that map them fail, with one.
static Facilities probe_with_best_ids(Host& host, const std::string& layers) {
    Facilities found = probe(default_ids(host), layers);
    if (found.no_namespaces.empty() || host.privileged || !has_id_range(host)) return found;
    host.no_id_range = found.no_namespaces;
    Facilities alone = probe(default_ids(host), layers);
    if (!alone.no_namespaces.empty()) host.no_id_range.clear();  // it was not the range
    return alone;
}

// Whether nothing is missing that could come back: a helper that is installed, a limit that is no
// longer reached, a mask that is taken off /proc.
static bool lacks_nothing(const Host& host) {
    return host.no_namespaces.empty() && host.no_id_range.empty() && host.own_proc &&
           host.own_sysfs && host.driver == Driver::overlay;
}

static Result<> remember(const Host& host, const std::string& key, const HostQuery& query) {
    if (!lacks_nothing(host)) return os::remove_at(query.cache, kCacheName);
    return os::write_atomic(query.cache, kCacheName, remembered_form(host, key).dump(),
                            {.durability = os::Durability::until_reboot});
}

Result<Host> find_host_anew(const HostQuery& query) {
    Host host = who_we_are();
    const std::string key = key_of(host, query);
    const Facilities found = probe_with_best_ids(host, query.layers);
    host.no_namespaces = found.no_namespaces;
    host.own_proc = found.own_proc;
    host.own_sysfs = found.own_sysfs;
    host.pure_cgroup2 = found.pure_cgroup2;
    host.fuse_program = found.fuse_program;
    host.driver = found.overlay               ? Driver::overlay
                  : host.fuse_program.empty() ? Driver::copy
                                              : Driver::fuse_overlayfs;
    const Result<> kept = remember(host, key, query);
    if (!kept) log::debug("what this machine allows is not remembered: {}", kept.error().text());
    return host;
}

Result<Host> find_host(const HostQuery& query) {
    Host host = who_we_are();
    const Result<> recalled = recall(host, query);
    if (recalled && lacks_nothing(host)) return host;
    if (!recalled) log::debug("asking what this machine allows: {}", recalled.error().text());
    return find_host_anew(query);
}

}  // namespace sbx::sandbox
