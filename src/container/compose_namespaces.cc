#include "container/compose_namespaces.h"

#include "base/text.h"
#include "container/shared_namespaces.h"

namespace sbx::container {

static Result<std::uint32_t> parse_keep_value(std::string_view text) {
    return static_cast<std::uint32_t>(TRY(parse_number(text, 0, UINT32_MAX - 1), "--userns"));
}

static Result<sandbox::UserNamespace> compose_ids(const std::string& mode,
                                                  const Surroundings& surroundings) {
    if (mode.empty() || mode == "host") return sandbox::UserNamespace(sandbox::OwnIds{});
    const auto sides = halves(mode, ':');
    if ((sides ? sides->before : std::string_view(mode)) != "keep-id")
        return Error(Error::Kind::usage,
                     "--userns {}: host, keep-id[:uid=N,gid=N] or container:NAME belongs there",
                     excerpt(mode));
    sandbox::KeepId keep{.uid = surroundings.uid, .gid = surroundings.gid};
    if (sides)
        for (const std::string_view field : split(sides->after, ',')) {
            const auto pair = halves(field, '=');
            if (pair && pair->before == "uid")
                keep.uid = TRY(parse_keep_value(pair->after));
            else if (pair && pair->before == "gid")
                keep.gid = TRY(parse_keep_value(pair->after));
            else
                return Error(Error::Kind::usage, "--userns {}: uid=N and gid=N belong behind ':'",
                             excerpt(mode));
        }
    return sandbox::UserNamespace(keep);
}

namespace {

class Composer {
public:
    Composer(const Options& options, const store::Store& store) : o_(options), store_(store) {}

    Result<> add(const char* flag, const char* type, const std::string& mode) {
        if (mode.starts_with(kContainerMode)) return share(flag, type, mode);
        if (mode.starts_with(kPathMode)) return join(flag, type, mode.substr(kPathMode.size()));
        const bool shareable = mode == "shareable" && std::string_view(flag) == "ipc";
        if (mode.empty() || mode == "private" || shareable)
            result_.all.push_back({.type = type});
        else if (mode != "host")
            return Error(Error::Kind::usage,
                         "--{} {}: private, host, container:NAME or ns:PATH belongs there", flag,
                         excerpt(mode));
        return {};
    }

    Result<> add_network(const NetworkMode& mode) {
        if (!mode.joined.empty()) return add("network", "network", mode.joined);
        if (!mode.host) result_.all.push_back({.type = "network"});
        return {};
    }

    Result<> add_user(const Surroundings& surroundings) {
        if (o_.userns.starts_with(kContainerMode)) TRY(share("userns", "user", o_.userns));
        if (owner_.empty()) {
            result_.all.push_back({.type = "user"});
            result_.user = TRY(compose_ids(o_.userns, surroundings));
            return {};
        }
        if (!o_.userns.empty() && !o_.userns.starts_with(kContainerMode))
            return Error(Error::Kind::usage,
                         "--userns {}: the ids are those of the container that namespaces are "
                         "shared with",
                         excerpt(o_.userns));
        std::erase_if(result_.all, [](const oci::Namespace& ns) { return ns.type == "user"; });
        result_.all.push_back({.type = "user", .path = std::string(kContainerMode) + owner_});
        return {};
    }

    Namespaces take() { return std::move(result_); }

private:
    Result<> join(const char* flag, const char* type, const std::string& path) {
        if (!path.starts_with('/'))
            return Error(Error::Kind::usage, "--{} ns:{}: an absolute path belongs there", flag,
                         excerpt(path));
        result_.all.push_back({.type = type, .path = path});
        return {};
    }

    Result<> share(const char* flag, const char* type, const std::string& mode) {
        const store::Containers containers = TRY(store::Containers::open(store_));
        const std::string name = mode.substr(kContainerMode.size());
        const std::string id = TRY(containers.resolve(name), "--{} {}", flag, excerpt(mode));
        const Blueprint other = TRY(read_blueprint(containers, id), "--{} {}", flag, excerpt(mode));
        const oci::Spec& spec = other.request.spec;
        if (!spec.find_namespace(type))
            return Error(Error::Kind::usage,
                         "--{} {}: it has none of its own, but the host's: --{} host is the same",
                         flag, excerpt(mode), flag);
        const std::string above = sharer_of(spec, "user");
        const std::string owner = above.empty() ? id : above;
        if (!owner_.empty() && owner_ != owner)
            return Error(Error::Kind::usage,
                         "--{} {}: it has other ids than the container whose {} is shared", flag,
                         excerpt(mode), first_)
                .hint("containers that share namespaces with one, share them with each other");
        owner_ = owner;
        if (first_.empty()) first_ = type;
        result_.all.push_back({.type = type, .path = std::string(kContainerMode) + id});
        result_.user = other.request.user_namespace;
        const bool named = std::string_view(type) == "network" || std::string_view(type) == "uts";
        if (named && result_.hostname.empty()) result_.hostname = trim(other.files.hostname);
        if (std::string_view(type) == "network") result_.files = other.files;
        return {};
    }

    const Options& o_;
    const store::Store& store_;
    Namespaces result_ = {};
    std::string owner_ = {};  // of the user namespace that is shared
    std::string first_ = {};  // what is shared with it
};

}  // namespace

Result<NetworkMode> follow_to_host(const NetworkMode& mode, const store::Store& store) {
    if (!mode.joined.starts_with(kContainerMode)) return mode;
    const store::Containers containers = TRY(store::Containers::open(store));
    const std::string name = mode.joined.substr(kContainerMode.size());
    const std::string id = TRY(containers.resolve(name), "--network {}", excerpt(mode.joined));
    const Blueprint other =
        TRY(read_blueprint(containers, id), "--network {}", excerpt(mode.joined));
    return other.request.spec.find_namespace("network") ? mode : NetworkMode{.host = true};
}

// What belongs to the container that has the network, or the name.
static Result<> check_contradictions(const Options& o, const NetworkMode& network) {
    struct Asked {
        const char* flag;
        bool asked;
    };
    const Asked of_network[] = {{"--publish", !o.publish.empty()},
                                {"--publish-all", o.publish_all},
                                {"--dns", !o.dns.empty()},
                                {"--dns-search", !o.dns_search.empty()},
                                {"--dns-option", !o.dns_options.empty()},
                                {"--add-host", !o.hosts.empty()},
                                {"--hostname", !o.hostname.empty()}};
    if (network.joined.starts_with(kContainerMode))
        for (const Asked& one : of_network)
            if (one.asked)
                return Error(Error::Kind::usage,
                             "{} and --network {} exclude each other: it is for the container that "
                             "has the network",
                             one.flag, excerpt(network.joined));
    if (joins_namespace(o.uts) && !o.hostname.empty())
        return Error(Error::Kind::usage, "--hostname and --uts {} exclude each other",
                     excerpt(o.uts));
    return {};
}

Result<Namespaces> compose_namespaces(const Options& options, const NetworkMode& network,
                                      const Surroundings& surroundings, const store::Store& store) {
    TRY(check_contradictions(options, network));
    Composer composer(options, store);
    TRY(composer.add_network(network));
    TRY(composer.add("pid", "pid", options.pid));
    TRY(composer.add("ipc", "ipc", options.ipc));
    TRY(composer.add("uts", "uts", options.uts));
    if (!options.cgroupns.empty() && options.cgroupns != "private" && options.cgroupns != "host")
        return Error(Error::Kind::usage, "--cgroupns {}: private or host belongs there",
                     excerpt(options.cgroupns));
    TRY(composer.add("cgroupns", "cgroup", options.cgroupns));
    TRY(composer.add_user(surroundings));
    Namespaces namespaces = composer.take();
    namespaces.all.push_back({.type = "mount"});
    return namespaces;
}

}  // namespace sbx::container
