// The table of commands: what exists, in the order `sbx help` shows it.
#include <algorithm>
#include <iterator>
#include <vector>

#include "base/text.h"
#include "cli/attach.h"
#include "cli/command.h"
#include "cli/commit.h"
#include "cli/completion.h"
#include "cli/container_clone.h"
#include "cli/container_prune.h"
#include "cli/cp.h"
#include "cli/create.h"
#include "cli/diff.h"
#include "cli/doctor.h"
#include "cli/events.h"
#include "cli/exec.h"
#include "cli/exists.h"
#include "cli/export.h"
#include "cli/generate_systemd.h"
#include "cli/healthcheck_run.h"
#include "cli/help.h"
#include "cli/history.h"
#include "cli/image_prune.h"
#include "cli/images.h"
#include "cli/import.h"
#include "cli/info.h"
#include "cli/init.h"
#include "cli/inspect.h"
#include "cli/kill.h"
#include "cli/load.h"
#include "cli/logs.h"
#include "cli/network_connect.h"
#include "cli/network_create.h"
#include "cli/network_inspect.h"
#include "cli/network_ls.h"
#include "cli/network_prune.h"
#include "cli/network_reload.h"
#include "cli/network_rm.h"
#include "cli/oci_checkpoint.h"
#include "cli/oci_create.h"
#include "cli/oci_delete.h"
#include "cli/oci_events.h"
#include "cli/oci_exec.h"
#include "cli/oci_features.h"
#include "cli/oci_kill.h"
#include "cli/oci_list.h"
#include "cli/oci_pause.h"
#include "cli/oci_ps.h"
#include "cli/oci_restore.h"
#include "cli/oci_resume.h"
#include "cli/oci_run.h"
#include "cli/oci_spec.h"
#include "cli/oci_start.h"
#include "cli/oci_state.h"
#include "cli/oci_update.h"
#include "cli/pause.h"
#include "cli/pod_create.h"
#include "cli/pod_inspect.h"
#include "cli/pod_pause.h"
#include "cli/pod_ps.h"
#include "cli/pod_rm.h"
#include "cli/pod_start.h"
#include "cli/pod_stop.h"
#include "cli/port.h"
#include "cli/ps.h"
#include "cli/pull.h"
#include "cli/quadlet.h"
#include "cli/rename.h"
#include "cli/restart.h"
#include "cli/rm.h"
#include "cli/rmi.h"
#include "cli/run.h"
#include "cli/secret_create.h"
#include "cli/secret_inspect.h"
#include "cli/secret_ls.h"
#include "cli/secret_rm.h"
#include "cli/start.h"
#include "cli/stats.h"
#include "cli/stop.h"
#include "cli/system_df.h"
#include "cli/system_prune.h"
#include "cli/tag.h"
#include "cli/top.h"
#include "cli/untag.h"
#include "cli/update.h"
#include "cli/version.h"
#include "cli/volume_create.h"
#include "cli/volume_export.h"
#include "cli/volume_import.h"
#include "cli/volume_ls.h"
#include "cli/volume_prune.h"
#include "cli/volume_rm.h"
#include "cli/wait.h"

namespace sbx::cli {

// clang-format off
static constexpr CommandEntry kCommands[] = {
    {"Containers", "run",     "container run",    "Run a program in a new container", make_run},
    {"Containers", "create",  "container create", "Make a container, to be started later", make_create},
    {"Containers", "start",   "container start",  "Start a container", make_start},
    {"Containers", "init",    "container init",   "Make containers ready to start", make_init},
    {"Containers", "attach",  "container attach", "Stay with a container that runs", make_attach},
    {"Containers", "logs",    "container logs",   "Show what containers have written", make_logs},
    {"Containers", "exec",    "container exec",   "Run a further program in a container", make_exec},
    {"Containers", "ps",      "container ls,container list,container ps", "List containers", make_ps},
    {"Containers", "top",     "container top",    "List the processes of a container", make_top},
    {"Containers", "port",    "container port",   "List the published ports of containers", make_port},
    {"Containers", "stats",   "container stats",  "Show what containers use", make_stats},
    {"Containers", "events",  "system events",    "Show what happens to containers, images, volumes and networks", make_events},
    {"Containers", "wait",    "container wait",   "Wait for the end of containers", make_wait},
    {"Containers", "stop",    "container stop",   "Ask containers to end, and see to it", make_stop},
    {"Containers", "restart", "container restart", "Have containers end, and start them again", make_restart},
    {"Containers", "kill",    "container kill",   "Send a signal to containers", make_kill},
    {"Containers", "pause",   "container pause",  "Have containers stand still", make_pause},
    {"Containers", "unpause", "container unpause", "Have containers go on that are paused", make_unpause},
    {"Containers", "update",  "container update", "Change limits and other settings of containers", make_update},
    {"Containers", "rename",  "container rename", "Give a container another name", make_rename},
    {"Containers", "rm",      "container rm",     "Remove containers", make_rm},
    {"Containers", "cp",      "container cp",     "Copy files into a container, or out of it", make_cp},
    {"Containers", "diff",    "container diff",   "List what a container has changed of its image's files", make_diff},
    {"Containers", "export",  "container export", "Write the files of a container as a tar archive", make_export},
    {"Containers", "commit",  "container commit", "Make an image of a container", make_commit},
    {"Containers", "inspect", "container inspect", "Show all about containers or images", make_inspect},
    {"Containers", "container clone", "",         "Make a container like another one", make_container_clone},
    {"Containers", "container exists", "",        "Ask whether there is a container", make_container_exists},
    {"Containers", "healthcheck run", "",         "Check the health of a container now", make_healthcheck_run},
    {"Containers", "container prune", "",         "Remove containers that do not run", make_container_prune},
    {"Images",     "pull",    "image pull",       "Fetch images from a registry", make_pull},
    {"Images",     "load",    "image load",       "Take in the images of an archive", make_load},
    {"Images",     "import",  "image import",     "Make an image from a root file system", make_import},
    {"Images",     "images",  "image ls,image list", "List images", make_images},
    {"Images",     "history", "image history",    "Show how an image came about", make_history},
    {"Images",     "tag",     "image tag",        "Give an image further names", make_tag},
    {"Images",     "untag",   "image untag",      "Take names from an image", make_untag},
    {"Images",     "rmi",     "image rm,image remove", "Remove images", make_rmi},
    {"Images",     "image inspect", "",           "Show all about images", make_image_inspect},
    {"Images",     "image exists",  "",           "Ask whether there is an image", make_image_exists},
    {"Images",     "image prune",   "",           "Remove images that nothing needs", make_image_prune},
    {"Pods",       "pod create",  "",             "Make a pod: containers that share a network and more", make_pod_create},
    {"Pods",       "pod ps",      "pod ls,pod list", "List pods", make_pod_ps},
    {"Pods",       "pod inspect", "",             "Show all about pods", make_pod_inspect},
    {"Pods",       "pod start",   "",             "Start the containers of pods", make_pod_start},
    {"Pods",       "pod stop",    "",             "Ask the containers of pods to end, and see to it", make_pod_stop},
    {"Pods",       "pod restart", "",             "Have the containers of pods end, and start them again", make_pod_restart},
    {"Pods",       "pod kill",    "",             "Send a signal to the containers of pods", make_pod_kill},
    {"Pods",       "pod pause",   "",             "Have the containers of pods stand still", make_pod_pause},
    {"Pods",       "pod unpause", "",             "Have the containers of pods go on that are paused", make_pod_unpause},
    {"Pods",       "pod logs",    "",             "Show what the containers of a pod have written", make_pod_logs},
    {"Pods",       "pod top",     "",             "List the processes of a pod", make_pod_top},
    {"Pods",       "pod stats",   "",             "Show what the containers of pods use", make_pod_stats},
    {"Pods",       "pod rm",      "pod remove",   "Remove pods with all of their containers", make_pod_rm},
    {"Pods",       "pod prune",   "",             "Remove pods that have stopped", make_pod_prune},
    {"Pods",       "pod exists",  "",             "Tell whether there is a pod", make_pod_exists},
    {"Volumes",    "volume create", "",           "Make a volume", make_volume_create},
    {"Volumes",    "volume ls",     "volume list", "List volumes", make_volume_ls},
    {"Volumes",    "volume inspect", "",          "Show all about volumes", make_volume_inspect},
    {"Volumes",    "volume export", "",           "Write the files of a volume as a tar archive", make_volume_export},
    {"Volumes",    "volume import", "",           "Unpack a tar archive in a volume", make_volume_import},
    {"Volumes",    "volume rm",     "volume remove", "Remove volumes", make_volume_rm},
    {"Volumes",    "volume prune",  "",           "Remove volumes that no container has", make_volume_prune},
    {"Volumes",    "volume exists", "",           "Tell whether there is a volume", make_volume_exists},
    {"Networks",   "network create", "",          "Make a network that containers share", make_network_create},
    {"Networks",   "network ls",    "network list", "List networks", make_network_ls},
    {"Networks",   "network inspect", "",         "Show all about networks", make_network_inspect},
    {"Networks",   "network connect", "",         "Bring a container to a further network", make_network_connect},
    {"Networks",   "network disconnect", "",      "Take a container off a network", make_network_disconnect},
    {"Networks",   "network rm",    "network remove", "Remove networks", make_network_rm},
    {"Networks",   "network prune", "",           "Remove networks that no container is on", make_network_prune},
    {"Networks",   "network exists", "",          "Tell whether there is a network", make_network_exists},
    {"Networks",   "network reload", "",          "Have the networks of containers as they are", make_network_reload},
    {"Secrets",    "secret create", "",           "Keep a secret for containers", make_secret_create},
    {"Secrets",    "secret ls",     "secret list", "List secrets", make_secret_ls},
    {"Secrets",    "secret inspect", "",          "Show all about secrets", make_secret_inspect},
    {"Secrets",    "secret rm",     "secret remove", "Remove secrets", make_secret_rm},
    {"Secrets",    "secret exists", "",           "Tell whether there is a secret", make_secret_exists},
    {"System",     "system df", "",               "Show what takes the disk's space", make_system_df},
    {"System",     "system prune", "",            "Remove what nothing needs", make_system_prune},
    {"System",     "quadlet", "",                 "Make services of systemd from unit files of containers", make_quadlet},
    {"System",     "generate systemd", "",        "Print a unit that starts a container at login", make_generate_systemd},
    {"System",     "info",    "system info",      "Show what sbx has, and what this machine allows", make_info},
    {"System",     "doctor",  "",                 "Say what this machine lacks, and what mends it", make_doctor},
    {"System",     "completion", "",              "Print a script that completes sbx's commands", make_completion},
    {"",           "__complete", "",              "Answer such a script", make_complete},
    {"System",     "help",    "",                 "Explain sbx, or one of its commands", make_help},
    {"System",     "version", "",                 "Show the version", make_version},
    {kOciGroup,    "oci create", "",              "Make a container, to be started later", make_oci_create},
    {kOciGroup,    "oci start",  "",              "Run the program of a container that was made", make_oci_start},
    {kOciGroup,    "oci run",    "",              "Make a container, and run its program", make_oci_run},
    {kOciGroup,    "oci exec",   "",              "Run a further program in a container", make_oci_exec},
    {kOciGroup,    "oci state",  "",              "Print what a container does", make_oci_state},
    {kOciGroup,    "oci kill",   "",              "Send a signal to a container", make_oci_kill},
    {kOciGroup,    "oci delete", "",              "Remove a container", make_oci_delete},
    {kOciGroup,    "oci list",   "",              "List containers", make_oci_list},
    {kOciGroup,    "oci ps",     "",              "List the processes of a container", make_oci_ps},
    {kOciGroup,    "oci pause",  "",              "Have a container stand still", make_oci_pause},
    {kOciGroup,    "oci resume", "",              "Have a container go on that was paused", make_oci_resume},
    {kOciGroup,    "oci update", "",              "Give a container other limits", make_oci_update},
    {kOciGroup,    "oci events", "",              "Tell what a container uses, and what becomes of it", make_oci_events},
    {kOciGroup,    "oci spec",   "",              "Write a configuration to begin with", make_oci_spec},
    {kOciGroup,    "oci features", "",            "Print what configurations may ask for", make_oci_features},
    {kOciGroup,    "oci checkpoint", "",          "Say that there are no checkpoints", make_oci_checkpoint},
    {kOciGroup,    "oci restore", "",             "Say that there are no checkpoints", make_oci_restore},
};
// clang-format on

std::span<const CommandEntry> commands() { return kCommands; }

// By name: a command that is new is taken for one that starts programs until it is written here.
// clang-format off
static constexpr std::string_view kStartNothing[] = {
    "create", "init", "ps", "port", "top", "stats", "events", "wait", "stop", "kill", "pause", "unpause", "update", "rename", "rm",
    "attach", "logs", "cp", "diff", "export", "commit",
    "inspect", "container exists", "container prune",
    "network create", "network ls", "network inspect", "network disconnect", "network rm",
    "network prune", "network exists", "network reload",
    "pod create", "pod ps", "pod inspect", "pod stop", "pod kill", "pod pause", "pod unpause",
    "pod logs", "pod top", "pod stats", "pod rm", "pod prune", "pod exists",
    "oci start", "oci state", "oci kill", "oci delete", "oci list", "oci ps", "oci pause", "oci resume",
    "oci update", "oci events", "oci spec", "oci features", "oci checkpoint", "oci restore",
};
// clang-format on

bool starts_nothing(const CommandEntry& entry) {
    constexpr std::string_view kGroups[] = {"Images", "Volumes", "Secrets", "System", ""};
    if (std::ranges::find(kGroups, entry.group) != std::end(kGroups)) return true;
    return std::ranges::find(kStartNothing, entry.name) != std::end(kStartNothing);
}

bool works_unconfigured(const CommandEntry& entry) {
    constexpr std::string_view kNames[] = {"help", "version", "doctor", "completion"};
    return std::ranges::find(kNames, entry.name) != std::end(kNames);
}

// How many of `words` the name has, if they begin with it.
static std::size_t matching(std::string_view name, std::span<const std::string> words) {
    const auto parts = split(name, ' ');
    const bool fits =
        parts.size() <= words.size() && std::equal(parts.begin(), parts.end(), words.begin());
    return fits ? parts.size() : 0;
}

static std::size_t matching(const CommandEntry& entry, std::span<const std::string> words) {
    std::size_t best = matching(entry.name, words);
    if (entry.aliases.empty()) return best;
    for (const std::string_view alias : split(entry.aliases, ','))
        best = std::max(best, matching(alias, words));
    return best;
}

// The commands "GROUP NAME", without their group.
static std::vector<std::string> commands_in(std::string_view group) {
    std::vector<std::string> names;
    const auto add = [&](std::string_view name) {
        const auto parts = halves(name, ' ');
        if (parts && parts->before == group) names.emplace_back(parts->after);
    };
    for (const CommandEntry& entry : kCommands) {
        add(entry.name);
        for (const std::string_view alias : split(entry.aliases, ','))
            add(alias);
    }
    return names;
}

static constexpr std::string_view kLists = "`sbx help` lists the commands";
static constexpr std::string_view kCredentials = "`podman login`, `skopeo login` or --creds";

// Commands of docker and podman that sbx has not, and what does their work here.
struct Absent {
    std::string_view name;
    std::string_view hint = kLists;
};
// clang-format off
static constexpr Absent kAbsent[] = {
    {"login", kCredentials}, {"logout", kCredentials},
    {"build"}, {"compose"}, {"events"}, {"manifest"},
    {"push"}, {"save"}, {"search"},
};
// clang-format on

static Error unknown_command(std::span<const std::string> words) {
    if (const std::vector<std::string> own = commands_in(words.front()); !own.empty())
        return Error(Error::Kind::usage, "'{}' wants a command of its own{}", words.front(),
                     words.size() > 1 ? fmt::format("; '{}' is none", excerpt(words[1])) : "")
            .hint("they are " + join(own, ", "));
    for (const Absent& absent : kAbsent)
        if (absent.name == words.front())
            return Error(Error::Kind::usage, "there is no command '{}' in this version",
                         absent.name)
                .hint(std::string(absent.hint));
    std::vector<std::string_view> names;
    for (const CommandEntry& entry : kCommands)
        if (!entry.group.empty()) names.push_back(entry.name);
    Error error(Error::Kind::usage, "there is no command '{}'", excerpt(words.front()));
    const auto near = nearest(words.front(), names);
    return std::move(error).hint(near ? fmt::format("did you mean `sbx {}`?", *near)
                                      : "`sbx help` lists the commands");
}

Result<Found> find_command(std::span<const std::string> words) {
    Found found{.entry = nullptr, .words = 0};
    for (const CommandEntry& entry : kCommands)
        if (const std::size_t count = matching(entry, words); count > found.words)
            found = {.entry = &entry, .words = count};
    if (!found.entry) return unknown_command(words);
    return found;
}

}  // namespace sbx::cli
