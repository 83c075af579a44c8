// Groups of containers that share namespaces, and are started and removed together.
//
// A container is written down under the pods' lock, shared, where it belongs to one; pods are made
// and removed under it, exclusive: so none goes that a container is just joining. It comes after
// the volumes' lock and before that of a container.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/containers.h"
#include "store/store.h"

namespace sbx::store {

struct Pod {
    // What becomes of the infra container when the last other one has ended.
    enum class Exit : std::uint8_t { goes_on, stops };

    std::string id;  // 64 hex digits
    std::string name;
    Instant created = {};
    std::map<std::string, std::string> labels = {};
    std::string hostname = {};             // empty where names are not shared
    std::vector<std::string> shared = {};  // "ipc", "net", "pid", "user", "uts"; by podman's words
    std::string infra = {};                // the id of the container that has these; empty: none
    Exit exit = Exit::goes_on;
    std::vector<std::string> volumes = {};  // for each of its containers, as `run -v` takes them
};

class Pods {
public:
    static Result<Pods> open(const Store& store);

    Result<os::Lock> lock(os::Share share) const;

    Result<> create(const Pod& pod) const;               // Kind::exists where the name is taken
    Result<Pod> find(const std::string& text) const;     // by name, id, or the beginning of an id
    Result<std::vector<Pod>> all() const;                // in the order of their making
    Result<std::vector<std::string>> all_names() const;  // without reading one
    Result<> remove(const Pod& pod) const;               // wants the lock, exclusive

    // Of a container that is being written down, to be kept until it is. Nothing where it is in no
    // pod; Kind::not_found where that has gone.
    static Result<std::optional<os::Lock>> lock_for(const Store& store,
                                                    const ContainerRecord& record);

private:
    Pods(const Store& store, os::Fd directory) : store_(&store), directory_(std::move(directory)) {}

    Result<Pod> read(const std::string& name) const;

    const Store* store_;
    os::Fd directory_;
};

}  // namespace sbx::store
