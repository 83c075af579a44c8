#include "container/commit_config.h"

#include <algorithm>

#include "base/text.h"
#include "container/environment.h"
#include "image/changes.h"
#include "os/signals.h"

namespace sbx::container {

static bool has(const std::vector<std::string>& list, const std::string& word) {
    return std::ranges::find(list, word) != list.end();
}

// The values of secrets are not among a container's variables before it starts.
static std::vector<std::string> env_of(const Blueprint& blueprint,
                                       const oci::ImageDefaults& defaults) {
    const std::string& hostname = blueprint.request.spec.hostname;
    std::vector<std::string> own =
        own_variables(hostname.empty() ? blueprint.record.id.substr(0, 12) : hostname);
    own.emplace_back(kOwnTerm);
    std::vector<std::string> env = blueprint.request.spec.process.env;
    std::erase_if(env, [&](const std::string& entry) {
        return has(own, entry) && !has(defaults.env, entry);
    });
    return env;
}

// With --userns keep-id and no --user it is the person's, of whom the image knows nothing.
static std::string user_of(const Blueprint& blueprint, const oci::ImageDefaults& defaults) {
    const std::string& user = blueprint.request.identity.user;
    const auto* keep = std::get_if<sandbox::KeepId>(&blueprint.request.user_namespace);
    const bool is_persons = keep && user == fmt::format("{}:{}", keep->uid, keep->gid);
    return is_persons ? defaults.user : user;
}

static std::string stop_signal_of(const Blueprint& blueprint, const oci::ImageDefaults& defaults) {
    const Blueprint otherwise;
    const int of_image = os::parse_signal(defaults.stop_signal).value_or(otherwise.stop_signal);
    if (blueprint.stop_signal == of_image) return defaults.stop_signal;
    return os::signal_name(blueprint.stop_signal);
}

static void add_volumes(const std::vector<std::string>& targets, oci::ImageDefaults& defaults) {
    for (const std::string& target : targets)
        if (!has(defaults.volumes, target)) defaults.volumes.push_back(target);
}

static void take_over(const Blueprint& blueprint, oci::ImageDefaults& defaults) {
    const oci::Process& process = blueprint.request.spec.process;
    const auto words = static_cast<std::ptrdiff_t>(blueprint.entrypoint_words);
    defaults.env = env_of(blueprint, defaults);
    defaults.user = user_of(blueprint, defaults);
    defaults.entrypoint.assign(process.args.begin(), process.args.begin() + words);
    defaults.cmd.assign(process.args.begin() + words, process.args.end());
    if (process.cwd != "/" || !defaults.working_dir.empty()) defaults.working_dir = process.cwd;
    defaults.labels = blueprint.record.labels;
    defaults.healthcheck.reset();
    // One that is never run by itself cannot be said in an image.
    const bool is_run = blueprint.health && blueprint.health->config.interval.count() > 0;
    if (is_run) defaults.healthcheck = blueprint.health->config;
    defaults.stop_signal = stop_signal_of(blueprint, defaults);
}

Result<oci::ImageConfig> commit_config(const Blueprint& blueprint, oci::ImageConfig parent,
                                       const CommitWords& words) {
    oci::ImageConfig config = std::move(parent);
    take_over(blueprint, config.defaults);
    if (words.include_volumes) add_volumes(blueprint.record.mount_points, config.defaults);
    TRY(image::apply_changes(words.changes, config.defaults));
    config.created = now();
    if (!words.author.empty()) config.author = words.author;
    if (words.squash) {
        config.history.clear();
        config.diff_ids.clear();
    }
    config.history.push_back({.created = config.created,
                              .created_by = join(blueprint.record.command, " "),
                              .author = words.author,
                              .comment = words.message});
    return config;
}

}  // namespace sbx::container
