// Pods and the containers in them: what they do, and what is done with all of them together.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "container/end.h"
#include "container/options.h"
#include "container/status.h"
#include "store/pods.h"

namespace sbx::container {

struct ListedPod {
    store::Pod pod;
    std::vector<Listed> containers = {};  // in the order of their making, its infra among them

    const Listed* infra() const;                 // nothing where it has none
    std::vector<const Listed*> members() const;  // the others
};

Result<std::vector<ListedPod>> list_pods(const store::Store& store, const os::IdMap& ids);
Result<ListedPod> find_pod(const store::Store& store, const os::IdMap& ids,
                           const std::string& text);  // Kind::not_found

// "Created", "Running", "Degraded", "Paused", "Exited", "Stopped": as podman has them.
std::string_view state_of(const ListedPod& pod);

// All about it, as podman names it.
Result<Json> inspect_pod(const store::Store& store, const ListedPod& pod);

// What a container of the pod shares with the others. Kind::usage for options that contradict it.
Result<> enter_pod(const store::Pod& pod, Options& options);

using Warn = std::function<void(const std::string& text)>;

// The containers end first, all at once, then its infra. `patience` as for Ending::ask().
Result<> stop_pod(const store::Store& store, const ListedPod& pod,
                  std::optional<std::chrono::seconds> patience, const Warn& warn);

// For those that run. Kind::busy where none does.
Result<> signal_pod(const store::Store& store, const ListedPod& pod, int number);

// With all of its containers; those that run only by force: Kind::busy otherwise.
Result<> remove_pod(const store::Store& store, const store::Pod& pod, const os::IdMap& ids,
                    Force force);

// After the end of one of its containers is on record: its infra ends, too, if that was the last
// one that ran and the pod is to end then. Nothing fails because it cannot.
void leave_pod(const store::Store& store, const store::ContainerRecord& record);

}  // namespace sbx::container
