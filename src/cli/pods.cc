#include "cli/pods.h"

#include <algorithm>

#include "base/text.h"
#include "cli/run_options.h"
#include "cli/start.h"
#include "container/life.h"
#include "os/file.h"
#include "sandbox/compile.h"
#include "store/events.h"

namespace sbx::cli {

void PodChoice::declare(Args& args, std::string_view all_help) {
    args.flag("-a,--all", all, all_help);
    args.flag("-l,--latest", latest, "The pod made last");
    args.optional_operands("POD", names, "Name or id", Complete::pods);
}

void PodChoice::declare_id_file(Args& args) {
    args.list("--pod-id-file", "FILE", id_files, "The pod whose id is in this file",
              Complete::files);
}

static Result<std::vector<container::ListedPod>> all_pods(App& app) {
    const store::Store* store = TRY(app.store());
    const os::IdMap ids = TRY(app.ids());
    return container::list_pods(*store, ids);
}

static Result<std::vector<std::string>> words_of(const PodChoice& choice) {
    constexpr std::size_t kLongestId = 4096;
    std::vector<std::string> words = choice.names;
    for (const std::string& path : choice.id_files) {
        const std::string text = TRY(os::read_input(path, kLongestId), "--pod-id-file");
        words.emplace_back(trim(text));
    }
    return words;
}

namespace {

struct Meant {
    std::string word;
    Result<container::ListedPod> pod;
};

}  // namespace

static Result<std::vector<Meant>> pods_described(App& app, const PodChoice& choice) {
    std::vector<container::ListedPod> pods = TRY(all_pods(app));
    if (choice.latest && pods.empty()) return Error(Error::Kind::not_found, "there are no pods");
    if (choice.latest) pods.resize(1);
    std::vector<Meant> meant;
    meant.reserve(pods.size());
    for (container::ListedPod& pod : pods)
        meant.push_back({.word = pod.pod.name, .pod = std::move(pod)});
    return meant;
}

static Result<std::vector<Meant>> pods_meant(App& app, const PodChoice& choice) {
    const bool named = !choice.names.empty() || !choice.id_files.empty();
    if (int{named} + int{choice.all} + int{choice.latest} != 1)
        return Error(
            Error::Kind::usage, "{}",
            named ? "names, --all and --latest exclude each other" : "name pods, or give --all");
    if (!named) return pods_described(app, choice);
    const store::Store* store = TRY(app.store());
    const os::IdMap ids = TRY(app.ids());
    std::vector<Meant> meant;
    for (const std::string& word : TRY(words_of(choice))) {
        Result<container::ListedPod> pod = container::find_pod(*store, ids, word);
        if (choice.ignore && pod.failed_as(Error::Kind::not_found)) continue;
        const bool again = pod && std::ranges::any_of(meant, [&](const Meant& other) {
                               return other.pod && other.pod->pod.id == pod->pod.id;
                           });
        if (again) continue;
        meant.push_back({.word = word, .pod = std::move(pod)});
    }
    return meant;
}

Result<int> for_each_pod(App& app, const PodChoice& choice, std::string_view verb,
                         const PodAction& action) {
    int status = 0;
    for (Meant& one : TRY(pods_meant(app, choice))) {
        Result<> done;
        if (one.pod) done = action(*one.pod);
        if (one.pod && done) {
            app.print(one.pod->pod.id);
            TRY(app.flush());
            continue;
        }
        Error error = one.pod ? std::move(done).error() : std::move(one.pod).error();
        app.complain(std::move(error).context(fmt::format("cannot {} pod '{}'", verb, one.word)));
        status = 125;
    }
    return status;
}

Result<container::ListedPod> find_one_pod(App& app, const std::string& name, bool latest) {
    if (name.empty() != latest)
        return Error(
            Error::Kind::usage, "{}",
            latest ? "a name and --latest exclude each other" : "name a pod, or give --latest");
    const store::Store* store = TRY(app.store());
    const os::IdMap ids = TRY(app.ids());
    if (!latest) return container::find_pod(*store, ids, name);
    std::vector<container::ListedPod> pods = TRY(all_pods(app));
    if (pods.empty()) return Error(Error::Kind::not_found, "there are no pods");
    return std::move(pods.front());
}

Result<container::NewPod> plan_pod(App& app, const container::PodOptions& options) {
    const store::Store* store = TRY(app.store());
    const sandbox::Host* host = TRY(app.host());
    container::NewPod planned = TRY(container::compose_pod(options, surroundings(), *store));
    if (!planned.infra) return planned;
    const sandbox::Plan plan = TRY(sandbox::compile(planned.infra->request, *host));
    for (const std::string& warning : planned.infra->warnings)
        app.warn(warning);
    for (const std::string& warning : plan.warnings)
        app.warn(warning);
    return planned;
}

Result<store::Pod> create_pod(App& app, container::NewPod planned) {
    const store::Store* store = TRY(app.store());
    const sandbox::Host* host = TRY(app.host());
    const store::Pods pods = TRY(store::Pods::open(*store));
    TRY(pods.create(planned.pod));
    if (!planned.infra) return std::move(planned.pod);
    Result<> created = container::Life(*store, *host, *std::move(planned.infra)).create();
    if (created) return std::move(planned.pod);
    const os::Lock lock = TRY(pods.lock(os::Share::exclusive));
    (void)pods.remove(planned.pod);  // the first failure is the one to report
    return std::move(created).error();
}

Result<> start_infra_of(App& app, const store::ContainerRecord& record) {
    if (record.pod.empty() || record.is_infra) return {};
    const store::Store* store = TRY(app.store());
    const sandbox::Host* host = TRY(app.host());
    const store::Pods pods = TRY(store::Pods::open(*store));
    const store::Pod pod = TRY(pods.find(record.pod));
    return container::start_infra(*store, *host, pod);
}

Result<> start_pod(App& app, const container::ListedPod& pod) {
    const store::Store* store = TRY(app.store());
    const sandbox::Host* host = TRY(app.host());
    TRY(container::start_infra(*store, *host, pod.pod));
    Result<> first;
    for (const container::Listed* one : pod.members()) {
        if (one->status.state == container::State::running) continue;
        Result<> started = start_container(app, one->record.id);
        if (!started && first)
            first =
                std::move(started).error().context(fmt::format("container '{}'", one->record.name));
    }
    if (first)
        store::note(*store, {.type = "pod",
                             .action = "start",
                             .id = pod.pod.id,
                             .attributes = {{"name", pod.pod.name}}});
    return first;
}

}  // namespace sbx::cli
