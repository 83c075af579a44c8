#include "quadlet/container.h"

#include <signal.h>

#include "base/text.h"
#include "os/signals.h"
#include "quadlet/keys.h"
#include "quadlet/references.h"
#include "quadlet/words.h"

namespace sbx::quadlet {

namespace {

constexpr std::string_view kSection = "Container";

constexpr Key kKeys[] = {
    {"AddCapability", Takes::words, "--cap-add"},
    {"AddDevice", Takes::words, "--device"},
    {"AddHost", Takes::values, "--add-host"},
    {"Annotation", Takes::words, "--annotation"},
    {"AutoUpdate", Takes::value, "--label", "io.containers.autoupdate="},
    {"CgroupsMode", Takes::value, "--cgroups"},
    {"ContainerName"},
    {"DNS", Takes::values, "--dns"},
    {"DNSOption", Takes::values, "--dns-option"},
    {"DNSSearch", Takes::values, "--dns-search"},
    {"DropCapability", Takes::words, "--cap-drop"},
    {"Entrypoint", Takes::value, "--entrypoint"},
    {"Environment", Takes::words, "--env"},
    {"EnvironmentFile"},
    {"Exec"},
    {"ExposeHostPort", Takes::values, "--expose"},
    {"GlobalArgs"},
    {"Group"},
    {"GroupAdd", Takes::values, "--group-add"},
    {"HealthCmd", Takes::value, "--health-cmd"},
    {"HealthInterval", Takes::value, "--health-interval"},
    {"HealthOnFailure"},
    {"HealthRetries", Takes::value, "--health-retries"},
    {"HealthStartPeriod", Takes::value, "--health-start-period"},
    {"HealthTimeout", Takes::value, "--health-timeout"},
    {"HostName", Takes::value, "--hostname"},
    {"IP", Takes::value, "--ip"},
    {"IP6", Takes::value, "--ip6"},
    {"Image"},
    {"Label", Takes::words, "--label"},
    {"LogDriver", Takes::value, "--log-driver"},
    {"LogOpt", Takes::values, "--log-opt"},
    {"Mask", Takes::value, "--security-opt", "mask="},
    {"Memory", Takes::value, "--memory"},
    {"Mount"},
    {"Network"},
    {"NetworkAlias", Takes::values, "--network-alias"},
    {"NoNewPrivileges", Takes::yes, "--security-opt=no-new-privileges"},
    {"Notify"},
    {"PidsLimit", Takes::value, "--pids-limit"},
    {"Pod"},
    {"PodmanArgs"},
    {"PublishPort", Takes::values, "--publish"},
    {"Pull", Takes::value, "--pull"},
    {"ReadOnly", Takes::toggle, "--read-only"},
    {"ReadOnlyTmpfs", Takes::toggle, "--read-only-tmpfs"},
    {"Retry", Takes::value, "--retry"},
    {"RetryDelay", Takes::value, "--retry-delay"},
    {"Rootfs"},
    {"RunInit", Takes::toggle, "--init"},
    {"SeccompProfile", Takes::value, "--security-opt", "seccomp="},
    {"Secret", Takes::words, "--secret"},
    {"SecurityLabelDisable", Takes::yes, "--security-opt=label=disable"},
    {"ServiceName"},
    {"ShmSize", Takes::value, "--shm-size"},
    {"StartWithPod"},
    {"StopSignal", Takes::value, "--stop-signal"},
    {"StopTimeout", Takes::value, "--stop-timeout"},
    {"Sysctl", Takes::words, "--sysctl"},
    {"Tmpfs", Takes::values, "--tmpfs"},
    {"Ulimit", Takes::values, "--ulimit"},
    {"Unmask", Takes::value, "--security-opt", "unmask="},
    {"User"},
    {"UserNS", Takes::value, "--userns"},
    {"Volume"},
    {"WorkingDir", Takes::value, "--workdir"},
};

using Words = std::vector<std::string>;

// Turns one .container into its command lines.
class Container {
public:
    Container(const Unit& unit, const Units& units, Service service)
        : unit_(unit), units_(units), service_(std::move(service)) {}

    Result<Service> run() {
        const Words image = TRY(image_words());
        append(TRY(words_of_all(unit_.file, kSection, "GlobalArgs")));
        append({"run", "--name", unit_.object(), "--replace", "--rm"});
        append(TRY(options_for(unit_.file, kSection, kKeys)));
        append(health_action());
        append(TRY(user_words()));
        append(TRY(network_words(unit_, units_, service_)));
        append(TRY(volume_words(unit_, units_, service_)));
        append(TRY(mount_words(unit_, units_, service_)));
        append(TRY(environment_files()));
        append(TRY(pod_words()));
        append(TRY(words_of_all(unit_.file, kSection, "PodmanArgs")));
        append(image);
        append(TRY(program_words()));
        TRY(finish());
        return std::move(service_);
    }

private:
    void append(const Words& more) { command_.insert(command_.end(), more.begin(), more.end()); }

    Result<Words> image_words() const {
        const auto image = unit_.last("Image");
        const auto rootfs = unit_.last("Rootfs");
        if (image && rootfs) return wrong(*rootfs, "Image= and Rootfs= exclude each other");
        if (rootfs) return Words{"--rootfs", rootfs->value};
        if (!image)
            return Error(Error::Kind::usage, "{}: neither Image= nor Rootfs= is in section '{}'",
                         unit_.file.path(), kSection);
        for (const char* kind : {".image", ".build"})
            if (image->value.ends_with(kind))
                return wrong(*image, fmt::format("units of the kind '{}' are unknown", kind));
        return Words{image->value};
    }

    // To start it again is systemd's part, by Restart=: a container of a service goes with its end.
    Words health_action() const {
        const auto action = unit_.file.last(kSection, "HealthOnFailure");
        if (!action) return {};
        return {"--health-on-failure", action->value == "restart" ? "kill" : action->value};
    }

    Result<Words> user_words() const {
        const auto user = unit_.last("User");
        const auto group = unit_.last("Group");
        if (group && !user) return wrong(*group, "Group= needs User=");
        if (!user) return Words{};
        return Words{"--user", user->value + (group ? ":" + group->value : "")};
    }

    Result<Words> environment_files() const {
        Words words;
        for (const std::string& path : TRY(words_of_all(unit_.file, kSection, "EnvironmentFile"))) {
            words.emplace_back("--env-file");
            words.push_back(beside(unit_, path));
        }
        return words;
    }

    Result<Words> pod_words() {
        const auto entry = unit_.last("Pod");
        if (!entry) return Words{};
        const Unit* pod = TRY(units_.find(Kind::pod, entry->value, *entry));
        if (!pod) return wrong(*entry, "the name of a .pod belongs there");
        service_.add("Unit", "BindsTo", pod->service());
        service_.add("Unit", "After", pod->service());
        return Words{"--pod", pod->object()};
    }

    Result<Words> program_words() const {
        const auto entry = unit_.last("Exec");
        return entry ? words_of(*entry) : Result<Words>(Words{});
    }

    // What the stop signal ends has not failed.
    Result<std::string> stopped_status() const {
        const auto entry = unit_.last("StopSignal");
        const int number =
            entry ? TRY(os::parse_signal(entry->value), "{}", entry->place) : SIGTERM;
        return std::to_string(128 + number);
    }

    Result<> finish() {
        if (const auto notify = unit_.last("Notify"); notify && TRY(truth_or_word(*notify)))
            return wrong(*notify, "a container does not tell systemd of itself");
        TRY(service_.set_type("exec"));
        service_.add_default("Service", "Restart", "no");
        service_.add_default("Service", "SuccessExitStatus", TRY(stopped_status()));
        service_.add_default("Service", "KillMode", "mixed");
        service_.add_command("ExecStart", command_);
        const std::string name = unit_.object();
        service_.add_command("ExecStop", {"stop", "--ignore", name});
        service_.add_command("ExecStopPost", {"rm", "--force", "--ignore", "--volumes", name}, "-");
        return {};
    }

    // "healthy" of Notify= is a yes of its own kind.
    static Result<bool> truth_or_word(const Entry& entry) {
        if (entry.value == "healthy") return true;
        return truth_of(entry);
    }

    const Unit& unit_;
    const Units& units_;
    Service service_;
    Words command_ = {};
};

}  // namespace

Result<bool> starts_with_pod(const Unit& unit) {
    const auto entry = unit.last("StartWithPod");
    return entry ? truth_of(*entry) : Result<bool>(true);
}

Result<Service> container_service(const Unit& unit, const Units& units, const Caller& caller) {
    TRY(check_keys(unit.file, kSection, kKeys));
    Container container(unit, units, TRY(Service::begin(unit, units, caller)));
    return container.run();
}

}  // namespace sbx::quadlet
