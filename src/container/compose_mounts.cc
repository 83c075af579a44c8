#include "container/compose_mounts.h"

#include <algorithm>
#include <array>

#include <sys/stat.h>

#include "base/text.h"
#include "container/marker.h"
#include "container/mount_words.h"
#include "container/shared_namespaces.h"
#include "os/file.h"
#include "os/path.h"
#include "os/random.h"
#include "store/containers.h"
#include "store/layers.h"

namespace sbx::container {

static oci::Mount devpts_at(const std::string& target) {
    return {target,
            "devpts",
            "devpts",
            {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}};
}

// As it is when the container starts; one that does not, whose files are copied, goes without.
static oci::Mount shared_memory_of(const std::string& id) {
    return {kSharedMemory,
            "bind",
            fmt::format("{}{}", kContainerMode, id),
            {"bind", "optional", "nosuid", "noexec", "nodev"}};
}

static Result<std::vector<oci::Mount>> default_mounts(const Options& options,
                                                      const std::string& ipc_sharer) {
    const std::uint64_t shm = TRY(parse_size(options.shm_size), "--shm-size");
    std::vector<oci::Mount> mounts = {
        {"/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}},
        {"/dev", "tmpfs", "tmpfs", {}},
        devpts_at("/dev/pts"),
        {"/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}},
        {"/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}},
        {"/sys/fs/cgroup", "cgroup", "cgroup", {"nosuid", "noexec", "nodev", "ro"}}};
    if (!ipc_sharer.empty())
        mounts.push_back(shared_memory_of(ipc_sharer));
    else if (options.ipc == "host")
        mounts.push_back({"/dev/shm", "bind", "/dev/shm", {"rbind", "nosuid", "nodev"}});
    else
        mounts.push_back({"/dev/shm",
                          "tmpfs",
                          "shm",
                          {"nosuid", "noexec", "nodev", "mode=1777", fmt::format("size={}", shm)}});
    if (options.privileged)
        for (oci::Mount& mount : mounts)
            std::erase(mount.options, "ro");
    return mounts;
}

// Programs expect to write there, also where the root is read-only.
static void add_read_only_tmpfs(std::vector<oci::Mount>& mounts) {
    for (const char* target : {"/run", "/tmp", "/var/tmp"})
        mounts.push_back({target, "tmpfs", "tmpfs", {"nosuid", "nodev", "mode=1777", "tmpcopyup"}});
}

static oci::Mount file_mount(const MountContext& context, const char* target, const char* name) {
    return {target,
            "bind",
            fmt::format("{}/{}", context.files_directory, name),
            {"bind", "nosuid", "nodev", "noexec"}};
}

static void add_files(const MountContext& context, std::vector<oci::Mount>& mounts) {
    mounts.push_back(file_mount(context, "/etc/hostname", "hostname"));
    if (!context.files.hosts.empty()) mounts.push_back(file_mount(context, "/etc/hosts", "hosts"));
    if (context.files.resolv)
        mounts.push_back(file_mount(context, "/etc/resolv.conf", "resolv.conf"));
}

// Not into a folder of the person's own at /run, where it would stay, nor into a read-only one.
static void add_marker(const MountContext& context, const std::vector<oci::Mount>& asked,
                       std::vector<oci::Mount>& mounts) {
    const bool taken = std::ranges::any_of(asked, [](const oci::Mount& mount) {
        return mount.destination == "/run" && mount.type != "tmpfs";
    });
    if (taken) return;
    mounts.push_back(file_mount(context, kMarkerPath, kMarkerFile));
    // An image in which /run is a link to nowhere does without.
    mounts.back().options.insert(mounts.back().options.end(), {"ro", "optional"});
}

namespace {

// Resolves wishes one after the other: paths, volumes, images.
class Resolver {
public:
    explicit Resolver(const MountContext& context) : context_(context) {}

    Result<> add(const MountWish& wish) {
        const os::InnerPath target = TRY(os::InnerPath::parse(wish.target));
        for (const oci::Mount& other : mounts)
            if (other.destination == target.text())
                return Error(Error::Kind::usage, "two mounts are asked for on '{}'", target.text());
        oci::Mount mount{.destination = target.text(), .options = wish.options};
        switch (wish.kind) {
            case MountWish::Kind::bind: TRY(bind(wish, mount)); break;
            case MountWish::Kind::volume: TRY(volume(wish, mount)); break;
            case MountWish::Kind::image: TRY(image(wish, mount)); break;
            case MountWish::Kind::tmpfs: tmpfs(mount); break;
            case MountWish::Kind::devpts: mount = devpts_at(target.text()); break;
        }
        if (wish.overlay) TRY(lay_over(wish, mount));
        mounts.push_back(std::move(mount));
        return {};
    }

    // What another container was asked to mount. What this one is asked for, and what comes from a
    // container that is named later, goes first. A tmpfs is the other's own, and so is
    // what it has laid over a source.
    Result<> inherit(const InheritWish& wish, const std::vector<oci::Mount>& asked) {
        const Blueprint other = TRY(blueprint_of(wish.container));
        const std::vector<std::string>& its = other.record.mount_points;
        for (const oci::Mount& mount : other.request.spec.mounts) {
            if (std::ranges::find(its, mount.destination) == its.end()) continue;
            const bool its_own =
                mount.type == "tmpfs" || mount.type == "devpts" || mount.type == "overlay";
            if (its_own || has_target(asked, mount.destination)) continue;
            std::erase_if(mounts,
                          [&](const oci::Mount& m) { return m.destination == mount.destination; });
            mounts.push_back(mount);
            note_source(mount, other.record);
            if (wish.access.empty() || mount.type == "layers") continue;
            std::erase_if(mounts.back().options, [](const std::string& option) {
                return option == "ro" || option == "rw";
            });
            mounts.back().options.push_back(wish.access);
        }
        return {};
    }

    static bool has_target(const std::vector<oci::Mount>& all, const std::string& target) {
        return std::ranges::find(all, target, &oci::Mount::destination) != all.end();
    }

    std::vector<oci::Mount> mounts;
    std::vector<store::Volume> volumes;
    std::vector<std::string> image_ids;

private:
    Result<Blueprint> blueprint_of(const std::string& name) const {
        const store::Containers containers = TRY(store::Containers::open(context_.store));
        const std::string id = TRY(containers.resolve(name));
        store::ContainerRecord record = TRY(containers.read(id));
        const Json spec = TRY(containers.read_spec(id));
        return blueprint_from(std::move(record), spec);
    }

    void note_source(const oci::Mount& mount, const store::ContainerRecord& owner) {
        if (mount.type == "layers")
            image_ids.insert(image_ids.end(), owner.mounted_images.begin(),
                             owner.mounted_images.end());
        const std::string name = store::Volumes::name_at(context_.store, mount.source);
        if (name.empty()) return;
        const auto& unnamed = owner.anonymous_volumes;
        volumes.push_back({.name = name,
                           .created = now(),
                           .anonymous = std::ranges::find(unnamed, name) != unnamed.end()});
    }

    static bool is_of_devices(const std::string& source) {
        const std::string path = os::InnerPath::clean(source).text();
        if (path == "/dev/shm" || path.starts_with("/dev/shm/")) return false;
        return path == "/dev" || path.starts_with("/dev/");
    }

    static void make_recursive_bind(oci::Mount& mount) {
        mount.type = "bind";
        const auto says = [&](std::string_view word) {
            return std::ranges::find(mount.options, word) != mount.options.end();
        };
        if (!says("bind") && !says("rbind")) mount.options.emplace_back("rbind");
        // Who binds the host's devices means to use them, as far as the host lets them.
        if (!says("dev") && !is_of_devices(mount.source)) mount.options.emplace_back("nodev");
        if (!says("suid")) mount.options.emplace_back("nosuid");
    }

    // A path that is joined to nothing would be one of the host's root.
    Result<std::string> source_path(const std::string& source) const {
        const std::string& here = context_.surroundings.working_directory;
        if (source.starts_with('/')) return source;
        if (here.starts_with('/')) return fmt::format("{}/{}", here, source);
        return Error(Error::Kind::not_found, "volume source '{}': the working directory is gone",
                     source);
    }

    static Result<> find_source(const std::string& path, const MountWish& wish) {
        struct stat status{};
        if (::stat(path.c_str(), &status) == 0) return {};
        if (errno != ENOENT) return Error::from_errno(errno, "volume source '{}'", path);
        if (!wish.make_source)
            return Error::from_errno(errno, "volume source '{}'", path)
                .hint("sbx does not make it up; with the option `create` it does");
        TRY(os::make_directories(path, 0755), "volume source");
        return {};
    }

    Result<> bind(const MountWish& wish, oci::Mount& mount) {
        mount.source = TRY(source_path(wish.source));
        TRY(find_source(mount.source, wish));
        make_recursive_bind(mount);
        return {};
    }

    Result<> volume(const MountWish& wish, oci::Mount& mount) {
        const bool unnamed = wish.source.empty();
        if (!unnamed) TRY(store::check_object_name("volume", wish.source));
        volumes.push_back({.name = unnamed ? os::random_hex(64) : wish.source,
                           .created = now(),
                           .anonymous = unnamed});
        mount.source = store::Volumes::path_of(context_.store, volumes.back().name);
        make_recursive_bind(mount);
        if (!wish.no_copy) mount.options.emplace_back("copyup");
        return {};
    }

    Result<> image(const MountWish& wish, oci::Mount& mount) {
        const store::Images images = TRY(store::Images::open(context_.store));
        const store::Image found = TRY(images.find(wish.source));
        mount.type = "layers";
        mount.source = store::Layers::links_path(context_.store);
        mount.options = found.layers;
        image_ids.push_back(found.id.text());
        return {};
    }

    // In the words of sandbox/place_mounts.cc.
    Result<> lay_over(const MountWish& wish, oci::Mount& mount) {
        mount.type = "overlay";
        const std::string own =
            fmt::format("{}/overlays/{}", context_.own_directory,
                        std::ranges::count(mounts, std::string("overlay"), &oci::Mount::type));
        std::string upper = own + "/upper";
        std::string work = own + "/work";
        mount.options = {"nosuid", "nodev"};
        if (!wish.upper.empty()) {
            upper = TRY(source_path(wish.upper));
            work = TRY(source_path(wish.work));
            TRY(find_source(upper, wish), "upperdir");
            TRY(find_source(work, wish), "workdir");
            mount.options.emplace_back("lasting");
        }
        mount.options.push_back("upperdir=" + upper);
        mount.options.push_back("workdir=" + work);
        return {};
    }

    static void tmpfs(oci::Mount& mount) {
        mount.type = "tmpfs";
        mount.source = "tmpfs";
        for (const char* word : {"nosuid", "nodev"})
            mount.options.insert(mount.options.begin(), word);
    }

    const MountContext& context_;
};

}  // namespace

static Result<> add_wishes(const Options& options, Resolver& resolver) {
    std::vector<MountWish> wishes;
    wishes.reserve(options.volumes.size() + options.mounts.size());
    for (const std::string& text : options.volumes)
        wishes.push_back(TRY(parse_volume(text)));
    for (const std::string& text : options.mounts)
        wishes.push_back(TRY(parse_mount(text)));
    for (const std::string& text : options.tmpfs)
        wishes.push_back(TRY(parse_tmpfs(text)));
    for (const MountWish& wish : wishes)
        TRY(resolver.add(wish));
    const std::vector<oci::Mount> asked = resolver.mounts;
    for (const std::string& text : options.volumes_from) {
        const InheritWish wish = TRY(parse_volumes_from(text));
        TRY(resolver.inherit(wish, asked), "--volumes-from {}", excerpt(text));
    }
    return {};
}

static constexpr std::array<std::string_view, 3> kFilledFiles = {"/etc/hostname", "/etc/hosts",
                                                                 "/etc/resolv.conf"};

// Image volumes are the image's word: whatever it says becomes some path below "/", and what sbx
// fills itself stays sbx's.
static Result<> add_image_volumes(const MountContext& context, Resolver& resolver) {
    if (!context.image || context.options.image_volumes == "ignore") return {};
    for (const std::string& text : context.image->defaults.volumes) {
        const os::InnerPath target = os::InnerPath::clean(text);
        for (const char* own : {"/proc", "/dev", "/sys"})
            if (os::InnerPath::clean(own).contains(target) || target.is_root())
                return Error(Error::Kind::usage,
                             "the image wants a volume on '{}', which cannot be had", excerpt(text))
                    .hint("--image-volume ignore does without the image's volumes");
        const bool sbx_fills = std::ranges::find(kFilledFiles, target.text()) != kFilledFiles.end();
        if (sbx_fills) continue;
        const auto taken = [&](const oci::Mount& m) { return m.destination == target.text(); };
        if (std::ranges::any_of(resolver.mounts, taken)) continue;
        const bool tmpfs = context.options.image_volumes == "tmpfs";
        TRY(resolver.add({.kind = tmpfs ? MountWish::Kind::tmpfs : MountWish::Kind::volume,
                          .target = target.text()}));
    }
    return {};
}

// A mount that is asked for takes the place of sbx's own at the same path; what is below another
// comes after it.
static std::vector<oci::Mount> merge(std::vector<oci::Mount> own, std::vector<oci::Mount> asked) {
    std::erase_if(own, [&](const oci::Mount& mount) {
        return std::ranges::any_of(
            asked, [&](const oci::Mount& a) { return a.destination == mount.destination; });
    });
    own.insert(own.end(), asked.begin(), asked.end());
    std::ranges::stable_sort(own, {}, [](const oci::Mount& mount) {
        return std::ranges::count(mount.destination, '/');
    });
    return own;
}

static Result<> add_devices(const Options& options, ComposedMounts& composed) {
    for (const std::string& text : options.devices) {
        const DeviceWish wish = TRY(parse_device(text));
        struct stat status{};
        if (::stat(wish.source.c_str(), &status) != 0)
            return Error::from_errno(errno, "device '{}'", wish.source);
        composed.devices.push_back({.path = wish.target, .source = wish.source});
        if (!wish.permissions.contains('r') || !wish.permissions.contains('w'))
            composed.warnings.push_back(fmt::format(
                "device '{}': the permissions are those of the file, not '{}', as limiting them "
                "takes root",
                printable(wish.source), wish.permissions));
    }
    return {};
}

Result<ComposedMounts> compose_mounts(const MountContext& context) {
    const Options& options = context.options;
    std::vector<oci::Mount> own = TRY(default_mounts(options, context.ipc_sharer));
    if (options.read_only && options.read_only_tmpfs) add_read_only_tmpfs(own);
    add_files(context, own);
    Resolver resolver(context);
    TRY(add_wishes(options, resolver));
    TRY(add_image_volumes(context, resolver));
    add_marker(context, resolver.mounts, own);
    ComposedMounts composed{.volumes = std::move(resolver.volumes),
                            .image_ids = std::move(resolver.image_ids)};
    for (const oci::Mount& mount : resolver.mounts)
        composed.targets.push_back(mount.destination);
    composed.mounts = merge(std::move(own), std::move(resolver.mounts));
    TRY(add_devices(options, composed));
    return composed;
}

}  // namespace sbx::container
