// One life of a container, from its start to the record of how it ended.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "container/blueprint.h"
#include "container/memberships.h"
#include "container/wiring.h"
#include "network/published_ports.h"
#include "sandbox/cgroup.h"
#include "sandbox/host.h"
#include "sandbox/launch.h"
#include "store/containers.h"

namespace sbx::container {

class Life {
public:
    Life(const store::Store& store, const sandbox::Host& host, Blueprint blueprint)
        : store_(&store), host_(&host), blueprint_(std::move(blueprint)) {}

    const Blueprint& blueprint() const { return blueprint_; }
    const std::string& id() const { return blueprint_.record.id; }
    const store::Store& store() const { return *store_; }
    const sandbox::Host& host() const { return *host_; }

    // What start() will do, and what it warns about; no file is touched.
    Result<sandbox::Plan> plan() const;

    // It is made now and started later, by somebody else.
    void await_start() { blueprint_.record.awaits_start = true; }

    // A person sees what it writes, and is told of it beside that.
    void show() { is_watched_ = true; }

    // It is started again by its monitor, and not by a person.
    void count_restart() { ++blueprint_.record.restarts; }
    int restarts() const { return blueprint_.record.restarts; }

    // Takes what the container is by now, before another start: its limits, its networks and its
    // name may have been changed meanwhile. Under its lock.
    Result<> reload();

    // Nobody else changes the container's state until it runs, or this value ends.
    void hold(os::Lock lock) { lock_.emplace(std::move(lock)); }

    // Writes the container down: its record, its volumes. On failure nothing of it is left.
    Result<> create();

    // Starts its program. `meanwhile` runs while the kernel's and the id helpers' work is under
    // way; when it fails, so does the start.
    Result<sandbox::Running> start(const sandbox::Plan& plan,
                                   const std::function<Result<>()>& meanwhile);

    // The program ended, or (code 125 to 127) never ran: that is recorded or, with --rm, all of the
    // container is removed.
    Result<> end(int exit_code);
    Result<> end_failed(int exit_code, const std::string& why);

    // Once it has ended: what its rules have kept it from, as network::Stack::finish() has it.
    const std::string& refused() const { return refused_; }

    std::optional<std::chrono::steady_clock::time_point> deadline() const { return deadline_; }

private:
    Result<> write_down();
    Result<std::optional<os::Lock>> hold_networks() const;
    Result<const store::Containers*> containers();  // opened once
    Result<> write_files();
    Result<> begin_health();
    Result<> note_start(const sandbox::Running& running);
    Result<std::optional<sandbox::Network>> connect(const sandbox::Plan& plan);
    Result<> open_ports();
    Result<> serve_ports(const os::Process& init);
    Result<> make_cgroup(const sandbox::Plan& plan);
    void leave_cgroup();
    Result<> record_end(int exit_code, const std::string& why);
    void note_end(int exit_code) const;
    Result<> remove();

    const store::Store* store_;
    const sandbox::Host* host_;
    Blueprint blueprint_;
    std::optional<store::Containers> containers_ = {};
    std::optional<os::Lock> lock_ = {};
    std::optional<sandbox::Cgroup> cgroup_ = {};
    network::PublishedPorts ports_ = {};
    Wiring wiring_ = {};
    Memberships memberships_ = {};
    Instant started_ = {};
    bool is_watched_ = false;
    std::string refused_ = {};
    std::optional<std::chrono::steady_clock::time_point> deadline_ = {};
};

// What sbx returns for a failure: 125, or 126 and 127 for a program that could not be run.
int exit_code_of(const Error& error);

// Removes a container that does not run, with its anonymous volumes. It takes the volumes' lock:
// the caller holds none that comes after that.
Result<> remove_container(const store::Store& store, const store::ContainerRecord& record,
                          const os::IdMap& ids);

// Anonymous volumes of containers that have gone; what another one uses stays. It takes the same.
Result<> remove_left_volumes(const store::Store& store, const std::vector<std::string>& names,
                             const os::IdMap& ids);

}  // namespace sbx::container
