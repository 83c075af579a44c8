#include "cli/containers.h"

#include <algorithm>

#include "base/text.h"
#include "cli/create_words.h"
#include "cli/pods.h"
#include "container/compose.h"
#include "container/end.h"
#include "container/give_volumes.h"
#include "container/network_mode.h"
#include "image/load.h"
#include "os/file.h"
#include "os/terminal.h"
#include "store/images.h"

namespace sbx::cli {

static constexpr std::string_view kNewPod = "new:";

static Result<image::PullPolicy> policy_of(const App& app, const RunOptions& options) {
    return image::parse_pull_policy(options.pull.empty() ? app.config().pull : options.pull);
}

static Result<oci::Digest> fetch(App& app, const RunOptions& options) {
    const image::PullOptions how = TRY(options.fetching.options(app));
    const image::PullPolicy policy = TRY(policy_of(app, options));
    const PullWorkshop workshop = TRY(PullWorkshop::open(app, options.fetching.progress));
    if (const auto transport = TRY(image::parse_transport(options.image)))
        return TRY(image::pull_from(*transport, workshop.workshop(), how.platform)).id;
    image::Obtained obtained =
        TRY(image::obtain(image::registry_name(options.image), policy, workshop.workshop(), how));
    warn_unreachable(app, obtained);
    return obtained.image.id;
}

// The usual case costs two small files: the image is here, and nobody asks for a newer one.
static Result<std::optional<store::Image>> find_quickly(const App& app, const RunOptions& options,
                                                        const store::Images& images) {
    const image::PullPolicy policy = TRY(policy_of(app, options));
    const bool here_serves =
        policy == image::PullPolicy::missing || policy == image::PullPolicy::never;
    if (!here_serves || options.fetching.names_platform()) return std::optional<store::Image>();
    Result<store::Image> found = images.find(options.image);
    return found ? std::optional(*std::move(found)) : std::nullopt;
}

Result<HeldImage> hold_image(App& app, const RunOptions& options) {
    const store::Store* store = TRY(app.store());
    const store::Images images = TRY(store::Images::open(*store));
    os::Lock lock = TRY(store->lock(os::Share::shared));
    if (options.rootfs) return HeldImage{.image = {}, .lock = std::move(lock)};
    if (auto found = TRY(find_quickly(app, options, images)))
        return HeldImage{.image = std::move(found), .lock = std::move(lock)};
    lock.release();  // what is fetched is entered under it
    const oci::Digest id = TRY(fetch(app, options));
    os::Lock again = TRY(store->lock(os::Share::shared));
    return HeldImage{.image = TRY(images.find(id.text())), .lock = std::move(again)};
}

static Result<std::string> absolute_folder(const std::string& path) {
    char* whole = ::realpath(path.c_str(), nullptr);
    if (!whole) return Error::from_errno(errno, "root file system '{}'", path);
    std::string result = whole;
    ::free(whole);
    return result;
}

// The ports of a pod that is made for the container are the pod's.
static Result<store::Pod> make_pod(App& app, const std::string& name, RunOptions& options) {
    container::PodOptions pod{.name = name};
    pod.network.publish_address = app.config().publish_address;
    pod.network.publish = std::exchange(options.container.publish, {});
    container::NewPod planned = TRY(plan_pod(app, pod), "--pod new:{}", excerpt(name));
    return TRY(create_pod(app, std::move(planned)), "--pod new:{}", excerpt(name));
}

// One that was made for a container that there will not be.
static Result<> remove_pod(App& app, const std::string& id) {
    const store::Store* store = TRY(app.store());
    const os::IdMap ids = TRY(app.ids());
    const store::Pods pods = TRY(store::Pods::open(*store));
    const store::Pod pod = TRY(pods.find(id));
    return container::remove_pod(*store, pod, ids, container::Force::no);
}

// The id of the pod that the container is to be in; empty where it is to be in none.
static Result<std::string> enter_pod(App& app, RunOptions& options) {
    constexpr std::size_t kLongestId = 4096;
    std::string name = options.pod;
    if (!options.pod_id_file.empty())
        name = trim(TRY(os::read_input(options.pod_id_file, kLongestId), "--pod-id-file"));
    if (name.empty()) return name;
    const store::Store* store = TRY(app.store());
    const store::Pods pods = TRY(store::Pods::open(*store));
    const bool made = options.pod.starts_with(kNewPod);
    const store::Pod pod = made ? TRY(make_pod(app, name.substr(kNewPod.size()), options))
                                : TRY(pods.find(name), "--pod");
    Result<> entered = container::enter_pod(pod, options.container);
    if (!entered && made) (void)remove_pod(app, pod.id);  // the first failure is the one to report
    TRY(std::move(entered));
    return pod.id;
}

Result<> start_infra_first(App& app, Prepared& prepared) {
    const container::Blueprint& blueprint = prepared.life.blueprint();
    if (blueprint.record.pod.empty()) return {};
    prepared.image_lock.reset();
    TRY(start_infra_of(app, blueprint.record));
    const store::Store* store = TRY(app.store());
    prepared.image_lock.emplace(TRY(store->lock(os::Share::shared)));
    if (blueprint.record.image_id.empty()) return {};
    const store::Images images = TRY(store::Images::open(*store));
    TRY(images.find(blueprint.record.image_id));
    return {};
}

static Result<Prepared> prepare_in(App& app, const RunOptions& options, const std::string& pod) {
    const store::Store* store = TRY(app.store());
    const sandbox::Host* host = TRY(app.host());
    HeldImage held = TRY(hold_image(app, options));
    const container::Surroundings around = surroundings();
    container::Blueprint blueprint =
        TRY(container::compose(options.container, held.image, around, *store));
    blueprint.record.pod = pod;
    blueprint.record.image_name = options.image;
    blueprint.create_command = TRY(without_credentials(app.words()));
    blueprint.create_directory = around.working_directory;
    for (const std::string& warning : blueprint.warnings)
        app.warn(warning);
    return Prepared{.life = container::Life(*store, *host, std::move(blueprint)),
                    .image_lock = std::move(held.lock)};
}

Result<Prepared> prepare(App& app, RunOptions& options) {
    TRY(options.check());
    options.container.command = options.command;
    if (!options.container.detach_keys) options.container.detach_keys = app.config().detach_keys;
    TRY(container::choose_network(options.container));
    options.container.publish_address = app.config().publish_address;
    options.container.egress.presets = app.config().net_presets;
    if (options.rootfs) options.container.rootfs = TRY(absolute_folder(options.image));
    const std::string pod = TRY(enter_pod(app, options));
    Result<Prepared> prepared = prepare_in(app, options, pod);
    if (!prepared && options.pod.starts_with(kNewPod))
        (void)remove_pod(app, pod);  // the first failure is the one to report
    return prepared;
}

static Result<> give_volumes(App& app, const container::Life& life, const RunOptions& options) {
    const std::vector<std::string> targets = TRY(container::targets_to_give(options.container));
    const sandbox::Host* host = TRY(app.host());
    for (const std::string& note :
         TRY(container::give_volumes(life.store(), *host, life.id(), targets)))
        app.warn(note);
    return {};
}

void tell_refused(App& app, const container::Life& life) {
    if (!life.refused().empty()) app.note("network: " + life.refused());
}

Result<> create_container(App& app, Prepared& prepared, const RunOptions& options) {
    container::Life& life = prepared.life;
    TRY(life.create());
    Result<> given = give_volumes(app, life, options);
    if (given) return {};
    const os::IdMap ids = TRY(app.ids());
    (void)container::remove_container(life.store(), life.blueprint().record, ids);
    return given;  // the first failure is the one to report
}

static Result<> check_keeps_volumes(const store::ContainerRecord& old,
                                    const std::vector<store::Volume>& wanted) {
    for (const std::string& going : old.anonymous_volumes)
        if (std::ranges::find(wanted, going, &store::Volume::name) != wanted.end())
            return Error(Error::Kind::usage, "volume '{}' would be removed with it", going);
    return {};
}

Result<> make_way(App& app, const RunOptions& options, const container::Life& life) {
    const std::string& name = options.container.name;
    const store::Store* store = TRY(app.store());
    const store::Containers containers = TRY(store::Containers::open(*store));
    if (!options.replace || containers.name_is_free(name)) return {};
    const std::string id = TRY(containers.resolve(name));
    const store::ContainerRecord old = TRY(containers.read(id));
    TRY(check_keeps_volumes(old, life.blueprint().volumes));
    const os::IdMap ids = TRY(app.ids());
    Result<> removed = container::remove(*store, id, ids, container::Force::kill);
    if (removed.failed_as(Error::Kind::not_found)) return {};  // it went with its end
    return removed;
}

Result<> check_input_is_terminal() {
    if (os::is_terminal(os::FdView::number(0))) return {};
    return Error(Error::Kind::usage, "the input device is not a terminal")
        .hint("leave out -t, or -i where the container was made with a terminal");
}

Result<> write_cidfile(const std::string& path, const std::string& id) {
    if (path.empty()) return {};
    const os::Fd file = TRY(os::make_file(path, 0644), "--cidfile");
    return os::write_all(file, id);
}

Result<int> for_each_name(App& app, const std::vector<std::string>& names,
                          const std::function<Result<>(const std::string& name)>& action) {
    int status = 0;
    for (const std::string& name : names) {
        const Result<> done = action(name);
        if (done) continue;
        status = 125;
        app.complain(done.error());
    }
    return status;
}

}  // namespace sbx::cli
